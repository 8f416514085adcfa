import { facing } from '../bridge/facing.ts';
import { EraBook } from '../era-book.ts';
import type { Front, Upstream } from '../ports.ts';
import { serverLog } from '../server-log.ts';
import type { Behind, HubWorld } from './behind.ts';
import { ALL } from './hub.ts';
import { LegacyHub } from './legacy-hub.ts';
import { ModernHub } from './modern-hub.ts';

/** How many lines are remembered so that they are told once. */
const MAX_LINES = 1_000;

/** Everything that clients have open at the address where all servers of a grant stand together. */
export class Hubs {
  readonly server: string = ALL;
  readonly #world: HubWorld;
  readonly #open = new Map<string, LegacyHub>();
  /** One for each grant. */
  readonly #modern = new Map<string, ModernHub>();
  readonly #told = new Set<string>();
  readonly #log: (line: string) => void;

  readonly #book: EraBook;
  /** The upstreams for which the book was written. */
  readonly #upstreams = new Map<string, Upstream>();

  constructor(world: Pick<HubWorld, 'gate' | 'sessions' | 'servers'>) {
    this.#book = new EraBook(world.gate.clock);
    this.#log = serverLog(world.gate);
    this.#world = {
      ...world,
      facing: (behind) => this.#facing(behind),
      logOnce: (line) => this.#logOnce(line),
    };
  }

  #facing({ server, upstream }: Behind): Upstream {
    if (this.#upstreams.get(server) !== upstream) this.#book.forget(server);
    this.#upstreams.set(server, upstream);
    const { clock, version } = this.#world.gate;
    return facing(upstream, { server, clock, version, book: this.#book });
  }

  open(grant: string, front: Front): LegacyHub {
    const hub = new LegacyHub(this.#world, { grant, front, onEnd: ({ id }) => void this.#open.delete(id) });
    this.#open.set(hub.id, hub);
    return hub;
  }

  /** A foreign one is as unknown as none. */
  find(id: string, grant: string): LegacyHub | undefined {
    const hub = this.#open.get(id);
    return hub?.grant === grant ? hub : undefined;
  }

  /** The one for all modern clients of a grant. */
  lane(grant: string): ModernHub {
    const hub = this.#modern.get(grant) ?? new ModernHub(this.#world, grant);
    this.#modern.set(grant, hub);
    return hub;
  }

  countOf(grant: string): number {
    let count = 0;
    for (const hub of this.#open.values()) if (hub.grant === grant) count++;
    return count;
  }

  /** Ends what lost its standing or lies idle, and brings the rest to what the configuration says now. */
  sweep(): void {
    for (const hub of [...this.#open.values()]) {
      if (this.#world.servers(hub.grant).length === 0) void hub.end('the grant has no servers any more');
      else if (hub.isIdle()) void hub.end('the session was not used for a while');
      else hub.adjust();
    }
    for (const hub of [...this.#modern.values()]) {
      hub.adjust();
      if (hub.asks.size === 0 && this.#world.servers(hub.grant).length === 0) this.#modern.delete(hub.grant);
    }
  }

  /** Ends all of the grants that are chosen. Resolves when the sessions of the initialize era have ended with all behind them. */
  async end(reason: string, isChosen: (grant: string) => boolean): Promise<void> {
    const modern = [...this.#modern.values()].filter(({ grant }) => isChosen(grant));
    for (const hub of modern) this.#modern.delete(hub.grant);
    const legacy = [...this.#open.values()].filter(({ grant }) => isChosen(grant));
    await Promise.all([...modern, ...legacy].map((hub) => hub.end(reason)));
  }

  #logOnce(line: string): void {
    if (this.#told.has(line)) return;
    if (this.#told.size >= MAX_LINES) this.#told.clear();
    this.#told.add(line);
    this.#log(line);
  }
}
