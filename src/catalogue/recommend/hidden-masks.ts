import { type JsonObject, objectOf } from '../../wire/json.ts';

/** What stands where a hidden tool was named; a value, where it stood in JSON. */
const MASK = '(hidden)';

/**
 * Masks for what a tool says of hidden tools. `listing`: how its answer tells of one tool, `NAMES` standing for the names. What is told of a hidden
 * tool goes as a whole first, then its name wherever else it stands.
 */
export function hiddenMasks(listing: string, hidden: readonly string[]): readonly JsonObject[] {
  const names = hidden
    .map((name) => name.replace(/[^A-Za-z0-9_]/g, (one) => `\\x{${(one.codePointAt(0) ?? 0).toString(16)}}`))
    .join('|');
  return [
    objectOf([
      ['regex', listing.replace('NAMES', () => names)],
      ['replace', `"${MASK}"`],
    ]),
    objectOf([
      // Python's servers title a schema after its tool.
      ['regex', `\\b(?:${names})(?:Arguments)?\\b`],
      ['replace', MASK],
    ]),
  ];
}
