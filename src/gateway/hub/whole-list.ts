import { isArray, isObject, type Json, type JsonObject, withKeys } from '../../wire/json.ts';
import { METHOD_NOT_FOUND } from '../../wire/read-message.ts';
import { ListRoom } from '../list-room.ts';
import { LIST_SHAPES, type ListMethod } from '../list-shapes.ts';
import { shortened } from '../shortened.ts';
import { askMember } from './ask-member.ts';
import type { Ask } from './asks.ts';
import type { Hub, Member } from './hub.ts';

const MAX_PAGES = 50;
const MAX_ITEMS = 20_000;

/** Whether clients call what it lists by a name, which is the server's own and so can be made public. */
export function isOfNames(method: ListMethod): method is 'tools/list' | 'prompts/list' {
  return method === 'tools/list' || method === 'prompts/list';
}

export type WholeList =
  | { readonly kind: 'items'; readonly items: readonly JsonObject[] }
  /** The server has no such list. */
  | { readonly kind: 'none' }
  | { readonly kind: 'failed'; readonly reason: string };

/** Reads a server's list to its end, page by page, up to a bound. `params`: of the request, without a cursor. */
export async function wholeList(
  hub: Hub,
  ask: Ask,
  member: Member,
  method: ListMethod,
  params: JsonObject,
): Promise<WholeList> {
  const { items: key, capability } = LIST_SHAPES[method];
  if (member.capabilities !== undefined && member.capabilities[capability] === undefined) return { kind: 'none' };
  const items: JsonObject[] = [];
  const room = new ListRoom();
  let cursor: Json | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const reply = await askMember(hub, ask, member, method, withKeys(params, { cursor }));
    if (reply === undefined) return { kind: 'failed', reason: 'it was called off' };
    const { error, result } = reply;
    if (isObject(error)) {
      return error['code'] === METHOD_NOT_FOUND
        ? { kind: 'none' }
        : { kind: 'failed', reason: shortened(String(error['message'])) };
    }
    const listed = isObject(result) ? result[key] : undefined;
    if (!isObject(result) || !isArray(listed)) return { kind: 'failed', reason: 'the answer is no list' };
    if (!room.take(listed)) return { kind: 'failed', reason: 'the list is too large' };
    for (const item of listed) if (isObject(item) && items.length < MAX_ITEMS) items.push(item);
    cursor = result['nextCursor'];
    if (typeof cursor !== 'string' || items.length >= MAX_ITEMS) break;
  }
  return { kind: 'items', items };
}
