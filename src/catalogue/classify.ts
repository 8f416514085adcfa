import type { JsonObject } from '../wire/json.ts';
import type { Classification } from './classification.ts';

/** Of the rules below: raised when another class, severity or signal can come out. */
export const CLASSIFIER = '0';

/** Tells from a tool's definition, as its server lists it, what a call of it can do. Never throws. */
export function classify(tool: JsonObject): Classification {
  return {
    class: 'unknown',
    severity: 'medium',
    reason: `Nothing is known of ${String(tool['name'])}.`,
    evidence: [],
    signals: [],
    by: 'classifier',
    version: CLASSIFIER,
  };
}
