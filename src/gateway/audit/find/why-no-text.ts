import { partsOf } from './is-match.ts';
import { soughtIn } from './record-words.ts';

const MOST_CHARACTERS = 500;
const MOST_WORDS = 50;

/** Why nothing is looked for by this text, as what follows its name; undefined if it is well. */
export function whyNoText(text: string): string | undefined {
  if (text.length > MOST_CHARACTERS) return `is longer than ${MOST_CHARACTERS} characters`;
  const words = partsOf(text).flatMap(soughtIn);
  if (words.length === 0) return 'holds neither a letter nor a digit';
  return words.length > MOST_WORDS ? `holds more than ${MOST_WORDS} words` : undefined;
}
