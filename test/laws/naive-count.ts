import type { CounterKey, Subject } from '../../src/policy/decision.ts';
import type { Call } from '../../src/wire/call.ts';
import { isArray, isObject, type Json } from '../../src/wire/json.ts';
import type { Documents } from './naive.ts';
import { stepsOf } from './naive-path.ts';
import { windowMs } from './naive-window.ts';

/** The counter of let-through calls of one tool by one grant, or in one session. */
export function countKey(subject: Subject, of: 'grant' | 'session', tool: string, within: number): string {
  const { grant, server, session } = subject;
  const scope: Json = of === 'grant' ? grant.name : [grant.name, session];
  return JSON.stringify([server, 'calls', tool, within, of, scope]);
}

/** To which counters of let-through calls a call adds: all that any path of either document names with its tool. */
export function talliesOf(documents: Documents, subject: Subject, call: Call): readonly CounterKey[] {
  if (call.kind !== 'tool') return [];
  const found = new Map<string, CounterKey>();
  for (const leaf of [documents.policy, documents.baseline ?? null].flatMap(leaves)) {
    const [root, calls, tool] = stepsOf(leaf.path);
    if ((root !== 'grant' && root !== 'session') || calls !== 'calls' || String(tool) !== call.name) continue;
    const within = windowMs(leaf.within);
    const key = countKey(subject, root, call.name, within);
    found.set(key, { key, windowMs: within });
  }
  return [...found.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** Every condition with `within`, wherever it stands. */
function leaves(value: Json): { readonly path: string; readonly within: Json }[] {
  if (isArray(value)) return value.flatMap(leaves);
  if (!isObject(value)) return [];
  const { path, within } = value;
  const own = typeof path === 'string' && within !== undefined ? [{ path, within }] : [];
  return [...own, ...Object.values(value).flatMap(leaves)];
}
