import { isObject, type Json, type JsonObject, objectOf, withKeys } from '../../wire/json.ts';
import type { Request } from '../../wire/message.ts';
import { INTERNAL_ERROR, INVALID_PARAMS } from '../../wire/read-message.ts';
import { error, result } from '../../wire/replies.ts';
import { LIST_SHAPES, type ListMethod } from '../list-shapes.ts';
import { type Ask, giveUp } from './asks.ts';
import { type Hub, type Member, refuse } from './hub.ts';
import { isFit, publicName, readingsOf } from './names.ts';
import { isOfNames, type WholeList, wholeList } from './whole-list.ts';
import { within } from './within.ts';

/** A server that takes longer to list what it has is left out, so that it holds up nobody else. */
const LIST_MS = 10_000;
/** Resources that are compared with what other servers claim before others have their turn. */
const AT_ONCE = 500;
const NOTHING: WholeList = { kind: 'failed', reason: `no answer within ${LIST_MS / 1000} s` };

/** The lists of all servers as one: in the order of the configuration, then of each server. A server that does not answer is left out. */
export async function listAll(
  hub: Hub,
  ask: Ask,
  message: Request,
  method: ListMethod,
): Promise<JsonObject | undefined> {
  if (message.params['cursor'] !== undefined) {
    return refuse(hub, message, INVALID_PARAMS, 'params.cursor is none that was given here: the list has one page');
  }
  const members = hub.members();
  const params = plain(message.params);
  const lists = await Promise.all(
    members.map(async (member): Promise<readonly [Member, WholeList]> => {
      const whole = await within(hub.gate.clock, LIST_MS, wholeList(hub, ask, member, method, params));
      if (whole === undefined) giveUp(ask, member.server, 'the list took too long');
      return [member, whole ?? NOTHING];
    }),
  );
  if (ask.cancelled !== undefined) return undefined;
  const failed = lists.flatMap(([{ server }, whole]) =>
    whole.kind === 'failed' ? [`the server ${server}: ${whole.reason}`] : [],
  );
  for (const reason of failed) hub.log(`${method} at /mcp goes without ${reason}`);
  if (failed.length > 0 && lists.every(([, whole]) => whole.kind !== 'items')) {
    return error(message.id, { code: INTERNAL_ERROR, message: `No server gave its list. ${failed.join('. ')}` });
  }
  for (const [{ server }, whole] of lists) {
    if (whole.kind === 'failed') hub.directory.failed(server, method);
    else hub.directory.note(server, method, whole.kind === 'items' ? whole.items : []);
  }
  const items = isOfNames(method) ? namedItems(hub, method, lists) : await uriItems(hub, method, lists);
  return result(message.id, dressed(hub, objectOf([[LIST_SHAPES[method].items, items]])));
}

/** The client's params for many servers: the progress of many would be no progress. */
function plain(params: JsonObject): JsonObject {
  const meta = params['_meta'];
  return isObject(meta) ? withKeys(params, { _meta: withKeys(meta, { progressToken: undefined }) }) : params;
}

/** A result that the hub makes itself. */
export function dressed({ era }: Pick<Hub, 'era'>, answer: JsonObject): JsonObject {
  return era === 'legacy' ? answer : withKeys(answer, { resultType: 'complete', ttlMs: 0, cacheScope: 'private' });
}

function namedItems(
  hub: Hub,
  method: 'tools/list' | 'prompts/list',
  lists: readonly (readonly [Member, WholeList])[],
): readonly Json[] {
  const kept: Json[] = [];
  const servers = new Set(lists.map(([{ server }]) => server));
  for (const [{ server }, whole] of lists) {
    if (whole.kind !== 'items') continue;
    for (const item of whole.items) {
      const own = item['name'];
      if (typeof own !== 'string') continue;
      const name = publicName(server, own);
      const shown = JSON.stringify(own.slice(0, 200));
      const clash = hub.directory.clashOf(method, name);
      if (!isFit(name)) {
        const why = 'with the name of the server it is no name that clients take (128 of A-Z a-z 0-9 _ . -)';
        hub.logOnce(`server ${server}: ${shown} is left out at /mcp: ${why}; it can be used at /mcp/${server}`);
      } else if (clash !== undefined) {
        hub.logOnce(`server ${server}: ${name} is left out at /mcp: it could be mistaken for ${clash}`);
      } else if (readingsOf(name, servers).every((one) => hub.directory.isRead(one.server, method))) {
        kept.push(withKeys(item, { name }));
      } else
        hub.logOnce(`server ${server}: ${name} is left out at /mcp: it could be one of a server that gave no list`);
    }
  }
  return kept;
}

async function uriItems(
  hub: Hub,
  method: ListMethod,
  lists: readonly (readonly [Member, WholeList])[],
): Promise<readonly Json[]> {
  const servers = lists.map(([{ server }]) => server);
  await hub.directory.known(servers, ['tools/list', 'resources/list', 'resources/templates/list']);
  const { name: key } = LIST_SHAPES[method];
  const kept: Json[] = [];
  let looked = 0;
  for (const [{ server }, whole] of lists) {
    if (whole.kind !== 'items') continue;
    const others = servers.filter((other) => other !== server);
    for (const item of whole.items) {
      const uri = item[key];
      if (typeof uri !== 'string') continue;
      // Nobody else waits until all of a long list has been compared.
      if (++looked % AT_ONCE === 0) await new Promise<void>((resolve) => hub.gate.clock.after(0, resolve));
      const rivals =
        method === 'resources/list' ? hub.directory.claimants(uri, others) : hub.directory.templateOwners(uri, others);
      if (rivals.length === 0) kept.push(item);
      else {
        const owners = [server, ...rivals].join(' and ');
        hub.logOnce(`${JSON.stringify(uri.slice(0, 200))} is left out at /mcp: ${owners} claim it`);
      }
    }
  }
  return kept;
}
