import { FORMS } from './forms.ts';

/** Every token of the table stands in such a run. Ordinary words are shorter, so most of a text is passed over. */
const RUN = /(?<![A-Za-z0-9_.~+/=-])[A-Za-z0-9_.~+/=-]{20,}/g;
const BY_START = new Map(
  FORMS.flatMap(({ starts, rest, stands }) =>
    starts.map((start) => [start, { pattern: new RegExp(rest, 'y'), stands }] as const),
  ),
);
/** The longer first: `sk-proj-` before `sk-`. */
const STARTS = new RegExp(
  [...BY_START.keys()]
    .sort((a, b) => b.length - a.length)
    .map((start) => start.replaceAll('.', '\\.'))
    .join('|'),
  'g',
);

/**
 * A text with the tokens in it masked.
 * INVARIANT: takes time linear in the text. An `anywhere` form is one run of characters, so a failure has looked at no more
 * than its least length; an `alone` form is tried once for each word.
 */
export function maskForms(text: string, mask: string): string {
  return text.replace(RUN, (run: string, at: number) => maskRun(run, mask, text, at));
}

function maskRun(run: string, mask: string, text: string, at: number): string {
  let kept = '';
  let done = 0;
  for (const { 0: start, index } of run.matchAll(STARTS)) {
    const form = BY_START.get(start);
    if (index < done || form === undefined) continue;
    if (form.stands === 'alone' && !standsAlone(run, index, text, at)) continue;
    form.pattern.lastIndex = index + start.length;
    if (!form.pattern.test(run)) continue;
    kept += run.slice(done, index) + mask;
    done = form.pattern.lastIndex;
  }
  return done === 0 ? run : kept + run.slice(done);
}

/** At the beginning of a word, or behind an escape whose letters look like part of it: `\n`, `%3D`, `\u003d`. */
function standsAlone(run: string, index: number, text: string, at: number): boolean {
  if (index === 0 || !/[A-Za-z0-9_-]/.test(run.charAt(index - 1))) return true;
  if (index > 5) return false;
  const before = text.slice(Math.max(0, at + index - 6), at + index);
  return /(?:\\[bfnrt]|%[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4})$/.test(before);
}
