import fc from 'fast-check';
import { isArray, isObject, type Json, type JsonObject } from '../../src/wire/json.ts';
import { leaf } from './arbitrary-leaf.ts';
import type { Side } from './naive-value.ts';

/** A condition, nested in `all`, `any` and `not` up to three deep. */
export function conditions(side: Side, leaves: fc.Arbitrary<object> = leaf(side)): fc.Arbitrary<object> {
  const { tree } = fc.letrec<{ tree: object; leaf: object }>((tie) => ({
    leaf: leaves,
    tree: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      { weight: 4, arbitrary: tie('leaf') },
      { weight: 1, arbitrary: fc.record({ all: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }) }) },
      { weight: 1, arbitrary: fc.record({ any: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }) }) },
      { weight: 1, arbitrary: fc.record({ not: tie('tree') }) },
    ),
  }));
  return tree.map((condition) => affirmed(condition as JsonObject, 0));
}

/** The condition with another `not` around what client or server say of themselves, where it would else be negated. */
function affirmed(condition: JsonObject, nots: number): JsonObject {
  const { not, all, any } = condition;
  if (isObject(not)) return { ...condition, not: affirmed(not, nots + 1) };
  if (isArray(all)) return { ...condition, all: all.map((part) => affirmed(part as JsonObject, nots)) };
  if (isArray(any)) return { ...condition, any: any.map((part) => affirmed(part as JsonObject, nots)) };
  const isHearsay = /^(client|tool\.annotations)\./.test(String(condition['path']));
  return isHearsay && (nots + Number(isNegative(condition))) % 2 === 1 ? { not: condition } : condition;
}

function isNegative({ op, value }: { readonly [key: string]: Json }): boolean {
  return ['neq', 'not_in', 'not_regex', 'not_contains'].includes(String(op)) || (op === 'exists' && value === false);
}
