import { definitionOf, type KnownTool } from '../gateway/definitions.ts';
import { markOf, type ServerPins } from '../gateway/pins/server-pins.ts';
import type { PinStore } from '../gateway/ports.ts';
import { isObject } from '../wire/json.ts';
import { RELAY, readJson } from '../wire/read-json.ts';
import type { Sources } from './call-again.ts';

/** The definitions of tools that a store keeps now, by the marks that records have of them. Rejects with `StoreFault`. */
export async function keptDefinitions(store: Pick<PinStore, 'pins' | 'pinEditions'>): Promise<Sources['definition']> {
  const servers = [...(await store.pinEditions()).keys()];
  const kept = servers.map(async (server) => [server, await store.pins(server)] as const);
  return definitionsIn(new Map(await Promise.all(kept)));
}

function definitionsIn(pins: ReadonlyMap<string, ServerPins>): Sources['definition'] {
  const read = new Map<string, KnownTool | undefined>();
  return (server, tool, mark) => {
    const pin = pins.get(server)?.tools.get(tool);
    const kept = [pin?.pinned, pin?.candidate].find((one) => one !== undefined && markOf(one) === mark);
    if (kept === undefined) return undefined;
    if (!read.has(kept.digest)) read.set(kept.digest, definitionIn(kept.text));
    return read.get(kept.digest);
  };
}

function definitionIn(text: string): KnownTool | undefined {
  const read = readJson(text, RELAY);
  return read.kind === 'value' && isObject(read.value) ? definitionOf(read.value) : undefined;
}
