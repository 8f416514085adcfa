import { inPlainSight } from '../../wire/plain-sight.ts';
import { type Html, html } from './html.ts';

/** In a text in plain sight: the end of a line, a run of unseen characters, or any other escape. */
const ESCAPED = /\\u\{a\}|(?:\\u\{[0-9a-f]+\}|\\u[0-9a-f]{4}|\\[bf])+|\\./g;
const STRING = /"[^"\\]*(?:\\.[^"\\]*)*"/g;
/** Hebrew, Arabic and their neighbours. */
const FROM_RIGHT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
/** Beyond so many, they are written without being marked: the page must stay small enough for a phone. */
const MOST_MARKS = 20_000;

/** A text in plain sight, its escapes marked. The end of a line within a string is shown as one, though nothing is added to the text. */
export function sighted(text: string): Html {
  const pieces: Html[] = [];
  let [from, marks] = [0, 0];
  for (const match of text.matchAll(ESCAPED)) {
    const [found] = match;
    if (found === '\\\\' || found === '\\"' || found === '\\/') continue;
    if (marks++ === MOST_MARKS) break;
    pieces.push(html`${text.slice(from, match.index)}`, marked(found));
    from = match.index + found.length;
  }
  return html`${pieces}${text.slice(from)}`;
}

/** JSON in plain sight. What is written from right to left stays within its string, so that a key and its value do not change places. */
export function sightedJson(text: string): Html {
  if (!FROM_RIGHT.test(text)) return sighted(text);
  const pieces: Html[] = [];
  let from = 0;
  for (const match of text.matchAll(STRING)) {
    const [string] = match;
    if (!FROM_RIGHT.test(string)) continue;
    pieces.push(sighted(text.slice(from, match.index)), html`<bdi>${sighted(string)}</bdi>`);
    from = match.index + string.length;
  }
  return html`${pieces}${sighted(text.slice(from))}`;
}

/** A stranger's text that is not in plain sight yet, on one line. */
export function stranger(text: string): Html {
  return html`<bdi>${sighted(inPlainSight(text))}</bdi>`;
}

/** How many characters of a text in plain sight nobody would have seen: those that are ends of lines and tabs not counted. */
export function unseenIn(text: string): number {
  let count = 0;
  for (const [found] of text.matchAll(/\\\\|\\u\{[0-9a-f]+\}|\\u[0-9a-f]{4}|\\[bf]/g)) if (found !== '\\\\') count++;
  return count;
}

/** JSON in plain sight as JSON that can be read again: the same text, if it is not changed. */
export function readableAgain(text: string): string {
  const known = new Map<string, string>();
  const read = (hex: string): string => {
    const before = known.get(hex);
    if (before !== undefined) return before;
    const written = units(String.fromCodePoint(Number.parseInt(hex, 16)));
    known.set(hex, written);
    return written;
  };
  return text.replace(/(?:\\\\)+|(?:\\u\{[0-9a-f]+\})+/g, (found) =>
    found.startsWith('\\u') ? found.slice('\\u{'.length, -1).split('}\\u{').map(read).join('') : found,
  );
}

function units(character: string): string {
  return Array.from({ length: character.length }, (_, at) => character.charCodeAt(at))
    .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
    .join('');
}

function marked(found: string): Html {
  if (found === '\\n' || found === '\\u{a}')
    return html`<span class="eol end">${found === '\\n' ? found : '\u21b5'}</span>`;
  return found === '\\t' || found === '\\r' ? html`<span class="eol">${found}</span>` : html`<mark>${found}</mark>`;
}
