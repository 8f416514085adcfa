import { createHash, createHmac } from 'node:crypto';
import type { Approval } from '../../src/gateway/approvals/approval.ts';
import { ApprovalBook } from '../../src/gateway/approvals/approval-book.ts';
import { heraldOf } from '../../src/gateway/approvals/herald-of.ts';
import { LocalDesk } from '../../src/gateway/approvals/local-desk.ts';
import { Flight } from '../../src/gateway/flight.ts';
import type { Gate } from '../../src/gateway/gate.ts';
import { DEFAULT_LIMITS } from '../../src/gateway/limits.ts';
import { definitionText } from '../../src/gateway/pins/definition-text.ts';
import { PinBook } from '../../src/gateway/pins/pin-book.ts';
import type { Clock, Crypto } from '../../src/gateway/ports.ts';
import { SharedTools } from '../../src/gateway/shared-tools.ts';
import { memoryPins } from '../kit/memory-pins.ts';
import { classifyText } from '../kit/text-class.ts';
import { type Note, type Probe, probeAtWork } from './law-12-ledger.ts';
import { clockOn, type Lead, Machine } from './law-12-machine.ts';
import { FIRST_RULES, type Rules, standingOf } from './law-12-rules.ts';
import { type Mood, PROCESSES, SERVERS, settingsFor, TOOLS, toolOf, toolsOf, type Way } from './law-12-scene.ts';
import { type Seat, seatAt } from './law-12-seat.ts';
import { doorTo, type Trouble, type WholeStore } from './law-12-store.ts';
import { Turns } from './law-12-turns.ts';

/** Where a process opens its store, again after each of its ends. */
export interface Ground {
  open(): Promise<WholeStore>;
  /** Where the store does not align them, all processes have one. */
  readonly sharedLead: Lead | undefined;
}

/** A gateway's process. */
export interface Process {
  readonly n: number;
  readonly store: WholeStore;
  readonly raw: WholeStore;
  readonly clock: Clock;
  readonly crypto: Crypto;
  readonly book: ApprovalBook;
  readonly desk: LocalDesk;
  readonly flight: Flight;
  readonly shared: SharedTools;
  readonly pins: ReadonlyMap<string, PinBook>;
  readonly seats: Map<string, Seat>;
  isAlive: boolean;
  trouble: Trouble | undefined;
}

/** Processes, servers, clients and people around one store. */
export class Town {
  readonly machine = new Machine();
  readonly turns = new Turns();
  readonly notes: Note[] = [];
  readonly probes: Probe[] = [];
  readonly processes: Process[] = [];
  readonly revoked = new Set<string>();
  /** Whose a grant is, where somebody else's than at first. */
  readonly owners = new Map<string, string>();
  /** People who were taken out of the configuration. */
  readonly removed = new Set<string>();
  readonly #ground: Ground;
  readonly #pins = memoryPins();
  /** The server's own definitions, as numbers. */
  readonly definitions = new Map<string, number>();
  rules: Rules = FIRST_RULES;
  mood: Mood = 'answers';
  readonly heldAnswers: (() => void)[] = [];
  #ids = 0;

  constructor(ground: Ground) {
    this.#ground = ground;
  }

  static async open(ground: Ground): Promise<Town> {
    const town = new Town(ground);
    for (const server of SERVERS) for (const tool of TOOLS) town.definitions.set(`${server} ${tool}`, 1);
    for (const server of SERVERS) await town.accept(server);
    for (let n = 0; n < PROCESSES; n += 1) town.processes.push(await town.#start(n));
    return town;
  }

  id(word: string): string {
    this.#ids += 1;
    return `${word}-${this.#ids}`;
  }

  process(n: number): Process {
    const found = this.processes[n];
    if (found === undefined) throw new Error(`there is no process ${n}`);
    return found;
  }

  ownerOf(grant: string): string {
    return this.owners.get(grant) ?? `owner of ${grant}`;
  }

  /** What any process would read now. */
  async rows(): Promise<readonly Approval[]> {
    const found = await this.process(0).raw.approvals({ which: 'all', limit: 10_000 });
    return found.toReversed();
  }

  seat(n: number, grant: string, server: string, way: Way): Seat {
    const process = this.process(n);
    const key = `${n}/${grant}/${server}/${way}`;
    const known = process.seats.get(key);
    if (known !== undefined && known.session.phase !== 'ended') return known;
    const seat = seatAt(this, process, { grant, server, way });
    process.seats.set(key, seat);
    return seat;
  }

  get seats(): readonly Seat[] {
    return this.processes.flatMap(({ seats }) => [...seats.values()]);
  }

  /** The gate of one session: what differs between clients is how they can be asked. */
  gate(process: Process, way: Way): Gate {
    const { clock, crypto, store, flight, shared, book } = process;
    return {
      version: '1.2.3',
      clock,
      crypto,
      store,
      flight,
      shared,
      approvals: book,
      standing: (grant, server) => {
        const rules = this.revoked.has(grant) ? undefined : this.rules;
        const probe = probeAtWork();
        if (probe !== undefined) {
          const definitions = TOOLS.map((tool) => this.accepted(process, server, tool));
          this.notes.push({ what: 'judged', probe, rules, definitions, owner: this.ownerOf(grant) });
        }
        return rules === undefined ? undefined : standingOf(rules, grant, this.ownerOf(grant));
      },
      whyNone: () => 'The grant was revoked.',
      pins(server) {
        const found = process.pins.get(server);
        if (found === undefined) throw new Error(`there is no server ${server}`);
        return found;
      },
      audit: () => ({ holdReply: false }),
      privacy: () => 'redacted',
      approvalSettings: () => settingsFor(way, this.removed),
      limits: () => DEFAULT_LIMITS,
      log() {},
    };
  }

  /** A person accepts a server's definitions as they are now. */
  async accept(server: string): Promise<void> {
    const { edition } = await this.#pins.changePins(server, () => {
      const tools = toolsOf(this.definitions, server).map((tool) => {
        const text = definitionText(tool);
        const digest = createHash('sha256').update(text).digest('hex');
        const pinned = { text, digest, at: this.machine.wall, class: classifyText(tool), how: 'accepted' as const };
        return [String(tool['name']), { pinned, candidate: undefined }] as const;
      });
      return { tools: new Map(tools), records: [] };
    });
    for (const { pins } of this.processes) await pins.get(server)?.takeUp(edition);
  }

  async restart(n: number, how: 'kill' | 'stop'): Promise<void> {
    const old = this.process(n);
    if (how === 'stop') {
      for (const { session } of old.seats.values()) void session.end('the gateway stops');
      old.book.close();
    }
    old.isAlive = false;
    this.turns.forget(n);
    this.notes.push({ what: 'killed', process: n });
    for (let quiet = 0; this.turns.isBusy || quiet < 2; quiet += 1) await turn();
    await old.raw.close();
    this.processes[n] = await this.#start(n);
  }

  /** Lets all happen that waits for nothing but its turn. */
  async calm(): Promise<void> {
    this.turns.isFlowing = true;
    this.turns.release(0);
    for (let quiet = 0, rounds = 0; quiet < 2; rounds += 1) {
      if (rounds > 100_000) throw new Error('it never comes to rest');
      this.machine.ring();
      await turn();
      quiet = this.turns.isQuiet && !this.machine.isDue ? quiet + 1 : 0;
    }
    this.turns.isFlowing = false;
  }

  async close(): Promise<void> {
    for (const process of this.processes) {
      process.isAlive = false;
      this.turns.forget(process.n);
    }
    while (this.turns.isBusy) await turn();
    for (const { raw } of this.processes) await raw.close();
  }

  /** Which definition a process takes for accepted; 0 for none. */
  accepted({ pins }: Process, server: string, tool: string): number {
    const newest = this.definitions.get(`${server} ${tool}`) ?? 0;
    for (let version = newest; version > 0; version -= 1) {
      const text = definitionText(toolOf(tool, version));
      if (pins.get(server)?.verdict({ name: tool, text, unfit: undefined }).kind === 'accepted') return version;
    }
    return 0;
  }

  async #start(n: number): Promise<Process> {
    const { machine, turns, notes } = this;
    const raw = await this.#ground.open();
    let process: Process;
    const isAlive = (): boolean => process.isAlive;
    const clock = clockOn(machine, this.#ground.sharedLead ?? { ms: Number.NEGATIVE_INFINITY }, isAlive);
    clock.tick();
    const crypto: Crypto = {
      id: () => this.id('id'),
      digest: (text) => createHmac('sha256', 'key').update(text).digest('hex'),
    };
    const takeTrouble = (): Trouble | undefined => {
      const { trouble } = process;
      process.trouble = undefined;
      return trouble;
    };
    const store = doorTo(raw, {
      process: n,
      turns,
      machine,
      notes,
      isAlive,
      takeTrouble,
      strangers: () => [...this.removed],
    });
    const herald = heraldOf({ clock, settings: () => settingsFor('ticket', this.removed), privacy: () => 'redacted' });
    const book = new ApprovalBook({ store, clock, crypto, herald, onNotices() {}, log() {} });
    const none = { kind: 'none', reason: 'nothing is proposed here' } as const;
    const desk = new LocalDesk({
      store,
      clock,
      crypto,
      herald,
      exceptions: { propose: async () => none, adopt: async () => none },
      whyUnfit: async () => undefined,
      marks: async () => (name) => `mark of ${name}`,
      onChange: () => book.poke(),
    });
    const pins = new Map(
      SERVERS.map((server) => {
        const options = {
          server,
          store: this.#pins,
          clock,
          crypto,
          mode: () => 'hold' as const,
          classifier: async () => classifyText,
          log() {},
        };
        return [server, new PinBook(options)];
      }),
    );
    const flight = new Flight();
    const shared = new SharedTools();
    process = {
      n,
      store,
      raw,
      clock,
      crypto,
      book,
      desk,
      flight,
      shared,
      pins,
      seats: new Map(),
      isAlive: true,
      trouble: undefined,
    };
    return process;
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}
