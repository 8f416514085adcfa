import { isObject, type JsonObject, withKeys } from '../../wire/json.ts';
import type { Request } from '../../wire/message.ts';
import { INVALID_PARAMS } from '../../wire/read-message.ts';
import type { Ask } from './asks.ts';
import { type Hub, type Member, refuse } from './hub.ts';
import { aimAt, forward } from './pass-call.ts';

/** No longer one can be read at any server. */
const MAX_URI = 1_024;
const CLAIMS = ['resources/list', 'resources/templates/list', 'tools/list'] as const;

/** A message about one resource: to the one server that lists it, has a template for it, or spoke of it. */
export async function passResource(hub: Hub, ask: Ask, message: Request): Promise<JsonObject | undefined> {
  const { uri } = message.params;
  if (typeof uri !== 'string') return refuse(hub, message, INVALID_PARAMS, 'params.uri must be a string');
  const owner = await ownerOf(hub, uri);
  if (owner.kind === 'none') return refuse(hub, message, INVALID_PARAMS, owner.reason);
  return forward(hub, ask, owner.member, message, message.params);
}

type Owner = { readonly kind: 'owner'; readonly member: Member } | { readonly kind: 'none'; readonly reason: string };

/** Whose resource a URI is. One that two servers claim is nobody's: who of them is meant cannot be told. */
export async function ownerOf(hub: Hub, uri: string): Promise<Owner> {
  if (uri.length > MAX_URI) return { kind: 'none', reason: 'params.uri is longer than 1,024 characters' };
  const members = hub.members();
  const servers = members.map(({ server }) => server);
  await hub.directory.known(servers, CLAIMS);
  if (hub.directory.ownersOf(uri, servers).length === 0) await hub.directory.refresh(servers, CLAIMS);
  return single(hub, members, hub.directory.ownersOf(uri, servers), uri);
}

function single(hub: Hub, members: readonly Member[], owners: readonly string[], uri: string): Owner {
  const shown = JSON.stringify(uri.slice(0, 200));
  const [first, second] = owners;
  if (second !== undefined) {
    const reason = `The servers ${owners.join(' and ')} both claim ${shown}, so it is refused here. Use the server's own address, /mcp/<server>.`;
    hub.logOnce(`${shown} is refused at /mcp: ${owners.join(' and ')} claim it`);
    return { kind: 'none', reason };
  }
  const member = members.find(({ server }) => server === first);
  if (member !== undefined) return { kind: 'owner', member };
  const reason = `No server of the grant lists ${shown} or has a template for it. Use the address of the server that has it, /mcp/<server>.`;
  return { kind: 'none', reason };
}

/** `completion/complete`: to whose prompt or resource it completes. */
export async function passCompletion(hub: Hub, ask: Ask, message: Request): Promise<JsonObject | undefined> {
  const { ref } = message.params;
  if (!isObject(ref)) return refuse(hub, message, INVALID_PARAMS, 'params.ref must be an object');
  const { name, uri } = ref;
  if (ref['type'] === 'ref/resource' && typeof uri === 'string') return completeResource(hub, ask, message, uri);
  if (ref['type'] !== 'ref/prompt' || typeof name !== 'string') {
    const reason = 'params.ref must name a prompt (ref/prompt) or a resource (ref/resource)';
    return refuse(hub, message, INVALID_PARAMS, reason);
  }
  const aim = await aimAt(hub, message, 'prompts/list', 'prompt', name);
  if (aim.kind === 'reply') return aim.reply;
  const params = withKeys(message.params, { ref: withKeys(ref, { name: aim.name }) });
  return forward(hub, ask, aim.member, message, params);
}

async function completeResource(hub: Hub, ask: Ask, message: Request, uri: string): Promise<JsonObject | undefined> {
  const members = hub.members();
  const servers = members.map(({ server }) => server);
  await hub.directory.known(servers, CLAIMS);
  const listed = hub.directory.templateOwners(uri, servers);
  const owner = listed.length > 0 ? single(hub, members, listed, uri) : await ownerOf(hub, uri);
  if (owner.kind === 'none') return refuse(hub, message, INVALID_PARAMS, owner.reason);
  return forward(hub, ask, owner.member, message, message.params);
}
