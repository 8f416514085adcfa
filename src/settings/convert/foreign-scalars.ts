import { parseDocument, visit } from 'yaml';
import { lineStarts, type Position, positionIn } from '../place.ts';

/** Where an unquoted value stands that means one thing here and another to Intercept. */
export interface ForeignScalar extends Position {
  readonly text: string;
}

/** Written the same way in both: decimal whole numbers without leading zeros, and decimal fractions. */
const SHARED = /^[-+]?(?:0|[1-9]\d*|(?:\d+\.\d*|\.\d+)(?:e[-+]?\d+)?|\d+e[-+]?\d+)$/i;
/** What the YAML reader of Intercept (go-yaml 3) also takes for numbers: `0777` and `0b11` and `1_000`. */
const NUMBER = /^[-+]?(?:0x[\da-f_]+|0o[0-7_]+|0b[01_]+|\d[\d_]*\.?[\d_]*(?:e[-+]?[\d_]+)?)$/i;
/** And for times. */
const TIME = /^\d{4}-\d\d?-\d\d?(?:$|[Tt\s])/;

/** Finds the unquoted values of a YAML text that the two read differently. */
export function foreignScalars(text: string): readonly ForeignScalar[] {
  const found: ForeignScalar[] = [];
  const starts = lineStarts(text);
  visit(parseDocument(text, { version: '1.2', schema: 'core', merge: false, uniqueKeys: false, prettyErrors: false }), {
    Scalar(key, node) {
      const { source = '', type, range } = node;
      if (key === 'key' || type !== 'PLAIN' || SHARED.test(source)) return;
      if (!NUMBER.test(source) && !TIME.test(source)) return;
      found.push({ text: source, ...positionIn(starts, range?.[0] ?? 0) });
    },
  });
  return found;
}
