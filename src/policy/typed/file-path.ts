import { plainLetters } from './normal-form.ts';

/** An absolute path, resolved. */
export interface FilePath {
  /** Lower case; empty for a path of POSIX. */
  readonly drive: string;
  readonly segments: readonly string[];
  /** The same without what some systems overlook: case, look-alike letters, dots and blanks at the end. */
  readonly folded: readonly string[];
}

/** More than any system takes. */
const LONGEST = 32_768;
const LONGEST_SEGMENT = 1_024;
const DECODINGS = 8;
const ESCAPES = /(?:%[0-9a-f]{2})+/gi;
const CONTROL = /\p{Cc}/u;
/** `%u002e` of old servers, `%HOME%`, `${HOME}`, `$(…)`, `$'\x2e'`, back-ticks. */
const SUBSTITUTED = /%u[0-9a-f]{4}|%[a-z_][a-z0-9_()]*%|\$[{(']|`/i;
const ALTERNATIVES = /\{|[@!?+*]\(/;
/** Among alternatives, a dot that may become the second of `..`, as in `.{.,}` and `{.,}.`. */
const LOOSE_DOT = /[{},()|'"\\]\.(?:$|[\s\\/'"$@!+*?[{},()|])/;
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;
/** Files of Linux through which a path goes on somewhere else. */
const LINKS: ReadonlySet<string> = new Set(['root', 'cwd', 'exe', 'fd', 'map_files', 'task']);

/**
 * Every absolute path that a reader may take the text for: decoded or not, `\` taken for a separator or for a letter.
 * Undefined where it may be one that cannot be told, because it is relative, or stands for something else.
 */
export function readingsOf(text: string): readonly FilePath[] | undefined {
  const stages = stagesOf(text);
  if (stages === undefined) return undefined;
  const readings: FilePath[] = [];
  for (const stage of stages) {
    const paths = absolutePaths(stage);
    if (paths === undefined) return undefined;
    readings.push(...paths);
  }
  return readings;
}

/** The text, what it is after each decoding, and its last form with look-alike letters made plain. */
function stagesOf(text: string): readonly string[] | undefined {
  if (text.length > LONGEST || !text.isWellFormed()) return undefined;
  const stages = [text];
  let last = text;
  for (let count = 0; ; count++) {
    const next = decoded(last);
    if (next === undefined || count === DECODINGS) return undefined;
    if (next === last) break;
    stages.push(next);
    last = next;
  }
  const plain = plainLetters(last);
  if (plain === undefined || SUBSTITUTED.test(plain) || decoded(plain) !== plain) return undefined;
  return plain === last || plain === last.normalize('NFC') ? stages : [...stages, plain];
}

function decoded(text: string): string | undefined {
  try {
    return text.replace(ESCAPES, (escapes) => decodeURIComponent(escapes));
  } catch {
    return undefined;
  }
}

function absolutePaths(text: string): readonly FilePath[] | undefined {
  if (CONTROL.test(text) || mayClimb(text)) return undefined;
  const drive = /^([a-z]):[\\/]/i.exec(text)?.[1];
  if (drive !== undefined) {
    // Elsewhere than after the drive, : begins the name of a stream within a file.
    const segments = text.includes(':', 2) ? undefined : resolved(text.slice(3).split(/[\\/]/));
    return segments && [pathOf(drive.toLowerCase(), segments)];
  }
  // Two separators begin a path on another machine, or of a device; /C: is a drive to some.
  if (!/^\/(?![\\/]|[a-z]:)/i.test(text)) return undefined;
  const readings: FilePath[] = [];
  for (const separator of text.includes('\\') ? [/\//, /[\\/]/] : [/\//]) {
    const segments = resolved(text.split(separator));
    if (segments === undefined) return undefined;
    readings.push(pathOf('', segments));
  }
  return readings;
}

/** Whether a pattern may go up: {a,../../etc} stands for several paths, and ** for any number of segments, or none. */
function mayClimb(text: string): boolean {
  const hasAlternatives = ALTERNATIVES.test(text);
  if (text.includes('..')) return hasAlternatives || text.includes('**');
  return hasAlternatives && LOOSE_DOT.test(text);
}

function pathOf(drive: string, segments: readonly string[]): FilePath {
  return { drive, segments, folded: segments.map(folded) };
}

function folded(segment: string): string {
  const plain = segment.normalize('NFKC').replace(INVISIBLE, '');
  return withoutEnd(plain).toLowerCase().toUpperCase();
}

/** Windows drops dots and blanks at the end of a name. */
function withoutEnd(name: string): string {
  let end = name.length;
  while (end > 0 && (name[end - 1] === '.' || name[end - 1] === ' ')) end--;
  return name.slice(0, end);
}

/** Follows `.` and `..` by the text alone, as the links of a file system cannot be known. */
function resolved(written: readonly string[]): readonly string[] | undefined {
  const segments: string[] = [];
  let isSettled = true;
  for (const segment of written) {
    if (segment === '' || segment === '.') continue;
    if (segment === '..') {
      // What a variable stands for may be several segments long.
      if (!isSettled) return undefined;
      segments.pop();
      continue;
    }
    if (segment.length > LONGEST_SEGMENT || isLikeDots(segment)) return undefined;
    segments.push(segment);
    if (isVariable(segment)) isSettled = false;
    if (leadsElsewhere(segments)) return undefined;
  }
  return segments;
}

/**
 * `..` with invisible characters, dots and blanks that Windows drops, quotes that a shell drops, or a variable that may be
 * empty; or a pattern such as `.?` and `.*`, which matches `..` for some.
 */
function isLikeDots(segment: string): boolean {
  if (!/[.\s]/.test(segment)) return false;
  const bare = segment.replace(INVISIBLE, '').replace(/\$\w+|['"\\]/g, '');
  return /^[.\s]+$/.test(bare) || (bare.startsWith('.') && /[*?[{(]/.test(bare));
}

/** Whether a shell or a server may put something else in the place of a part of the segment. */
export function isVariable(segment: string): boolean {
  return /\$[A-Za-z_]/.test(segment);
}

function leadsElsewhere(segments: readonly string[]): boolean {
  const [first, second] = segments;
  if (first === 'dev') return second === 'fd' || second === 'stdin' || second === 'stdout' || second === 'stderr';
  return first === 'proc' && segments.length > 2 && LINKS.has(segments[segments.length - 1] ?? '');
}
