import { type NamedTool, type Names, namesOf } from '../../catalogue/findings/look-alike.ts';
import type { PinStore } from '../ports.ts';
import type { ShownTool } from './shown-tools.ts';

/** Servers that are looked through; a gateway stands in front of a few. */
const MOST_SERVERS = 200;

/**
 * The names among which a list is looked at: its own, and those of the tools that other servers of this data folder have. Clients see all of a
 * grant's servers at one address. Rejects with `StoreFault`.
 */
export async function namesAround(
  store: Pick<PinStore, 'pins' | 'pinEditions'>,
  server: string,
  tools: readonly Pick<ShownTool, 'name'>[],
): Promise<Names> {
  const named: NamedTool[] = tools.map(({ name }) => ({ server, name }));
  const known = [...(await store.pinEditions()).keys()].slice(0, MOST_SERVERS);
  for (const other of known) {
    const pins = await store.pins(other);
    // Of another server what was accepted; of this one all that it ever listed.
    for (const [name, { pinned }] of pins.tools)
      if (other === server || pinned !== undefined) named.push({ server: other, name });
  }
  return namesOf(server, named);
}
