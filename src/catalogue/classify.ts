import type { JsonObject } from '../wire/json.ts';
import type { Classification } from './classification.ts';
import { readTool } from './classify/read-tool.ts';
import { severityOf } from './classify/severity.ts';
import { signalsOf } from './classify/signals.ts';
import { verdictOf } from './classify/verdict.ts';

/** Of the rules below: raised when another class, severity or signal can come out. */
export const CLASSIFIER = '1';

/** Tells from a tool's definition, as its server lists it, what a call of it can do. Never throws. */
export function classify(tool: JsonObject): Classification {
  const read = readTool(tool);
  const verdict = verdictOf(read);
  const signals = signalsOf(read, verdict);
  return Object.freeze({
    class: verdict.class,
    severity: severityOf(read, verdict, signals),
    reason: verdict.reason,
    evidence: Object.freeze(verdict.evidence),
    signals: Object.freeze(signals),
    by: 'classifier',
    version: CLASSIFIER,
  });
}
