import type { Json } from '../wire/json.ts';
import { below, type Problem } from './problem.ts';

const MAX_DEPTH = 100;
const MAX_VALUES = 2_000_000;

interface Place {
  readonly value: Json;
  readonly key: string | number;
  readonly parent: Place | undefined;
  readonly depth: number;
}

/**
 * Finds what would make compiling unsafe: nesting or size beyond measure, numbers that are none.
 * INVARIANT: does not recurse, so that everything after it may.
 */
export function survey(document: Json): Problem | undefined {
  const open: Place[] = [{ value: document, key: '', parent: undefined, depth: 0 }];
  let values = 0;
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    const { value, depth } = place;
    if (++values > MAX_VALUES) return { pointer: '', message: `holds more than ${MAX_VALUES} values; split it` };
    if (typeof value === 'number' && !Number.isFinite(value)) return problem(place, 'must be a finite number');
    if (typeof value !== 'object' || value === null) continue;
    if (depth >= MAX_DEPTH) return problem(place, `nested deeper than ${MAX_DEPTH} levels; flatten it`);
    const isList = Array.isArray(value);
    for (const [key, member] of Object.entries(value)) {
      open.push({ value: member, key: isList ? Number(key) : key, parent: place, depth: depth + 1 });
    }
  }
  return undefined;
}

function problem(place: Place, message: string): Problem {
  const keys: (string | number)[] = [];
  for (let at: Place = place; at.parent !== undefined; at = at.parent) keys.push(at.key);
  return { pointer: keys.reduceRight((pointer: string, key) => below(pointer, key), ''), message };
}
