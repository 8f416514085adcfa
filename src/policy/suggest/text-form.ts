import { friendlyUp } from './friendly.ts';

/** What ids look like, the narrowest first; each takes any length. */
const FORMS: readonly { readonly set: string; readonly test: RegExp; readonly says: string }[] = [
  { set: '[0-9]', test: /^[0-9]+$/, says: 'digits' },
  { set: '[0-9a-f]', test: /^[0-9a-f]+$/, says: 'hexadecimal digits' },
  { set: '[0-9A-F]', test: /^[0-9A-F]+$/, says: 'hexadecimal digits' },
  { set: '[a-z0-9]', test: /^[a-z0-9]+$/, says: 'small letters and digits' },
  { set: '[A-Z0-9]', test: /^[A-Z0-9]+$/, says: 'capitals and digits' },
  { set: '[A-Za-z0-9]', test: /^[A-Za-z0-9]+$/, says: 'letters and digits' },
  { set: '[A-Za-z0-9_-]', test: /^[A-Za-z0-9_-]+$/, says: 'letters, digits, _ and -' },
];
const WORDS = { set: '[A-Za-z0-9_-]', test: /^[A-Za-z0-9_-]+$/, says: 'letters, digits, _ and -' };
const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const IS_UUID = new RegExp(`^${UUID}$`);
const DAY = '[0-9]{4}-[0-9]{2}-[0-9]{2}';
const IS_DAY = new RegExp(`^${DAY}$`);
/** Longer texts are no ids. Well below what a pattern may repeat. */
const LONGEST = 128;
/** As far as the last sign between words. */
const BEFORE_ID = /^[\s\S]*[^A-Za-z0-9]/;

export interface TextForm {
  /** An anchored pattern in RE2 syntax. */
  readonly pattern: string;
  readonly says: string;
  /** What it shows of the texts themselves. */
  readonly prefix: string;
}

/** The form that all of the texts share, if it is one of ids: with a digit in each, or, of `words`, any short word. */
export function formOf(texts: readonly string[], which: 'ids' | 'words'): TextForm | undefined {
  if (texts.length === 0) return undefined;
  if (texts.every((text) => IS_UUID.test(text))) return { pattern: `^${UUID}$`, says: 'UUIDs', prefix: '' };
  if (texts.every((text) => IS_DAY.test(text))) return { pattern: `^${DAY}$`, says: 'days', prefix: '' };
  const prefix = BEFORE_ID.exec(commonPrefix(texts))?.[0] ?? '';
  const rests = texts.map((text) => text.slice(prefix.length));
  if (rests.some((rest) => rest === '' || rest.length > LONGEST)) return undefined;
  const form = which === 'words' ? WORDS : FORMS.find(({ test }) => rests.every((rest) => test.test(rest)));
  if (form === undefined || !rests.every((rest) => form.test.test(rest))) return undefined;
  if (which === 'ids' && !rests.every((rest) => /[0-9]/.test(rest))) return undefined;
  const says = prefix === '' ? form.says : `${JSON.stringify(prefix)} and ${form.says}`;
  return { pattern: `^${escaped(prefix)}${form.set}${repeated(rests)}$`, says, prefix };
}

/** As long as those seen; where they differ, with room to grow. */
function repeated(rests: readonly string[]): string {
  let [least, most] = [LONGEST, 0];
  for (const { length } of rests) [least, most] = [Math.min(least, length), Math.max(most, length)];
  return least === most ? `{${least}}` : `{${least},${friendlyUp(most)}}`;
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

export function commonPrefix(texts: readonly string[]): string {
  const [first = '', ...others] = texts;
  let length = first.length;
  for (const text of others) {
    let at = 0;
    while (at < length && text[at] === first[at]) at += 1;
    length = at;
  }
  return first.slice(0, length).toWellFormed();
}
