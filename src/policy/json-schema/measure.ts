import { isArray, isObject, type Json } from '../../wire/json.ts';
import { Stop } from './stop.ts';

/** How much a value may hold. */
export interface Bounds {
  readonly depth: number;
  readonly nodes: number;
  /** Characters of strings and keys, where they are bounded too. */
  readonly text: number;
  readonly numbers: 'exact' | 'any';
}

interface Tally {
  nodes: number;
  text: number;
}

/** Counts the values in a value, and stops at a bound; what it has passed may be walked recursively. */
export function measure(value: Json, bounds: Bounds): number {
  const tally: Tally = { nodes: 0, text: 0 };
  walk(value, bounds, tally, bounds.depth);
  return tally.nodes;
}

function walk(value: Json, bounds: Bounds, tally: Tally, depth: number): void {
  if (++tally.nodes > bounds.nodes) throw new Stop(`more than ${bounds.nodes} values`);
  if (typeof value === 'string') return addText(value, bounds, tally);
  if (typeof value !== 'object' || value === null) return;
  if (depth === 0) throw new Stop(`nested more than ${bounds.depth} deep`);
  if (isArray(value)) {
    for (const element of value) walk(element, bounds, tally, depth - 1);
    return;
  }
  if (JSON.isRawJSON(value)) {
    if (bounds.numbers === 'exact') throw new Stop('a number that cannot be carried exactly');
    return;
  }
  for (const key of Object.keys(value)) {
    addText(key, bounds, tally);
    walk(value[key] ?? null, bounds, tally, depth - 1);
  }
}

function addText(text: string, bounds: Bounds, tally: Tally): void {
  tally.text += text.length;
  if (tally.text > bounds.text) throw new Stop(`more than ${bounds.text} characters`);
}

/** The text of a number that a double cannot hold, where the value is one. */
export function rawNumber(value: Json | undefined): string | undefined {
  if (!isObject(value) || !JSON.isRawJSON(value)) return undefined;
  const text = value['rawJSON'];
  return typeof text === 'string' ? text : undefined;
}
