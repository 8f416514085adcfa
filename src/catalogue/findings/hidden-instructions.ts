import { FINDING_RULES, type Finding, type FindingRule } from './finding.ts';
import { quoteAround } from './plain-text.ts';
import { findSequence } from './sequence.ts';
import { foldedText } from './skeleton.ts';
import type { PlacedText } from './texts-of.ts';
import { WORDINGS } from './wordings.ts';

const PARAMETER =
  /^(?:side_?notes?|(?:conversation|chat|message|dialog(?:ue)?)_?(?:history|context|log|transcript)|previous_?messages|tool_?call_?history|full_?(?:context|conversation)|conversation_?summary|model_?context|scratch_?pad|chain_?of_?thought)$/i;

const HTML_COMMENT = /<!--/;
const IMAGE =
  /!\[[^\]\n]{0,200}\]\([ ]{0,4}https?:[^\s)?&]{1,400}[?&][^\s)]{1,400}|<img\b[^>\n]{0,200}\bsrc\s{0,2}=\s{0,2}["']?https?:[^\s"'>?&]{1,400}[?&]/i;
/** Blanks within a line, and lines without a word, after which nobody looks for more. */
const FAR_BLANKS = 60;
const FAR_LINES = 12;
const ENCODED = /[A-Za-z0-9+/_-]{96,}={0,2}/g;

/** What a text tells a model that it does not tell people: each rule once, where it is first met. */
export function hiddenInstructions({ place, text, kind }: PlacedText): readonly Finding[] {
  if (kind === 'name of a parameter')
    return PARAMETER.test(text) ? [found('asks-for-conversation', place, text, 0, text.length)] : [];
  // What is shorter says nothing.
  if (text.length < 8) return [];
  const folded = foldedText(text);
  const findings = new Map<FindingRule, Finding>();
  const note = (rule: FindingRule, where: string, at: Span | undefined): void => {
    if (at !== undefined && !findings.has(rule)) findings.set(rule, found(rule, place, where, at.from, at.to));
  };
  for (const [rule, sequence] of WORDINGS) if (!findings.has(rule)) note(rule, folded, findSequence(folded, sequence));
  note('html-comment', text, spanOf(HTML_COMMENT.exec(text)));
  note('image-with-parameters', text, spanOf(IMAGE.exec(text)));
  note('pushed-out-of-sight', text, farIn(text));
  note('encoded-text', text, encodedIn(text));
  return [...findings.values()];
}

interface Span {
  readonly from: number;
  readonly to: number;
}

function spanOf(match: RegExpExecArray | null): Span | undefined {
  return match === null ? undefined : { from: match.index, to: match.index + match[0].length };
}

/** What is encoded mixes cases and digits; words and paths do not. */
function encodedIn(text: string): Span | undefined {
  for (const { 0: run, index } of text.matchAll(ENCODED)) {
    const changes = run.match(/[a-z][A-Z]|[A-Za-z][0-9]/g)?.length ?? 0;
    if (changes >= run.length / 12) return { from: index, to: index + run.length };
  }
  return undefined;
}

/** The text after the first gap that is too wide. */
function farIn(text: string): Span | undefined {
  for (const { 0: gap, index } of text.matchAll(/\s+/g)) {
    const to = index + gap.length;
    if (gap.length < FAR_LINES || to === text.length) continue;
    const lines = gap.split('\n');
    const isWide = lines.some((line) => line.length >= FAR_BLANKS && line === lines.at(-1));
    if (isWide || lines.length > FAR_LINES) return { from: to, to };
  }
  return undefined;
}

function found(rule: FindingRule, place: string, text: string, from: number, to: number): Finding {
  return { rule, place, quote: quoteAround(text, from, to), says: FINDING_RULES[rule], weight: 'tells' };
}
