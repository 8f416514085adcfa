import type { JsonObject } from '../wire/json.ts';
import { type Draft, refuse } from './draft.ts';
import type { Place } from './look.ts';
import { zoneFormat } from './moment.ts';
import { type Path, readPath } from './path.ts';
import type { CallCount } from './policy.ts';
import { below, quoted } from './problem.ts';
import { readWindow } from './window.ts';

/** Reads `path`, `timezone` and `within` of a condition; undefined when there was a problem. */
export function readPlace(draft: Draft, condition: JsonObject, pointer: string): Place | undefined {
  const path = pathAt(draft, condition, pointer, 'path');
  const zone = zoneAt(draft, condition, pointer);
  if (path === undefined) return undefined;
  if (condition['timezone'] !== undefined && !(path.root === 'fact' && path.fact.startsWith('time.'))) {
    const place = below(pointer, 'timezone');
    return refuse(draft, place, '"timezone" goes with time.hour, time.weekday and time.date only');
  }
  const withinMs = withinAt(draft, condition, pointer, path);
  return withinMs === undefined ? undefined : { path, zone, withinMs };
}

/** The path under a key that must be there. */
export function pathAt(draft: Draft, owner: JsonObject, pointer: string, key: string): Path | undefined {
  const text = owner[key];
  if (text === undefined) {
    return refuse(draft, pointer, `"${key}" is missing; write {path, op, value}, {all}, {any} or {not}`);
  }
  if (typeof text !== 'string') return refuse(draft, below(pointer, key), 'must be a text such as "args.amount"');
  const path = readPath(text);
  return typeof path === 'string' ? refuse(draft, below(pointer, key), path) : path;
}

/** The time zone under `timezone`; undefined for UTC, and when there was a problem. */
export function zoneAt(draft: Draft, owner: JsonObject, pointer: string): Intl.DateTimeFormat | undefined {
  const name = owner['timezone'];
  if (name === undefined) return undefined;
  const place = below(pointer, 'timezone');
  if (typeof name !== 'string') return refuse(draft, place, 'must be a text such as "Europe/Berlin"');
  const key = name.toLowerCase();
  if (!draft.zones.has(key)) draft.zones.set(key, zoneFormat(name));
  return (
    draft.zones.get(key) ?? refuse(draft, place, `unknown time zone ${quoted(name)}; write one such as "Europe/Berlin"`)
  );
}

/** How far back calls are counted, ms; 0 for what counts none. Notes what is counted. */
function withinAt(draft: Draft, condition: JsonObject, pointer: string, path: Path): number | undefined {
  const value = condition['within'];
  if (path.root !== 'calls') {
    if (value === undefined) return 0;
    return refuse(draft, below(pointer, 'within'), '"within" goes with grant.calls and session.calls only');
  }
  if (value === undefined) {
    return refuse(
      draft,
      pointer,
      `"within" is missing: ${path.of}.calls counts back for a time, such as "within": "1h"`,
    );
  }
  const window = readWindow(value);
  if (typeof window === 'string') return refuse(draft, below(pointer, 'within'), window);
  note(draft, { of: path.of, tool: path.tool, windowMs: window.ms });
  return window.ms;
}

function note(draft: Draft, count: CallCount): void {
  const known = draft.counted.get(count.tool) ?? [];
  draft.counted.set(count.tool, known);
  if (!known.some(({ of, windowMs }) => of === count.of && windowMs === count.windowMs)) known.push(count);
  draft.asked.push(count);
}
