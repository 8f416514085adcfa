import type { Connection, ConnectionEvents, Sink } from '../../src/gateway/ports.ts';
import { Session } from '../../src/gateway/session.ts';
import type { JsonObject } from '../../src/wire/json.ts';
import { STRICT } from '../../src/wire/read-json.ts';
import { readMessage } from '../../src/wire/read-message.ts';
import { type Obj, objAt } from '../kit/json-rpc.ts';
import { atWork, type Probe, probeAtWork } from './law-12-ledger.ts';
import { asObj, toolsOf, type Way } from './law-12-scene.ts';
import type { Process, Town } from './law-12-town.ts';

export interface SeatOptions {
  readonly grant: string;
  readonly server: string;
  readonly way: Way;
}

/** A client's place at one process: a session, with its server behind. */
export interface Seat extends SeatOptions {
  readonly key: string;
  readonly process: Process;
  readonly session: Session;
  readonly isModern: boolean;
  /** Resolves when the session is open. */
  readonly ready: Promise<void>;
  /** The server's side of the connection, once there is one. */
  events: ConnectionEvents | undefined;
  /** Hands a message of the client over; what follows from it is the probe's. */
  send(probe: Probe, message: Obj): void;
  sinkOf(probe: Probe): Sink;
}

const QUIET: Sink = {
  paramHeaders: undefined,
  push: () => true,
  open: () => true,
  isWaiting: () => true,
  pause() {},
};

const SERVED: { readonly [method: string]: JsonObject } = {
  'server/discover': asObj({
    resultType: 'complete',
    supportedVersions: ['2026-07-28'],
    capabilities: { tools: { listChanged: true } },
    ttlMs: 0,
  }) as JsonObject,
  initialize: asObj({ protocolVersion: '2025-11-25', capabilities: { tools: { listChanged: true } } }) as JsonObject,
};

let seats = 0;

export function seatAt(town: Town, process: Process, options: SeatOptions): Seat {
  const { grant, server, way } = options;
  const isModern = !way.startsWith('legacy');
  seats += 1;
  const key = `seat ${seats} of process ${process.n}: ${grant} at ${server} (${way})`;
  const sinks = new Map<Probe, Sink>();
  const connection: Connection = {
    send: ({ message }) => {
      if (process.isAlive) serve(asObj(message));
    },
    pause() {},
    resume() {},
    close: async () => {},
  };

  function serve(message: Obj): void {
    const id = message['id'] as number;
    const answer = (result: unknown): void => {
      if (process.isAlive)
        seat.events?.received({ kind: 'response', id, result: asObj(result) as JsonObject }, undefined);
    };
    const method = String(message['method']);
    const served = SERVED[method];
    if (served !== undefined) return answer(served);
    if (method === 'tools/list') {
      const more = isModern ? { resultType: 'complete', ttlMs: 0, cacheScope: 'private' } : {};
      return answer({ ...more, tools: toolsOf(town.definitions, server) });
    }
    if (method !== 'tools/call') return;
    const params = objAt(message, 'params');
    const probe = probeAtWork();
    town.notes.push({ what: 'sent', probe, seat: key, params });
    const done = isModern ? { resultType: 'complete', content: [] } : { content: [] };
    if (town.mood === 'unsent') {
      if (probe !== undefined) town.notes.push({ what: 'unsent', probe });
      return seat.events?.failed(id, 'unsent', 'the network');
    }
    if (town.mood === 'rounds' && isModern && params['requestState'] === undefined && probe !== undefined) {
      const state = town.id('state');
      town.notes.push({ what: 'minted', probe, state });
      return answer({ resultType: 'input_required', inputRequests: {}, requestState: state });
    }
    if (town.mood === 'holds') return void town.heldAnswers.push(() => answer(done));
    answer(done);
  }

  const session = new Session(town.gate(process, way), {
    grant,
    server,
    upstream: {
      transport: 'stdio',
      connect(given) {
        seat.events = given;
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

  const receive = async (message: Obj, sink: Sink): Promise<Obj | undefined> => {
    const answer = await session.receive(readMessage(JSON.stringify(message), STRICT), sink);
    return answer === undefined ? undefined : asObj(answer);
  };

  async function open(): Promise<void> {
    if (isModern) return;
    const params = {
      protocolVersion: '2025-11-25',
      clientInfo: { name: 'tester', version: '1' },
      capabilities: elicitationOf(way),
    };
    await receive({ jsonrpc: '2.0', id: 'open', method: 'initialize', params }, QUIET);
    await receive({ jsonrpc: '2.0', method: 'notifications/initialized' }, QUIET);
  }

  const seat: Seat = {
    ...options,
    key,
    process,
    session,
    isModern,
    ready: atWork.exit(open),
    events: undefined,
    sinkOf(probe) {
      const known = sinks.get(probe) ?? sinkFor(probe);
      sinks.set(probe, known);
      return known;
    },
    send(probe, message) {
      const told = async (): Promise<void> => {
        await seat.ready;
        if (!process.isAlive) return;
        probe.reply = await receive(message, seat.sinkOf(probe));
        probe.isOver = true;
        town.notes.push({ what: 'answered', probe });
      };
      const failed = (fault: Error): unknown => town.notes.push({ what: 'trouble', told: String(fault.stack) });
      atWork.run(probe, () => told().catch(failed));
    },
  };
  return seat;
}

function sinkFor(probe: Probe): Sink {
  return {
    paramHeaders: undefined,
    push(message) {
      probe.pushed.push(asObj(message));
      return !probe.isClosed;
    },
    open: () => !probe.isClosed,
    isWaiting: () => !probe.isClosed && !probe.isAsleep,
    pause() {},
  };
}

function elicitationOf(way: Way): Obj {
  switch (way) {
    case 'legacy form':
    case 'form':
      return { elicitation: {} };
    case 'legacy url':
    case 'url':
      return { elicitation: { url: {} } };
    case 'tasks':
    case 'tasks form':
      return { elicitation: {}, extensions: { 'io.modelcontextprotocol/tasks': {} } };
    default:
      return {};
  }
}

/** Params of the client's message; each names its client in the modern era. */
export function dressed({ isModern, way }: Seat, params: Obj, progressToken: string | undefined): Obj {
  const meta: Obj = progressToken === undefined ? {} : { progressToken };
  if (!isModern) return progressToken === undefined ? params : { ...params, _meta: meta };
  const envelope = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': elicitationOf(way),
    'io.modelcontextprotocol/clientInfo': { name: 'tester', version: '7' },
  };
  return { ...params, _meta: { ...envelope, ...meta } };
}
