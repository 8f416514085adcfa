import { createHmac } from 'node:crypto';
import { ApprovalBook } from '../../src/gateway/approvals/approval-book.ts';
import type { ApprovalStore } from '../../src/gateway/approvals/approval-ports.ts';
import { heraldOf } from '../../src/gateway/approvals/herald-of.ts';
import { LocalDesk } from '../../src/gateway/approvals/local-desk.ts';
import { Flight } from '../../src/gateway/flight.ts';
import type { Gate, Standing } from '../../src/gateway/gate.ts';
import { DEFAULT_LIMITS } from '../../src/gateway/limits.ts';
import { PinBook } from '../../src/gateway/pins/pin-book.ts';
import type { Clock, Connection, ConnectionEvents, PinStore, Sink, Store } from '../../src/gateway/ports.ts';
import { Session } from '../../src/gateway/session.ts';
import { SharedTools } from '../../src/gateway/shared-tools.ts';
import { atPointer } from '../../src/policy/diff/at-pointer.ts';
import type { Policies } from '../../src/policy/policy.ts';
import { openSqliteStore } from '../../src/store/sqlite/open.ts';
import { type JsonObject, objectOf } from '../../src/wire/json.ts';
import { STRICT } from '../../src/wire/read-json.ts';
import { readMessage } from '../../src/wire/read-message.ts';
import { canonicalJson } from '../../src/wire/write-json.ts';
import { clockOn, Machine } from '../faults/law-12-machine.ts';
import { settingsFor } from '../faults/law-12-scene.ts';
import { modern } from '../faults/world.ts';
import type { Obj } from '../kit/json-rpc.ts';
import { classifyText } from '../kit/text-class.ts';
import { TOOLS } from './arbitrary-document.ts';
import type { Documents } from './naive.ts';

const PROCESSES = 2;
export const GRANTS = ['laptop', 'al'] as const;
export type Way = 'legacy ticket' | 'legacy held' | 'ticket' | 'held';
/** What the server does with a call. */
export type Mood = 'answers' | 'unsent' | 'asks';

const QUIET: Sink = {
  paramHeaders: undefined,
  push: () => true,
  open: () => true,
  isWaiting: () => true,
  pause() {},
};
const PERSON = { name: 'ada', roles: new Set(['approver', 'admin'] as const) };

interface Process {
  readonly store: Store & ApprovalStore & PinStore;
  readonly clock: Clock;
  readonly book: ApprovalBook;
  readonly desk: LocalDesk;
  readonly pins: PinBook;
  readonly seats: Map<string, Promise<Seat>>;
}

interface Seat {
  readonly session: Session;
  /** The state with which the next round of the call goes on, where there is one. */
  state: string | undefined;
}

/** Two gateways on one data folder, with one server behind them, that judge by one policy. */
export class ReplayedTown {
  readonly machine = new Machine();
  mood: Mood = 'answers';
  readonly #documents: Documents;
  readonly #policies: Policies;
  readonly #processes: Process[] = [];
  #ids = 0;

  private constructor(documents: Documents, policies: Policies) {
    this.#documents = documents;
    this.#policies = policies;
  }

  static async open(folder: string, documents: Documents, policies: Policies): Promise<ReplayedTown> {
    const town = new ReplayedTown(documents, policies);
    for (let n = 0; n < PROCESSES; n += 1) town.#processes.push(await town.#start(folder));
    return town;
  }

  async close(): Promise<void> {
    for (const { book, store } of this.#processes) {
      book.close();
      await store.close();
    }
  }

  /** Begins a call and lets all happen that waits for nothing from outside. */
  async call(at: number, grant: string, way: Way, name: string, args: JsonObject): Promise<void> {
    const seat = await this.#seat(at, grant, way);
    const params = { name, arguments: args } as Obj;
    const message = { jsonrpc: '2.0', id: `call ${++this.#ids}`, method: 'tools/call' };
    const isModern = !way.startsWith('legacy');
    const more = seat.state === undefined ? {} : { requestState: seat.state, inputResponses: {} };
    seat.state = undefined;
    const whole = { ...message, params: isModern ? modern({ ...params, ...more }) : params };
    // A held call is answered once somebody has said something.
    void seat.session.receive(readMessage(JSON.stringify(whole), STRICT), QUIET).then((reply) => {
      const result = reply?.['result'] as JsonObject | undefined;
      const state = result?.['requestState'];
      if (typeof state === 'string') seat.state = state;
    });
    await calm();
  }

  /** A person answers the oldest open question. */
  async answer(said: 'approve' | 'deny', args: JsonObject | undefined): Promise<void> {
    const [process] = this.#processes;
    const open = ((await process?.store.approvals({ which: 'live', limit: 50 })) ?? []).findLast(
      ({ state }) => state === 'open',
    );
    if (process === undefined || open === undefined) return;
    const viewer = { person: PERSON, channel: 'api', credential: 'mark of ada' } as const;
    await process.desk.answer(open.id, { said, note: undefined, arguments: args }, viewer);
    for (const { book } of this.#processes) book.poke();
    await calm();
  }

  #seat(at: number, grant: string, way: Way): Promise<Seat> {
    const process = this.#processes[at % PROCESSES];
    if (process === undefined) throw new Error('there is no such process');
    const key = `${grant} ${way}`;
    const known = process.seats.get(key);
    if (known !== undefined) return known;
    const seat = this.#sit(process, grant, way);
    process.seats.set(key, seat);
    return seat;
  }

  async #sit(process: Process, grant: string, way: Way): Promise<Seat> {
    const isModern = !way.startsWith('legacy');
    let events: ConnectionEvents | undefined;
    const connection: Connection = {
      send: ({ message }) => this.#serve(message, isModern, events),
      pause() {},
      resume() {},
      close: async () => {},
    };
    const session = new Session(this.#gate(process, grant, way), {
      grant,
      server: 'flows',
      upstream: {
        transport: 'stdio',
        connect(given) {
          events = given;
          return connection;
        },
        close: async () => {},
      },
      front: { attached: () => true, push() {}, ended() {} },
      era: isModern ? 'modern' : 'legacy',
      timeoutMs: 60_000,
      idleMs: 1_000_000_000,
      onEnd() {},
    });
    const say = (message: Obj): Promise<unknown> =>
      session.receive(readMessage(JSON.stringify({ jsonrpc: '2.0', ...message }), STRICT), QUIET);
    if (!isModern) {
      const params = {
        protocolVersion: '2025-11-25',
        clientInfo: { name: 'cursor', version: '1.0' },
        capabilities: {},
      };
      await say({ id: 'open', method: 'initialize', params });
      await say({ method: 'notifications/initialized' });
    }
    await say({ id: 'list', method: 'tools/list', params: isModern ? modern() : {} });
    return { session, state: undefined };
  }

  #serve({ id, method, params }: JsonObject, isModern: boolean, events: ConnectionEvents | undefined): void {
    const answer = (result: unknown): void => {
      const read = JSON.parse(JSON.stringify(result)) as JsonObject;
      events?.received({ kind: 'response', id: id as number, result: read }, undefined);
    };
    const more = isModern ? { resultType: 'complete', ttlMs: 0, cacheScope: 'private' } : {};
    switch (method) {
      case 'server/discover':
        return answer({ ...more, supportedVersions: ['2026-07-28'], capabilities: { tools: {} } });
      case 'initialize':
        return answer({ protocolVersion: '2025-11-25', capabilities: { tools: {} } });
      case 'tools/list':
        return answer({ ...more, tools: TOOLS.map(toolNamed) });
      case 'tools/call': {
        if (this.mood === 'unsent') return events?.failed(id as number, 'unsent', 'the network');
        const isAsking = this.mood === 'asks' && isModern && (params as Obj)['requestState'] === undefined;
        if (isAsking) return answer({ resultType: 'input_required', inputRequests: {}, requestState: 'of the server' });
        return answer({ ...(isModern ? { resultType: 'complete' } : {}), content: [] });
      }
    }
  }

  #gate({ store, clock, book, pins }: Process, grant: string, way: Way): Gate {
    const standing = this.#standing(grant);
    return {
      version: '1.2.3',
      clock,
      crypto: this.#crypto,
      store,
      flight: new Flight(),
      shared: new SharedTools(),
      approvals: book,
      standing: () => standing,
      whyNone: () => '',
      pins: () => pins,
      audit: () => ({ holdReply: false }),
      privacy: () => 'redacted',
      approvalSettings: () => settingsFor(way, new Set()),
      limits: () => DEFAULT_LIMITS,
      log() {},
    };
  }

  #standing(grant: string): Standing {
    const labels: Readonly<Record<string, string>> = grant === 'al' ? { env: 'dev', team: 'al' } : {};
    const documents = this.#documents;
    return {
      grant: { name: grant, owner: 'alice', labels },
      policies: this.#policies,
      policyName: 'p',
      policyDigest: 'd',
      baselineDigest: undefined,
      ruleText: (which, pointer) => {
        const rule = atPointer(documents[which] ?? objectOf([]), pointer);
        return rule === undefined ? undefined : canonicalJson(rule);
      },
      classes: new Map([
        ['get_a', 'read'],
        ['flow_run', 'execute'],
        ['x', 'destructive'],
      ]),
    };
  }

  readonly #crypto = {
    id: (): string => `id-${++this.#ids}`,
    digest: (text: string): string => createHmac('sha256', 'key').update(text).digest('hex'),
  };

  async #start(folder: string): Promise<Process> {
    const clock = clockOn(this.machine, { ms: Number.NEGATIVE_INFINITY }, () => true);
    clock.tick();
    const store = await openSqliteStore({ folder, sync: 'interval', clock, onFault() {} });
    const crypto = this.#crypto;
    const herald = heraldOf({ clock, settings: () => settingsFor('ticket', new Set()), privacy: () => 'redacted' });
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
    const pins = new PinBook({
      server: 'flows',
      store,
      clock,
      crypto,
      mode: () => 'hold',
      classifier: async () => classifyText,
      log() {},
    });
    return { store, clock, book, desk, pins, seats: new Map() };
  }
}

function toolNamed(name: string, index: number): object {
  const properties = { n: { type: 'number' }, a: {} };
  const annotations = index % 2 === 0 ? { readOnlyHint: true } : { destructiveHint: true, title: 'A tool' };
  return { name, inputSchema: { type: 'object', properties }, annotations };
}

/** Lets everything happen that waits for nothing from outside; the store answers in turns of its own. */
async function calm(): Promise<void> {
  for (let turn = 0; turn < 12; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
