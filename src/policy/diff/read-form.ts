import { isArray, isObject, type Json, type JsonObject } from '../../wire/json.ts';
import type { Place } from '../look.ts';
import { zoneFormat } from '../moment.ts';
import { OPERATORS } from '../operators.ts';
import { readPath } from '../path.ts';
import { readWindow } from '../window.ts';
import { ALWAYS, type Form, groupOf, leafForm } from './form.ts';
import { type Leaf, leafText, shown } from './leaf.ts';
import { normalOperation } from './normal-operation.ts';

type Sign = Leaf['sign'];

/** The form of ANDed conditions of a document that compiles. */
export function readForms(conditions: Json | undefined): Form {
  if (!isArray(conditions)) return ALWAYS;
  return groupOf(
    'all',
    conditions.map((condition) => readForm(condition, 'plain')),
  );
}

/** Under `not`, `all` and `any` change places, so that only leaves are negated: as the compiler does. */
function readForm(condition: Json, sign: Sign): Form {
  if (!isObject(condition)) return ALWAYS;
  const { not, all, any } = condition;
  if (not !== undefined) return readForm(not, sign === 'plain' ? 'negated' : 'plain');
  const parts = all ?? any;
  if (isArray(parts)) {
    const isAll = (all !== undefined) === (sign === 'plain');
    return groupOf(
      isAll ? 'all' : 'any',
      parts.map((part) => readForm(part, sign)),
    );
  }
  const leaf = readLeaf(condition, sign);
  return leaf === undefined ? ALWAYS : leafForm(leaf);
}

function readLeaf(condition: JsonObject, writtenSign: Sign): Leaf | undefined {
  const place = placeOf(condition);
  const name = OPERATORS.find((known) => known.name === condition['op'])?.name;
  if (place === undefined || name === undefined) return undefined;
  const written = condition['value'] ?? null;
  const { op, value } = normalOperation(name, written, place);
  const isExists = op === 'exists' && writtenSign === 'negated';
  const letters = condition['ignore_case'] === true ? 'any case' : 'as written';
  const zone = typeof condition['timezone'] === 'string' ? condition['timezone'].toLowerCase() : 'utc';
  const beside = [
    ...(letters === 'any case' ? ['(any case)'] : []),
    ...(zone === 'utc' ? [] : [`in ${String(condition['timezone'])}`]),
    ...(condition['within'] === undefined ? [] : [`within ${shown(condition['within'])}`]),
  ];
  const path = String(condition['path']);
  const words = [path, name, shown(written), ...beside].join(' ');
  const leaf = {
    place,
    placeText: JSON.stringify([place.path, zone, place.withinMs]),
    op,
    value: isExists ? value !== true : value,
    letters,
    sign: isExists ? 'plain' : writtenSign,
    path,
    verb: name,
    beside,
    words: writtenSign === 'negated' ? `not (${words})` : words,
  } as const;
  return { ...leaf, text: leafText(leaf) };
}

function placeOf(condition: JsonObject): Place | undefined {
  const path = readPath(String(condition['path']));
  if (typeof path === 'string') return undefined;
  const zone = typeof condition['timezone'] === 'string' ? zoneFormat(condition['timezone']) : undefined;
  const window = condition['within'] === undefined ? undefined : readWindow(condition['within']);
  return { path, zone, withinMs: window === undefined || typeof window === 'string' ? 0 : window.ms };
}
