import { partsOf } from './is-match.ts';
import { soughtIn } from './record-words.ts';

const MOST_CHARACTERS = 500;
/** With the pairs of those that are joined. */
const MOST_WORDS = 80;

/** Why nothing is looked for by this text, as what follows its name; undefined if it is well. */
export function whyNoText(text: string): string | undefined {
  if (text.length > MOST_CHARACTERS) return `is longer than ${MOST_CHARACTERS} characters`;
  const words = partsOf(text).flatMap((part) => soughtIn(part));
  if (words.length === 0) return 'holds neither a letter nor a digit';
  return words.length > MOST_WORDS ? `holds too many words` : undefined;
}
