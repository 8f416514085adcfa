import { FINDING_RULES, type Finding, type FindingRule } from './finding.ts';
import { plainText, quoteAround } from './plain-text.ts';
import type { PlacedText } from './texts-of.ts';

/** Nothing below is looked for in a text of these alone. */
const PLAIN = /^[\x20-\x7e\n\r\t]*$/;
const TAGS = /[\u{e0000}-\u{e007f}]+/u;
/** The flags of England, Scotland and Wales are written with tags. */
const FLAGS =
  /\u{1f3f4}\u{e0067}\u{e0062}(?:\u{e0065}\u{e006e}\u{e0067}|\u{e0073}\u{e0063}\u{e0074}|\u{e0077}\u{e006c}\u{e0073})\u{e007f}/gu;
const SELECTORS = /[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]{2,}/u;
/** A variant of an ideograph is chosen by one of these. */
const LONE_SELECTOR = /(?<!\p{Script=Han})[\u{e0100}-\u{e01ef}]/u;
const BIDI = /[\u202a-\u202e\u2066-\u2069]/;
/** ESC, and the one character that stands for `ESC [`. */
const ESCAPES = ['\u001b', '\u009b'];
const CONTROL = /(?![\n\r\t])\p{Cc}/u;
const INVISIBLE =
  /\u034f|\u17b4|\u17b5|[\u180b-\u180d]|[\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028\u2029\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]/gu;
/** Scripts that are written with joiners, and those that run from the right. */
const JOINING =
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Mongolian}\p{Script=Syriac}\p{Script=Thai}\p{Script=Myanmar}\p{Extended_Pictographic}\p{Emoji_Modifier}]|\ufe0f/u;

/** Characters that are read by a model, or obeyed by a terminal, and seen by nobody. */
export function hiddenCharacters(placed: PlacedText): readonly Finding[] {
  if (PLAIN.test(placed.text)) return [];
  const text = placed.text.replace(FLAGS, '');
  const isName = placed.place === '/name';
  return [
    ...tags(placed, text),
    ...selectors(placed, text),
    ...at(placed, 'bidi-control', text, text.search(BIDI), 'holds'),
    ...at(placed, 'escape-sequence', text, escapeIn(text), 'holds'),
    ...at(placed, 'control-characters', text, withoutEscapes(text).search(CONTROL), 'tells'),
    ...at(placed, 'invisible-characters', text, invisibleIn(text), isName ? 'holds' : 'tells'),
  ];
}

function at(
  { place }: PlacedText,
  rule: FindingRule,
  text: string,
  index: number,
  weight: Finding['weight'],
): readonly Finding[] {
  if (index < 0) return [];
  return [{ rule, place, quote: quoteAround(text, index, index + 1), says: FINDING_RULES[rule], weight }];
}

function tags({ place }: PlacedText, text: string): readonly Finding[] {
  const found = TAGS.exec(text)?.[0];
  if (found === undefined) return [];
  const spelt = [...found].map((tag) => String.fromCodePoint((tag.codePointAt(0) ?? 0) & 0x7f)).join('');
  const says = `${FINDING_RULES['tag-characters']} They spell: “${plainText(spelt)}”`;
  return [{ rule: 'tag-characters', place, quote: plainText(spelt), says, weight: 'holds' }];
}

function selectors({ place }: PlacedText, text: string): readonly Finding[] {
  const found = SELECTORS.exec(text)?.[0] ?? LONE_SELECTOR.exec(text)?.[0];
  if (found === undefined) return [];
  const bytes = [...found].map(byteOf);
  const spelt = plainText(bytes.map((byte) => String.fromCharCode(byte)).join(''));
  const says = `${FINDING_RULES['variation-selectors']} Here: ${bytes.length} bytes, “${spelt}”`;
  return [{ rule: 'variation-selectors', place, quote: spelt, says, weight: 'holds' }];
}

/** As such bytes are hidden: the first sixteen, then the others. */
function byteOf(selector: string): number {
  const code = selector.codePointAt(0) ?? 0;
  return code < 0xe0100 ? code - 0xfe00 : code - 0xe0100 + 16;
}

/** Each as long as it was, so that places stay. */
function withoutEscapes(text: string): string {
  return ESCAPES.reduce((kept, one) => kept.replaceAll(one, ' '), text);
}

function escapeIn(text: string): number {
  return Math.max(...ESCAPES.map((one) => text.indexOf(one)));
}

/** The first that does no work of its own: emoji and many scripts are written with joiners and marks. */
function invisibleIn(text: string): number {
  for (const { index } of text.matchAll(INVISIBLE)) {
    const around = `${text.slice(Math.max(0, index - 2), index)} ${text.slice(index + 1, index + 3)}`;
    if (!JOINING.test(around)) return index;
  }
  return -1;
}
