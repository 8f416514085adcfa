import { isArray, isObject, type Json } from '../../wire/json.ts';
import { canonicalJson } from '../../wire/write-json.ts';
import { readWindow } from '../window.ts';
import type { Change, Direction } from './change.ts';
import { shown } from './leaf.ts';
import type { Version } from './reader.ts';

/** What changes for all names alike: what of results reaches the client, and how people are asked. */
export function compareDocuments(before: Version, after: Version): readonly Change[] {
  return [
    ...compareCeilings(resultsOf(before, 'max_bytes'), resultsOf(after, 'max_bytes')),
    ...compareRedactions(resultsOf(before, 'redact'), resultsOf(after, 'redact')),
    ...compareCounts(approvalsOf(before, 'count'), approvalsOf(after, 'count')),
    ...compareTimeouts(approvalsOf(before, 'timeout'), approvalsOf(after, 'timeout')),
    ...compareApprovers(approvalsOf(before, 'approvers'), approvalsOf(after, 'approvers')),
  ];
}

/** In shadow nothing of them holds. */
function resultsOf({ policy, document }: Version, key: string): Json | undefined {
  const results = isObject(document) ? document['results'] : undefined;
  return isObject(results) && policy.mode === 'enforce' ? results[key] : undefined;
}

function approvalsOf({ document }: Version, key: string): Json | undefined {
  const approvals = isObject(document) ? document['approvals'] : undefined;
  return isObject(approvals) ? approvals[key] : undefined;
}

function compareCeilings(before: Json | undefined, after: Json | undefined): readonly Change[] {
  const [old, young] = [numberOf(before, Number.POSITIVE_INFINITY), numberOf(after, Number.POSITIVE_INFINITY)];
  return changeAt('/results/max_bytes', young === old ? undefined : young > old ? 'looser' : 'tighter', before, after);
}

function compareRedactions(before: Json | undefined, after: Json | undefined): readonly Change[] {
  const [old, young] = [textsOf(before), textsOf(after)];
  const [isKept, isOld] = [isWithin(old, young), isWithin(young, old)];
  const direction = isKept === isOld ? 'unordered' : isKept ? 'tighter' : 'looser';
  return changeAt('/results/redact', isKept && isOld ? undefined : direction, before, after);
}

function compareCounts(before: Json | undefined, after: Json | undefined): readonly Change[] {
  const [old, young] = [numberOf(before, 1), numberOf(after, 1)];
  return changeAt('/approvals/count', young === old ? undefined : young > old ? 'tighter' : 'looser', before, after);
}

function compareTimeouts(before: Json | undefined, after: Json | undefined): readonly Change[] {
  const [old, young] = [millisecondsOf(before), millisecondsOf(after)];
  if (old === undefined || young === undefined) {
    return changeAt('/approvals/timeout', old === young ? undefined : 'unordered', before, after);
  }
  return changeAt('/approvals/timeout', young === old ? undefined : young > old ? 'looser' : 'tighter', before, after);
}

/** Without any named, the gateway's own choice holds, which no document knows. */
function compareApprovers(before: Json | undefined, after: Json | undefined): readonly Change[] {
  const [old, young] = [namedIn(before), namedIn(after)];
  const [isKept, isOld] = [isWithin(old, young), isWithin(young, old)];
  const isKnown = old.size > 0 && young.size > 0;
  const direction = !isKnown || isKept === isOld ? 'unordered' : isKept ? 'looser' : 'tighter';
  return changeAt('/approvals/approvers', isKept && isOld ? undefined : direction, before, after);
}

function namedIn(approvers: Json | undefined): ReadonlySet<string> {
  if (!isObject(approvers)) return new Set();
  const under = (key: string): readonly string[] => [...textsOf(approvers[key])].map((text) => `${key} ${text}`);
  return new Set([...under('roles'), ...under('owners')]);
}

function isWithin(few: ReadonlySet<string>, many: ReadonlySet<string>): boolean {
  return [...few].every((one) => many.has(one));
}

function textsOf(list: Json | undefined): ReadonlySet<string> {
  return new Set(isArray(list) ? list.map(canonicalJson) : []);
}

function numberOf(value: Json | undefined, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}

function millisecondsOf(value: Json | undefined): number | undefined {
  const window = value === undefined ? undefined : readWindow(value);
  return window === undefined || typeof window === 'string' ? undefined : window.ms;
}

function changeAt(
  pointer: string,
  direction: Direction | undefined,
  before: Json | undefined,
  after: Json | undefined,
): readonly Change[] {
  if (direction === undefined) return [];
  const told = (value: Json | undefined): string => (value === undefined ? 'not set' : shown(value));
  const words = `${pointer.slice(1).replace('/', '.')}: ${told(before)} → ${told(after)}`;
  const at = (value: Json | undefined): string | undefined => (value === undefined ? undefined : pointer);
  return [{ direction, words, before: at(before), after: at(after) }];
}
