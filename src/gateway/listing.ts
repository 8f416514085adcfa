import type { RiskClass } from '../policy/decision.ts';
import { reachable } from '../policy/reachable.ts';
import { isArray, isObject, type Json, type JsonObject, withKeys } from '../wire/json.ts';
import type { Standing } from './gate.ts';
import { LIST_SHAPES, type ListShape } from './list-shapes.ts';

const SHAPES: { readonly [method: string]: ListShape } = LIST_SHAPES;

/** The list's answer with only what a call could reach, in the server's order; undefined when it is no such list. `classOf`: of the tools in it. */
export function filterList(
  method: string,
  answer: Json,
  { policies }: Pick<Standing, 'policies'>,
  classOf: (name: string) => RiskClass,
): JsonObject | undefined {
  const shape = SHAPES[method];
  if (shape === undefined || !isObject(answer)) return undefined;
  const items = answer[shape.items];
  if (!isArray(items)) return undefined;
  const kept = items.filter((item) => {
    const name = isObject(item) ? item[shape.name] : undefined;
    if (typeof name !== 'string') return false;
    return reachable(policies, shape.kind, name, classOf(name)) === 'listed';
  });
  return withKeys(answer, { [shape.items]: kept });
}

/** Whether the page shows nothing though more pages follow: some clients would stop there. */
export function isEmptyPage(method: string, answer: JsonObject): boolean {
  const items = answer[SHAPES[method]?.items ?? ''];
  return isArray(items) && items.length === 0 && typeof answer['nextCursor'] === 'string';
}
