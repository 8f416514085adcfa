import { reachable } from '../policy/reachable.ts';
import type { CallKind } from '../wire/call.ts';
import { isArray, isObject, type Json, type JsonObject, withKeys } from '../wire/json.ts';

import type { Standing } from './gate.ts';

interface ListShape {
  readonly kind: CallKind;
  /** Where the items stand in the result, and which key names one. */
  readonly items: string;
  readonly name: string;
}

const SHAPES: { readonly [method: string]: ListShape } = {
  'tools/list': { kind: 'tool', items: 'tools', name: 'name' },
  'resources/list': { kind: 'resource', items: 'resources', name: 'uri' },
  'resources/templates/list': { kind: 'resource', items: 'resourceTemplates', name: 'uriTemplate' },
  'prompts/list': { kind: 'prompt', items: 'prompts', name: 'name' },
};

/** The list's answer with only what a call could reach, in the server's order; undefined when it is no such list. */
export function filterList(
  method: string,
  answer: Json,
  standing: Pick<Standing, 'policies' | 'classes'>,
): JsonObject | undefined {
  const shape = SHAPES[method];
  if (shape === undefined || !isObject(answer)) return undefined;
  const items = answer[shape.items];
  if (!isArray(items)) return undefined;
  const kept = items.filter((item) => {
    const name = isObject(item) ? item[shape.name] : undefined;
    if (typeof name !== 'string') return false;
    const riskClass = standing.classes.get(name) ?? 'unknown';
    return reachable(standing.policies, shape.kind, name, riskClass) === 'listed';
  });
  return withKeys(answer, { [shape.items]: kept });
}

/** Whether the page shows nothing though more pages follow: some clients would stop there. */
export function isEmptyPage(method: string, answer: JsonObject): boolean {
  const items = answer[SHAPES[method]?.items ?? ''];
  return isArray(items) && items.length === 0 && typeof answer['nextCursor'] === 'string';
}
