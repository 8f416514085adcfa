import { quoted } from '../policy/problem.ts';

/** Why a number cannot be read, and what to write instead. `text` as it stands in the file. */
export function numberFault(text: string): string {
  const shown = text.slice(0, 40);
  const bare = text.replace(/^[-+]/, '');
  if (/^\.inf$/i.test(bare)) {
    return `${shown} is no number here; where there is to be no bound leave the key out, or put ${quoted(text)} in quotes if the text is meant`;
  }
  if (/^\.nan$/i.test(bare)) return `${shown} is no number here; write one, or put it in quotes if the text is meant`;
  const value = Number(bare);
  if (value === Number.POSITIVE_INFINITY) {
    return text.startsWith('-')
      ? `the number ${shown} is smaller than any that can be read (-${Number.MAX_VALUE}); write a larger one`
      : `the number ${shown} is larger than any that can be read (${Number.MAX_VALUE}); write a smaller one`;
  }
  const sign = text.startsWith('-') ? '-' : '';
  const near = value === 0 ? '0' : `${sign}${value}`;
  return `the number ${shown} cannot be carried exactly: it would be read as ${near}; write fewer digits, or put it in quotes if a text is meant`;
}
