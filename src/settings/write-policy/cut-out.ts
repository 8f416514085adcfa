import type { Sheet } from './change-text.ts';
import type { Splice, Written, WrittenMember } from './written.ts';

type Span = Pick<Splice, 'from' | 'to'>;

/** Cuts members out of an object of which others stay: each with its comma or its line. Comments beside them stay. */
export function cutOut(
  text: string,
  syntax: Sheet['syntax'],
  node: Written,
  gone: readonly WrittenMember[],
): readonly Splice[] {
  const own = gone.map(({ start, value }) => ({ from: start, to: value.end }));
  const commas = node.style === 'flow' ? commasOf(text, syntax, node, new Set(gone)) : [];
  return merged(text, [...own, ...commas]).map((span) => ({ ...tidy(text, node, span), text: '' }));
}

/** The commas that go too. What is the last now has one behind it only if the last had one before. */
function commasOf(
  text: string,
  syntax: Sheet['syntax'],
  { members }: Written,
  gone: ReadonlySet<WrittenMember>,
): readonly Span[] {
  const behind = members.map((member) => ({ member, comma: commaBehind(text, syntax, member.value.end) }));
  const wasClosed = behind.at(-1)?.comma !== undefined;
  const last = behind.findLast(({ member }) => !gone.has(member));
  const going = behind.filter((one) => gone.has(one.member) || (one === last && !wasClosed));
  return going.flatMap(({ comma }) => (comma === undefined ? [] : [{ from: comma, to: comma + 1 }]));
}

function commaBehind(text: string, syntax: Sheet['syntax'], from: number): number | undefined {
  const pattern = syntax === 'json' ? /(?:\s+|\/\/[^\r\n]*|\/\*[\s\S]*?\*\/)*/y : /(?:\s+|#[^\r\n]*)*/y;
  const at = from + lengthAt(pattern, text, from);
  return text[at] === ',' ? at : undefined;
}

/** Spans with nothing but blanks between them are one. */
function merged(text: string, spans: readonly Span[]): readonly Span[] {
  const whole: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    const last = whole.at(-1);
    if (last === undefined || text.slice(last.to, span.from).trim() !== '') whole.push(span);
    else whole.splice(-1, 1, { from: last.from, to: span.to });
  }
  return whole;
}

/** A span with the blanks that would be left over, and with its line if nothing else stands there. */
function tidy(text: string, { style, members }: Written, { from, to }: Span): Span {
  const lineStart = text.lastIndexOf('\n', from - 1) + 1;
  const lead = text.slice(lineStart, from);
  const behind = to + lengthAt(/[ \t]*/y, text, to);
  const eol = lengthAt(/\r?\n/y, text, behind);
  const isLineEnd = eol > 0 || behind === text.length;
  if (lead.trim() === '') return isLineEnd ? { from: lineStart, to: behind + eol } : { from, to: behind };
  // A comma that goes leaves what stands behind it apart from what stands before it.
  if (text[from] === ',') return { from, to: /\s$/.test(lead) ? behind : to };
  const next = to + lengthAt(/\s*/y, text, to);
  if (style === 'block' && members.some(({ start }) => start === next)) return { from, to: next };
  const isApart = behind > to && /[#/}]/.test(text.charAt(behind));
  return isLineEnd || isApart ? { from: lineStart + lead.trimEnd().length, to } : { from, to: behind };
}

function lengthAt(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length ?? 0;
}
