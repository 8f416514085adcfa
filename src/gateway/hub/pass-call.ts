import { isObject, type JsonObject, withKeys } from '../../wire/json.ts';
import type { Request } from '../../wire/message.ts';
import { INVALID_PARAMS } from '../../wire/read-message.ts';
import { error } from '../../wire/replies.ts';
import { NO_RESULT, NOT_REACHED } from '../reply.ts';
import { askMember, withId } from './ask-member.ts';
import type { Ask } from './asks.ts';
import { type Hub, type Member, refuse } from './hub.ts';
import { isFit, readingsOf, type Split } from './names.ts';
import { seenUris } from './seen-uris.ts';

/** Which server is meant, and under which name it knows the thing; or the answer for a message that reaches none. */
export type Aim =
  | { readonly kind: 'aim'; readonly member: Member; readonly name: string }
  | { readonly kind: 'reply'; readonly reply: JsonObject };

const NAMED = { 'tools/call': ['tools/list', 'tool'], 'prompts/get': ['prompts/list', 'prompt'] } as const;

/** `tools/call` and `prompts/get`: to the server that the name begins with, under the server's own name. */
export async function passCall(
  hub: Hub,
  ask: Ask,
  message: Request,
  method: keyof typeof NAMED,
): Promise<JsonObject | undefined> {
  const { name } = message.params;
  const [list, word] = NAMED[method];
  if (typeof name !== 'string') return refuse(hub, message, INVALID_PARAMS, 'params.name must be a string');
  const aim = await aimAt(hub, message, list, word, name);
  if (aim.kind === 'reply') return aim.reply;
  const reply = await forward(hub, ask, aim.member, message, withKeys(message.params, { name: aim.name }));
  return reply === undefined ? undefined : withPublicName(reply, word, aim.name, name);
}

/** Finds whose tool or prompt a public name is. What could be taken for another is refused, as it is left out of the list. */
export async function aimAt(
  hub: Hub,
  message: Request,
  list: 'tools/list' | 'prompts/list',
  word: 'tool' | 'prompt',
  name: string,
): Promise<Aim> {
  const members = new Map(hub.members().map((member) => [member.server, member]));
  const servers = new Set(members.keys());
  const readings = isFit(name) ? readingsOf(name, servers) : [];
  if (readings.length === 0) return { kind: 'reply', reply: await unknown(hub, message, word, name) };
  await hub.directory.known([...servers], [list]);
  const clash = hub.directory.clashOf(list, name);
  if (clash !== undefined) {
    const reason = `The ${word} ${name} could be mistaken for ${clash}, so both are refused here. Call it at its server's own address, /mcp/<server>.`;
    return { kind: 'reply', reply: await refuse(hub, message, INVALID_PARAMS, reason) };
  }
  const unread = readings.find(({ server }) => !hub.directory.isRead(server, list));
  if (readings.length > 1 && unread !== undefined) {
    const reason = `The ${word} ${name} could be one of the server ${unread.server}, which has not told yet what it has, so it is refused here. Call it at its server's own address, /mcp/<server>.`;
    return { kind: 'reply', reply: await refuse(hub, message, INVALID_PARAMS, reason) };
  }
  const reading = meant(hub, list, readings);
  const member = members.get(reading?.server ?? '');
  if (reading === undefined || member === undefined) {
    return { kind: 'reply', reply: await unknown(hub, message, word, name) };
  }
  return { kind: 'aim', member, name: reading.name };
}

/** Of several readings the one that its server lists; that not two do, `clashOf` has told. */
function meant(hub: Hub, list: 'tools/list' | 'prompts/list', readings: readonly Split[]): Split | undefined {
  if (readings.length === 1) return readings[0];
  return readings.find(({ server, name }) => hub.directory.lists(server, list, name));
}

async function unknown(hub: Hub, message: Request, word: string, name: string): Promise<JsonObject> {
  const servers = hub.members().map(({ server }) => server);
  const reason = `no server of the grant offers it here (${servers.join(', ')})`;
  await refuse(hub, message, INVALID_PARAMS, `unknown ${word}: ${reason}`);
  return error(message.id, { code: INVALID_PARAMS, message: unknownText(word, name) });
}

function unknownText(word: string, name: string): string {
  return `Unknown ${word}: ${name}`;
}

/** The server's session says "Unknown tool" under the name that it was asked for; the client asked for another. */
function withPublicName(reply: JsonObject, word: string, own: string, name: string): JsonObject {
  const fault = reply['error'];
  if (!isObject(fault) || fault['message'] !== unknownText(word, own)) return reply;
  return withKeys(reply, { error: withKeys(fault, { message: unknownText(word, name) }) });
}

/** Sends the client's message on to one server; the answer comes under the client's own id, and what it tells of resources is noted. */
export async function forward(
  hub: Hub,
  ask: Ask,
  member: Member,
  message: Request,
  params: JsonObject,
): Promise<JsonObject | undefined> {
  const reply = await askMember(hub, ask, member, message.method, params);
  if (reply === undefined) return undefined;
  const answer = reply['result'];
  if (isObject(answer)) for (const uri of seenUris(answer)) hub.directory.saw(member.server, uri);
  return withId(withServerNamed(reply, member.server), message.id);
}

/** Where several servers could be meant, an error says which. */
function withServerNamed(reply: JsonObject, server: string): JsonObject {
  const fault = reply['error'];
  const told = isObject(fault) ? fault['message'] : undefined;
  if (!isObject(fault) || typeof told !== 'string') return reply;
  const named = told.startsWith(NOT_REACHED)
    ? `The server ${server} was not reached${told.slice(NOT_REACHED.length)}`
    : told.startsWith(NO_RESULT)
      ? `The request was sent to the server ${server} but got no result${told.slice(NO_RESULT.length)}`
      : told;
  return named === told ? reply : withKeys(reply, { error: withKeys(fault, { message: named }) });
}
