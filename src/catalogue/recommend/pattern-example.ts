/** How many characters an example may have; longer ones show nothing. */
const MOST = 300;

interface Cursor {
  readonly pattern: string;
  at: number;
}

/** A text that a pattern most likely finds; undefined for one with what is not understood here. Whoever uses it tries it. */
export function textLike(pattern: string): string | undefined {
  if (pattern.length > MOST) return undefined;
  const cursor: Cursor = { pattern, at: 0 };
  const text = alternative(cursor);
  return text === undefined || cursor.at < pattern.length || text.length > MOST ? undefined : text;
}

/** The first of alternatives; the others are only read over. */
function alternative(cursor: Cursor): string | undefined {
  let first: string | undefined;
  for (;;) {
    const text = sequence(cursor);
    if (text === undefined) return undefined;
    first ??= text;
    if (cursor.pattern[cursor.at] !== '|') return first;
    cursor.at++;
  }
}

function sequence(cursor: Cursor): string | undefined {
  const { pattern } = cursor;
  let text = '';
  while (cursor.at < pattern.length && pattern[cursor.at] !== '|' && pattern[cursor.at] !== ')') {
    const atom = atomText(cursor);
    const times = atom === undefined ? undefined : repetition(cursor);
    if (atom === undefined || times === undefined || text.length > MOST) return undefined;
    text += atom.repeat(times);
  }
  return text;
}

function atomText(cursor: Cursor): string | undefined {
  const { pattern } = cursor;
  const c = pattern[cursor.at] ?? '';
  cursor.at++;
  if (c === '^' || c === '$') return '';
  if (c === '.') return 'a';
  if (c === '(') return group(cursor);
  if (c === '[') return fromClass(cursor);
  if (c === '\\') return escapedText(cursor);
  return '*+?{'.includes(c) ? undefined : c;
}

function group(cursor: Cursor): string | undefined {
  const { pattern } = cursor;
  const opening = /^\?(?::|<[A-Za-z_]\w*>)/.exec(pattern.slice(cursor.at, cursor.at + 60));
  if (opening === null && pattern[cursor.at] === '?') return undefined;
  cursor.at += opening?.[0].length ?? 0;
  const text = alternative(cursor);
  if (text === undefined || pattern[cursor.at] !== ')') return undefined;
  cursor.at++;
  return text;
}

const CLASSES: Readonly<Record<string, string>> = {
  d: '1',
  w: 'a',
  s: ' ',
  D: 'a',
  W: '-',
  S: 'a',
  b: '',
  n: '\n',
  t: '\t',
};

function escapedText(cursor: Cursor): string | undefined {
  const letter = cursor.pattern[cursor.at] ?? '';
  cursor.at++;
  if (Object.hasOwn(CLASSES, letter)) return CLASSES[letter];
  return /[A-Za-z0-9]/.test(letter) || letter === '' ? undefined : letter;
}

/** Letters that stand in most sets, the likeliest first; else the first member. */
function fromClass(cursor: Cursor): string | undefined {
  const { pattern } = cursor;
  const end = classEnd(pattern, cursor.at);
  if (end === undefined) return undefined;
  const inner = pattern.slice(cursor.at, end);
  cursor.at = end + 1;
  const isMember = memberTest(inner);
  const own = [...inner.replace(/^\^/, '')].filter((c) => c !== '\\' && c !== '-');
  return [...'a1A_-. :/', ...own].find((c) => isMember?.(c));
}

function classEnd(pattern: string, from: number): number | undefined {
  for (let at = from; at < pattern.length; at++) {
    if (pattern[at] === '\\') at++;
    else if (pattern[at] === ']' && at > from) return at;
  }
  return undefined;
}

/** The set itself, as it is: its pieces are few and its texts are one character long. */
function memberTest(inner: string): ((c: string) => boolean) | undefined {
  try {
    const set = new RegExp(`^[${inner}]$`, 'u');
    return (c) => set.test(c);
  } catch {
    return undefined;
  }
}

/** How often the atom before it stands: as seldom as may be, but once where that is allowed. */
function repetition(cursor: Cursor): number | undefined {
  const rest = cursor.pattern.slice(cursor.at, cursor.at + 20);
  const found = /^(?:[*+?]|\{(\d+)(,(\d*))?\})\??/.exec(rest);
  if (found === null) return 1;
  cursor.at += found[0].length;
  if (found[1] === undefined) return 1;
  const least = Number(found[1]);
  if (least > MOST) return undefined;
  const most = found[2] === undefined ? least : found[3] === '' ? MOST : Number(found[3]);
  return Math.max(least, Math.min(1, most));
}
