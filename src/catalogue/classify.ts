import type { JsonObject } from '../wire/json.ts';
import { type Classification, SEVERITIES, type Severity } from './classification.ts';
import { readTool } from './classify/read-tool.ts';
import { severityOf } from './classify/severity.ts';
import { signalsOf } from './classify/signals.ts';
import { tightened, verdictOf } from './classify/verdict.ts';

/** Of the rules below: raised when another class, severity or signal can come out. */
export const CLASSIFIER = '3';

/** Tells from a tool's definition, as its server lists it, what a call of it can do. Never throws. */
export function classify(tool: JsonObject): Classification {
  const read = readTool(tool);
  const told = verdictOf(read);
  const hinted = tightened(read, told);
  const signals = signalsOf(read, hinted);
  return Object.freeze({
    class: hinted.class,
    // INVARIANT: a hint that makes the class worse makes no harm smaller.
    severity: worse(severityOf(read, told, signalsOf(read, told)), severityOf(read, hinted, signals)),
    reason: hinted.reason,
    evidence: Object.freeze(hinted.evidence.map((one) => Object.freeze(one))),
    signals: Object.freeze(signals.map((one) => Object.freeze(one))),
    by: 'classifier',
    version: CLASSIFIER,
  });
}

function worse(one: Severity, other: Severity): Severity {
  return SEVERITIES.indexOf(one) >= SEVERITIES.indexOf(other) ? one : other;
}
