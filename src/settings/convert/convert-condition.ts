import { isArray, type Json, type JsonObject, objectOf } from '../../wire/json.ts';
import { type Conversion, note } from './conversion.ts';
import type { InterceptCondition } from './read-condition.ts';

/** What a call must satisfy, and what it must not, so that a condition of Intercept is met. */
export interface Demand {
  readonly must: readonly JsonObject[];
  readonly mustNot: readonly JsonObject[];
}

/** INVARIANT: no call satisfies the demand that does not satisfy the condition. */
export function demandOf(conversion: Conversion, condition: InterceptCondition): Demand {
  const { op, value, pointer } = condition;
  const path = pathOf(condition.path);
  switch (op) {
    case 'neq':
    case 'not_in':
      note(conversion, 'null', pointer);
      if (!maySpellAnother(value)) return { must: [comparison(path, op, value)], mustNot: [] };
      // Intercept takes "5" for 5: only what refuses is that wary here.
      return {
        must: [comparison(path, 'exists', true)],
        mustNot: [comparison(path, op === 'neq' ? 'eq' : 'in', value)],
      };
    case 'eq':
    case 'in':
    case 'contains':
      if (maySpellAnother(value)) note(conversion, 'coercion', pointer);
      return { must: [comparison(path, op, value)], mustNot: [] };
    case 'exists':
      if (value === false && condition.path.split('.').length > 2) note(conversion, 'through', pointer);
      return { must: [comparison(path, op, value)], mustNot: [] };
    default:
      return { must: [comparison(path, op, value)], mustNot: [] };
  }
}

/** INVARIANT: whatever satisfies the condition satisfies this, or makes it unknown, which asks as well. */
export function questionOf(conversion: Conversion, condition: InterceptCondition): JsonObject {
  const { path: text, op, value, pointer } = condition;
  note(conversion, 'approval', pointer);
  const path = pathOf(text);
  const plain = comparison(path, op, value);
  if (op !== 'neq' && op !== 'not_in') return plain;
  // To Intercept null is there and differs from everything.
  return objectOf([['any', [plain, comparison(path, 'type', 'null')]]]);
}

/** Steps of Intercept are keys of objects and nothing else, whatever they look like. */
export function pathOf(text: string): string {
  const [, ...keys] = text.split('.');
  return `args${keys.map((key) => (/^[A-Za-z_][\w-]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`)).join('')}`;
}

function comparison(path: string, op: string, value: Json): JsonObject {
  return objectOf([
    ['path', path],
    ['op', op],
    ['value', value],
  ]);
}

/** Whether Go prints a value of another type like this one. */
function maySpellAnother(value: Json): boolean {
  if (isArray(value)) return value.some(maySpellAnother);
  return typeof value !== 'string' || value === 'true' || value === 'false' || /^-?\d/.test(value);
}
