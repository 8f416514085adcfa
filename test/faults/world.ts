import { createHmac } from 'node:crypto';
import { ApprovalBook } from '../../src/gateway/approvals/approval-book.ts';
import { heraldOf } from '../../src/gateway/approvals/herald-of.ts';
import { Flight } from '../../src/gateway/flight.ts';
import type { ApprovalSettings, Gate, Standing } from '../../src/gateway/gate.ts';
import { DEFAULT_LIMITS } from '../../src/gateway/limits.ts';
import { PinBook } from '../../src/gateway/pins/pin-book.ts';
import type { Connection, ConnectionEvents, Sink, Upstream } from '../../src/gateway/ports.ts';
import { receive } from '../../src/gateway/receive.ts';
import { Session } from '../../src/gateway/session.ts';
import { SharedTools } from '../../src/gateway/shared-tools.ts';
import { compilePolicy } from '../../src/policy/compile.ts';
import { atPointer } from '../../src/policy/diff/at-pointer.ts';
import type { Era } from '../../src/wire/era.ts';
import type { JsonObject } from '../../src/wire/json.ts';
import { readJson, STRICT } from '../../src/wire/read-json.ts';
import { readMessage } from '../../src/wire/read-message.ts';
import { canonicalJson } from '../../src/wire/write-json.ts';
import type { Obj } from '../kit/json-rpc.ts';
import { type MemoryPins, memoryPins } from '../kit/memory-pins.ts';
import { classifyText } from '../kit/text-class.ts';
import { type FakeClock, fakeClock } from './fake-clock.ts';
import { type FakeStore, fakeStore } from './fake-store.ts';
import { type Journal, journal } from './journal.ts';

export const TIMEOUT_MS = 60_000;

const TOOLS = ['send', 'read', 'other'];
const POLICY = {
  version: '1',
  default: 'deny',
  tools: {
    send: { limits: [{ counter: 'sends', window: 'hour', max: 1 }] },
    read: {},
  },
};

/** A session over ports made by hand, with everything that happened at them. */
export interface World {
  readonly journal: Journal;
  readonly clock: FakeClock;
  readonly store: FakeStore;
  readonly gate: Gate;
  /** What is kept of the server's tools. */
  readonly pins: MemoryPins;
  readonly session: Session;
  readonly upstream: Upstream;
  /** What the gateway told its operator. */
  readonly told: string[];
  /** The server's side of the connection, once there is one. */
  server(): ConnectionEvents;
  /** What the server does with a call; replaced by a test. Without it, it answers. */
  onCall: (message: Obj, events: ConnectionEvents) => void;
  /** Whether the grant is good. */
  isGranted: boolean;
  /** Whether the server knows the older era only. */
  isLegacyServer: boolean;
  /** How people are asked. */
  asking: ApprovalSettings;
  /** The document in force. */
  policy: Obj;
  /** What the server answers to `initialize`. */
  revision: string;
  /** The client's message; resolves to the answer as read on the client's side. */
  client(message: Obj, sink?: Partial<Sink>): Promise<Obj | undefined>;
  call(id: string | number, name: string, args?: Obj, more?: Obj): Promise<Obj | undefined>;
  cancel(id: string | number): Promise<Obj | undefined>;
}

const NOBODY_TOLD: ApprovalSettings = {
  url: undefined,
  timeoutMs: 900_000,
  holdMs: 0,
  maxOfGrant: 20,
  maxOfName: 5,
  hooksFor: () => [],
  countsNow: () => true,
  personNamed: () => undefined,
  hasPeople: true,
  localUser: undefined,
};

const CLIENT: Sink = {
  paramHeaders: undefined,
  push: () => true,
  open: () => true,
  isWaiting: () => true,
  pause() {},
};

/** Lets everything happen that waits for nothing from outside. */
export function calm(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}

export function answerCall(message: Obj, events: ConnectionEvents): void {
  events.received({ kind: 'response', id: message['id'] as number, result: { content: [] } }, undefined);
}

const ENVELOPE = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {
    elicitation: {},
    sampling: {},
    roots: {},
    extensions: { 'io.modelcontextprotocol/tasks': {} },
  },
  'io.modelcontextprotocol/clientInfo': { name: 'tester', version: '7' },
};

/** Params of a request of the stateless era. */
export function modern(params: Obj = {}, meta: Obj = {}): Obj {
  return { ...params, _meta: { ...ENVELOPE, ...meta } };
}

/** A world of the stateless era that knows the server's tools; the journal begins empty. */
export async function modernWorld(policy: Obj = POLICY): Promise<World> {
  const world = newWorld(policy, 'modern');
  await world.client({ jsonrpc: '2.0', id: 'list', method: 'tools/list', params: modern() });
  (world.journal.lines as unknown[]).length = 0;
  world.told.length = 0;
  return world;
}

/** A world in which no session was opened yet. */
export function freshLegacyWorld(policy: Obj = POLICY): World {
  return newWorld(policy, 'legacy');
}

/** A world of the stateless era in which nothing was asked yet. */
export function freshModernWorld(policy: Obj = POLICY): World {
  return newWorld(policy, 'modern');
}

/** A world whose session is open and knows the server's tools; the journal begins empty. */
export async function openWorld(policy: Obj = POLICY): Promise<World> {
  const world = newWorld(policy, 'legacy');
  await world.client({ jsonrpc: '2.0', id: 'open', method: 'initialize', params: { protocolVersion: '2025-11-25' } });
  await world.client({ jsonrpc: '2.0', method: 'notifications/initialized' });
  await world.client({ jsonrpc: '2.0', id: 'list', method: 'tools/list' });
  (world.journal.lines as unknown[]).length = 0;
  world.told.length = 0;
  return world;
}

function newWorld(policy: Obj, era: Era): World {
  const book = journal();
  const clock = fakeClock();
  const store = fakeStore(book);
  const told: string[] = [];
  let ids = 0;
  let events: ConnectionEvents | undefined;
  const standings = new Map<Obj, Standing>();
  const standing = (document: Obj): Standing => {
    const known = standings.get(document) ?? standingUnder(document);
    standings.set(document, known);
    return known;
  };
  const pinned = memoryPins();
  const pins = new PinBook({
    server: 'mail',
    store: pinned,
    clock,
    crypto: { id: () => `pin-${++ids}` },
    mode: () => 'hold',
    classifier: async () => classifyText,
    log: (line) => void told.push(line),
  });
  const gate: Gate = {
    version: '1.2.3',
    clock,
    store,
    crypto: { id: () => `id-${++ids}`, digest: (text) => createHmac('sha256', 'key').update(text).digest('hex') },
    standing: () => (world.isGranted ? standing(world.policy) : undefined),
    whyNone: () => 'The grant was revoked.',
    pins: () => pins,
    flight: new Flight(),
    shared: new SharedTools(),
    approvals: new ApprovalBook({
      store: store.approvals,
      clock,
      crypto: { id: () => `question-${++ids}`, digest: (text) => text },
      herald: heraldOf({ clock, settings: () => world.asking, privacy: () => 'redacted' }),
      onNotices() {},
      log: (line) => void told.push(line),
    }),
    approvalSettings: () => world.asking,
    limits: () => DEFAULT_LIMITS,
    audit: () => ({ holdReply: false }),
    privacy: () => 'redacted',
    log: (line) => void told.push(line),
  };
  const connection: Connection = {
    send({ message }) {
      book.sent(message);
      serve(message);
    },
    pause() {},
    resume() {},
    close: async () => {},
  };
  const upstream: Upstream = {
    transport: 'stdio',
    connect(given) {
      events = given;
      return connection;
    },
    close: async () => {},
  };

  function serve({ id, method, params }: JsonObject): void {
    const message = { id, method, params } as Obj;
    const answer = (result: JsonObject): void =>
      events?.received({ kind: 'response', id: id as number, result }, undefined);
    if (method === 'server/discover') {
      if (world.isLegacyServer) {
        const error = { code: -32601, message: 'Method not found' };
        return events?.received({ kind: 'error', id: id as number, error }, undefined);
      }
      answer({ resultType: 'complete', supportedVersions: ['2026-07-28'], capabilities: { tools: {} }, ttlMs: 0 });
    }
    if (method === 'initialize') answer({ protocolVersion: world.revision, capabilities: { tools: {} } });
    if (method === 'tools/list') answer({ tools: TOOLS.map((name) => ({ name, inputSchema: { type: 'object' } })) });
    const isCall = method === 'tools/call' || String(method).startsWith('tasks/');
    if (isCall && events) world.onCall(message, events);
  }

  const session = new Session(gate, {
    grant: 'laptop',
    server: 'mail',
    upstream,
    front: { attached: () => true, push() {}, ended() {} },
    era,
    timeoutMs: TIMEOUT_MS,
    idleMs: 1_000_000,
    onEnd() {},
  });
  const world: World = {
    journal: book,
    clock,
    store,
    gate,
    pins: pinned,
    session,
    upstream,
    told,
    server() {
      if (!events) throw new Error('the session has no connection yet');
      return events;
    },
    onCall: answerCall,
    isGranted: true,
    asking: NOBODY_TOLD,
    policy,
    isLegacyServer: false,
    revision: '2025-11-25',
    async client(message, sink = {}) {
      const read = readMessage(JSON.stringify(message), STRICT);
      const answer = await receive(session, read, { ...CLIENT, ...sink });
      return answer === undefined ? undefined : (JSON.parse(JSON.stringify(answer)) as Obj);
    },
    call: (id, name, args = {}, more = {}) => {
      const params = { name, arguments: args, ...more };
      const dressed = era === 'modern' ? modern(params) : params;
      return world.client({ jsonrpc: '2.0', id, method: 'tools/call', params: dressed });
    },
    cancel: (requestId) =>
      world.client({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId, reason: 'enough' } }),
  };
  return world;
}

function standingUnder(document: Obj): Standing {
  const read = readJson(JSON.stringify(document), STRICT);
  const compiled = read.kind === 'value' ? compilePolicy(read.value, 'policy') : undefined;
  if (compiled?.kind !== 'policy') throw new Error(`the test's own policy is broken: ${JSON.stringify(compiled)}`);
  return {
    grant: { name: 'laptop', owner: 'alice', labels: {} },
    policies: { policy: compiled.policy, baseline: undefined },
    policyName: 'careful',
    policyDigest: 'digest',
    baselineDigest: undefined,
    ruleText: (_, pointer) => {
      const rule = read.kind === 'value' ? atPointer(read.value, pointer) : undefined;
      return rule === undefined ? undefined : canonicalJson(rule);
    },
    classes: new Map(),
  };
}
