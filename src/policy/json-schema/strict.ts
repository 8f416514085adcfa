import { isArray, isObject, type Json } from '../../wire/json.ts';
import { quoted } from '../problem.ts';
import { miss, type Run, spend } from './run.ts';

/** Whether a value that satisfies its schema holds nothing that no schema names, at any depth. */
export function isAllNamed(value: Json, run: Run): boolean {
  const named = new Map<Json, Set<string | number>>();
  for (const { owner, key, isNamed } of run.notes) {
    if (!isNamed) continue;
    const keys = named.get(owner);
    if (keys === undefined) named.set(owner, new Set([key]));
    else keys.add(key);
  }
  return isNamedBelow(value, named, run);
}

function isNamedBelow(value: Json, named: ReadonlyMap<Json, ReadonlySet<string | number>>, run: Run): boolean {
  if (!isArray(value) && !isObject(value)) return true;
  const keys = named.get(value);
  const own: Iterable<string | number> = isArray(value) ? value.keys() : Object.keys(value);
  for (const key of own) {
    spend(run, 1);
    if (keys?.has(key) !== true) return miss(run, unnamed(key));
    run.path.push(key);
    const member = isArray(value) ? value[Number(key)] : value[key];
    if (!isNamedBelow(member ?? null, named, run)) return false;
    run.path.pop();
  }
  return true;
}

function unnamed(key: string | number): string {
  return typeof key === 'string'
    ? `hold no property ${quoted(key)}, which its schema does not name`
    : `hold no item ${key}, of which its schema says nothing`;
}
