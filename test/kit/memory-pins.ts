import { createHash } from 'node:crypto';
import { NEVER_USED, type ServerPins } from '../../src/gateway/pins/server-pins.ts';
import { type Entry, type PinStore, StoreFault } from '../../src/gateway/ports.ts';

export interface MemoryPins extends PinStore {
  readonly records: Entry[];
  /** How often it was asked for anything but editions. */
  asked: number;
  /** Why nothing works at present; undefined when all does. */
  broken: string | undefined;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Keeps pins in memory, as the store's contract says. */
export function memoryPins(): MemoryPins {
  const servers = new Map<string, ServerPins>();
  let edition = 0;
  const working = (): void => {
    if (store.broken !== undefined) throw new StoreFault(store.broken);
  };
  const store: MemoryPins = {
    records: [],
    asked: 0,
    broken: undefined,
    async pins(server) {
      store.asked += 1;
      working();
      return servers.get(server) ?? NEVER_USED;
    },
    async pinEditions() {
      working();
      return new Map([...servers].map(([server, pins]) => [server, pins.edition]));
    },
    async changePins(server, plan) {
      store.asked += 1;
      working();
      const now = servers.get(server) ?? NEVER_USED;
      const planned = plan(now, sha256);
      if (planned === undefined) return now;
      const tools = new Map(now.tools);
      for (const [name, pin] of planned.tools) {
        if (pin === undefined) tools.delete(name);
        else tools.set(name, pin);
      }
      edition += 1;
      servers.set(server, { edition, tools });
      store.records.push(...planned.records);
      return { edition, tools };
    },
    close: async () => {},
  };
  return store;
}
