import type { JsonObject } from '../../wire/json.ts';
import { objectOf } from '../../wire/json.ts';
import { ownEnvelope } from '../../wire/modern/envelope.ts';
import type { ListMethod } from '../list-shapes.ts';
import { NOWHERE } from './ask-member.ts';
import { giveUp } from './asks.ts';
import type { Directory, Loader } from './directory.ts';
import type { Hub } from './hub.ts';
import { wholeList } from './whole-list.ts';
import { within } from './within.ts';

const LOAD_MS = 10_000;

const METHODS: { readonly [list: string]: readonly ListMethod[] } = {
  tools: ['tools/list'],
  prompts: ['prompts/list'],
  resources: ['resources/list', 'resources/templates/list'],
};

/** The methods that tell what a kind of list holds. */
export function listOf(list: 'all' | 'tools' | 'prompts' | 'resources'): readonly ListMethod[] {
  return list === 'all' ? Object.values(METHODS).flat() : (METHODS[list] ?? []);
}

/** Reads the servers' lists for the hub's own use. */
export function loader(hub: Hub): Loader {
  return async (server, method) => {
    const member = hub.members().find((one) => one.server === server);
    if (member === undefined) return undefined;
    const ask = hub.asks.begin(undefined, NOWHERE);
    const params = hub.era === 'modern' ? ownEnvelope(objectOf([]), hub.gate.version) : objectOf([]);
    const whole = await within(hub.gate.clock, LOAD_MS, wholeList(hub, ask, member, method, params));
    if (whole === undefined) giveUp(ask, server, 'the list took too long');
    hub.asks.end(ask);
    if (whole === undefined || whole.kind === 'failed') return undefined;
    return whole.kind === 'items' ? whole.items : [];
  };
}

/** Takes note of a server's word that a list changed. */
export function noteChanged(directory: Directory, server: string, { method }: JsonObject): void {
  if (typeof method !== 'string') return;
  for (const list of ['tools', 'prompts', 'resources'] as const) {
    if (method === `notifications/${list}/list_changed`) directory.stale(server, listOf(list));
  }
}
