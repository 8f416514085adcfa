import { oneOf, type Random } from '../fuzz/random.ts';
import { KEYS, NUMBERS, PROTOCOL_KEYS, SCALARS, STRINGS } from './odd.ts';
import { REAL } from './real-messages.ts';
import { type Member, object, raw, type Tree, textOf } from './tree.ts';

/** The text of one message: a real one, spoiled in a few places or not at all. */
export function anyMessage(random: Random): string {
  let tree = random.pick(REAL);
  if (random.isOneIn(2)) tree = withArguments(tree, random);
  for (let rest = random.below(3); rest > 0; rest--) tree = spoiled(tree, random);
  if (random.isOneIn(60)) tree = { kind: 'array', elements: [tree, random.pick(REAL)].slice(0, 1 + random.below(2)) };
  const blank = blanks(random);
  const text = textOf(tree, blank);
  return random.isOneIn(8) ? cut(text, random) : text;
}

/** What may stand in arguments may be anything: there the reader is tried, and not the table of keys. */
function withArguments(tree: Tree, random: Random): Tree {
  if (tree.kind !== 'object') return tree;
  const inner = tree.members.find(({ key }) => key === '"arguments"');
  const filled = object(Array.from({ length: random.below(4) }, () => anyMember(random)));
  return object(
    tree.members.map((member) => {
      if (inner !== undefined) return member === inner ? { ...member, value: filled } : member;
      return member.key === '"params"' ? { ...member, value: withArguments(member.value, random) } : member;
    }),
  );
}

function anyMember(random: Random): Member {
  const letters = 'abckmnsuACK019._-';
  const name = Array.from({ length: 1 + random.below(5) }, () => letters[random.below(letters.length)]).join('');
  return { key: random.isOneIn(4) ? random.pick(KEYS) : JSON.stringify(name), value: value(random) };
}

function blanks(random: Random): () => string {
  if (!random.isOneIn(4)) return () => '';
  const strange = random.isOneIn(4);
  return () => {
    if (!random.isOneIn(4)) return '';
    return strange
      ? random.pick([' ', '\u00a0', '\ufeff', '\u2028', '\v', '\f', '/**/', '\0', '\u0085'])
      : random.pick([' ', '\t', '\n', '\r', '\r\n', '  ']);
  };
}

/** One place of the tree, found by a random walk, is changed. */
function spoiled(tree: Tree, random: Random): Tree {
  if (tree.kind === 'raw') return changed(tree, random);
  if (tree.kind === 'array') {
    const at = random.below(tree.elements.length);
    const element = tree.elements[at];
    if (element === undefined || random.isOneIn(6))
      return { kind: 'array', elements: [...tree.elements, value(random)] };
    return { kind: 'array', elements: tree.elements.with(at, spoiled(element, random)) };
  }
  const at = random.below(tree.members.length);
  const member = tree.members[at];
  if (member === undefined) return object([newMember(random)]);
  if (!random.isOneIn(3)) return object(tree.members.with(at, { ...member, value: spoiled(member.value, random) }));
  return object(members(tree.members, at, member, random));
}

function members(all: readonly Member[], at: number, member: Member, random: Random): readonly Member[] {
  const other = { ...member, value: random.isOneIn(2) ? member.value : value(random) };
  const insert = (one: Member): readonly Member[] => all.toSpliced(random.below(all.length + 1), 0, one);
  switch (random.below(10)) {
    case 0:
      return insert(other);
    case 1:
      return insert({ ...other, key: escapedKey(member.key, random) });
    case 2:
    case 3:
      return insert({ ...other, key: disguised(member.key, random) });
    case 4:
      return all.with(at, { ...member, key: disguised(member.key, random) });
    case 5:
      return all.with(at, { ...member, key: escapedKey(member.key, random) });
    case 6:
      return all.toSpliced(at, 1);
    case 7:
      return [...all].reverse();
    default:
      return insert(newMember(random));
  }
}

function newMember(random: Random): Member {
  const known = JSON.stringify(random.pick(PROTOCOL_KEYS));
  const key = random.pick([known, disguised(known, random), random.pick(KEYS)]);
  return { key, value: value(random) };
}

/** The same key to a parser, other letters to whoever looks at the text. */
function escapedKey(key: string, random: Random): string {
  const at = 1 + random.below(key.length - 2);
  const unit = key.charCodeAt(at);
  if (key[at] === '\\' || key[at - 1] === '\\' || Number.isNaN(unit)) return key;
  const hex = unit.toString(16).padStart(4, '0');
  return `${key.slice(0, at)}\\u${random.isOneIn(2) ? hex : hex.toUpperCase()}${key.slice(at + 1)}`;
}

/** Another key to a strict parser, the same to some other. */
function disguised(key: string, random: Random): string {
  const inner = key.slice(1, -1);
  const at = random.below(inner.length + 1);
  const letter = inner[at] ?? '';
  const put = (text: string): string => `"${inner.slice(0, at)}${text}${inner.slice(at)}"`;
  const swap = (text: string): string => `"${inner.slice(0, at)}${text}${inner.slice(at + 1)}"`;
  switch (random.below(9)) {
    case 0:
      return `"${inner.toUpperCase()}"`;
    case 1:
      return swap(letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase());
    case 2:
      return swap(FOLDED[letter.toLowerCase()] ?? letter.toUpperCase());
    case 3:
      return `"${inner}${random.pick(['\\u0000', '\\u0000x', ' ', '\\t', '\\u200b', '\u00ad', '\\ufeff', '\u180e'])}"`;
    case 4:
      return put(random.pick(['\u200b', '\u2060', '\\u0000', '\\u0001', '_', '-', ' ', '\u0307', '\ufe0f']));
    case 5:
      return `"${inner.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`)}"`;
    case 6:
      return `"${inner.replace(/^_/, '')}"`;
    case 7:
      return swap(letter.replace(/[a-z]/i, (one) => String.fromCodePoint((one.codePointAt(0) ?? 0) + 0xfee0)));
    default:
      return `"${inner.slice(0, 1).toUpperCase()}${inner.slice(1)}"`;
  }
}

const FOLDED: Readonly<Record<string, string>> = {
  s: 'ſ',
  k: '\u212a',
  i: 'ı',
  a: 'ª',
  o: 'º',
  n: 'ⁿ',
  m: 'ｍ',
  e: 'ℯ',
};

function changed(tree: Extract<Tree, { kind: 'raw' }>, random: Random): Tree {
  if (tree.text.startsWith('"') && random.isOneIn(3)) return raw(escapedKey(tree.text, random));
  if (tree.text.startsWith('"') && random.isOneIn(5)) return raw(disguised(tree.text, random));
  return value(random);
}

function value(random: Random): Tree {
  switch (random.below(9)) {
    case 0:
      return deep(random);
    case 1:
      return raw(random.pick(SCALARS));
    case 2:
      return random.pick(REAL);
    case 3:
      return object(Array.from({ length: random.below(4) }, () => newMember(random)));
    case 4:
    case 5:
      return raw(random.pick(STRINGS));
    case 6:
      return raw(anyNumber(random));
    default:
      return raw(random.pick(NUMBERS));
  }
}

function anyNumber(random: Random): string {
  const digits = (most: number): string =>
    String(random.below(1e9))
      .repeat(3)
      .slice(0, 1 + random.below(most));
  const whole = digits(22).replace(/^0+(?=.)/, '');
  const fraction = random.isOneIn(2) ? `.${digits(22)}` : '';
  const power = random.isOneIn(2) ? `${random.pick(['e', 'E'])}${random.pick(['', '+', '-'])}${random.below(400)}` : '';
  return `${random.isOneIn(3) ? '-' : ''}${whole}${fraction}${power}`;
}

function deep(random: Random): Tree {
  const levels = random.pick([2, 50, 90, 97, 98, 99, 100, 101, 500, 5000]);
  const isArray = random.isOneIn(2);
  const open = isArray ? '[' : '{"a":';
  return raw(`${open.repeat(levels)}0${(isArray ? ']' : '}').repeat(levels)}`);
}

/** The text itself is damaged. */
function cut(text: string, random: Random): string {
  const at = random.below(text.length + 1);
  switch (random.below(7)) {
    case 0:
      return text.slice(0, at) + text.slice(at + 1);
    case 1:
      return (
        text.slice(0, at) +
        random.pick(['"', '{', '}', ',', ':', '\\', '\0', '\r', '\u2028', ' ', '1']) +
        text.slice(at)
      );
    case 2:
      return text.slice(0, at);
    case 3:
      return text + (oneOf(random, [text, '\n', '\r', ' ', '\0', '//', ',', '}']) ?? '');
    case 4:
      return `\ufeff${text}`;
    case 5:
      return text.slice(0, at) + text.slice(at, at + 1 + random.below(20)) + text.slice(at);
    default:
      return text.replace(/"/g, random.pick(["'", '“', '"']));
  }
}
