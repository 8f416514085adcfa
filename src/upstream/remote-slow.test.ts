import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { beginEvents, eventOf, RemoteRig, recordTold } from '../../test/kit/remote-rig.ts';
import { passage } from '../gateway/passage.ts';
import type { Connection } from '../gateway/ports.ts';
import { notification, request } from '../wire/replies.ts';
import { commandUpstream } from './command.ts';

const rig = new RemoteRig();
afterEach(() => rig.end());

const eventually = { timeout: 30_000, interval: 20 };
const MIB = 1024 * 1024;
const EVENTS = 96;
/** What the buffers of both ends hold is far less than this; what the server has is more. */
const HELD = 40 * MIB;

const result = (id: number) => ({ jsonrpc: '2.0', id, result: {} });
const note = (n: number) => ({ jsonrpc: '2.0', method: 'notifications/message', params: { n, text: 'x'.repeat(MIB) } });
const call = (id: number) => passage(request(id, 'tools/call', { name: 'echo' }));

/** Writes as fast as it is read: what `bytes` says was taken from it. */
async function pour(response: ServerResponse, pouring: { bytes: number }, id: number): Promise<void> {
  beginEvents(response);
  for (let n = 0; n < EVENTS; n++) {
    const event = eventOf(note(n));
    const isTaken = response.write(event);
    pouring.bytes += event.length;
    if (!isTaken) await new Promise((resolve) => response.once('drain', resolve));
  }
  response.end(eventOf(result(id)));
}

/** Waits until a number stays the same. */
async function settled(value: () => number): Promise<number> {
  let last = -1;
  let same = 0;
  while (same < 10) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    same = value() === last ? same + 1 : 0;
    last = value();
  }
  return last;
}

describe('while nobody reads', () => {
  it.each(['legacy', 'modern'] as const)(
    'a %s server cannot go on writing, and nothing of it is lost',
    async (era) => {
      const pouring = { bytes: 0 };
      const told = recordTold();
      const { url } = await rig.serve(({ response, id }) => void pour(response, pouring, id));
      const connection: Connection = rig.upstream(url).connect(
        {
          ...told.events,
          received(message, via) {
            if (told.received.length === 0) connection.pause();
            told.events.received(message, via);
          },
        },
        era,
      );
      connection.send(call(1));
      await vi.waitFor(() => expect(told.received.length).toBeGreaterThan(0), eventually);
      const heard = told.received.length;
      expect(await settled(() => pouring.bytes)).toBeLessThan(HELD);
      expect(told.received).toHaveLength(heard);
      expect(heard).toBeLessThan(3);
      connection.pause();
      connection.resume();
      connection.resume();
      await vi.waitFor(() => expect(told.received).toHaveLength(EVENTS + 1), eventually);
      expect(told.received.at(-1)?.[0]).toMatchObject({ kind: 'response', id: 1 });
      expect([...told.failed, ...told.closed, ...told.noise]).toEqual([]);
    },
    60_000,
  );

  it('what is asked meanwhile reaches the server, and its answer waits', async () => {
    const { connection, received, asked } = await rig.meet('modern', ({ response, id }) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result(id)));
    });
    connection.pause();
    connection.send(call(1));
    connection.send(call(2));
    await vi.waitFor(() => expect(asked).toHaveLength(2), eventually);
    await settled(() => received.length);
    expect(received).toEqual([]);
    connection.resume();
    await vi.waitFor(() => expect(received).toHaveLength(2), eventually);
  });

  it('the stream beside the requests waits too', async () => {
    const pouring = { bytes: 0 };
    const { connection, received } = await rig.meet('legacy', ({ what, response }) => {
      if (what === 'GET') void pour(response, pouring, 0);
      else response.writeHead(202).end();
    });
    connection.pause();
    connection.send(passage(notification('notifications/initialized', {})));
    await vi.waitFor(() => expect(pouring.bytes).toBeGreaterThan(0), eventually);
    expect(await settled(() => pouring.bytes)).toBeLessThan(HELD);
    expect(received).toEqual([]);
    connection.resume();
    await vi.waitFor(() => expect(received).toHaveLength(EVENTS), eventually);
  }, 60_000);

  it('a connection can be closed', async () => {
    const pouring = { bytes: 0 };
    const { connection, closed, asked } = await rig.meet(
      'legacy',
      ({ response, id }) => void pour(response, pouring, id),
    );
    connection.pause();
    connection.send(call(1));
    await vi.waitFor(() => expect(asked).toHaveLength(1), eventually);
    await connection.close();
    connection.resume();
    connection.pause();
    expect(closed).toEqual([]);
  });

  it('holding and letting go within what comes, on several streams at once, breaks nothing', async () => {
    const told = recordTold();
    const { url } = await rig.serve(({ response, id }) => {
      const small = (n: number) => eventOf({ jsonrpc: '2.0', method: 'notifications/message', params: { n } });
      beginEvents(response);
      let n = 0;
      const turn = setInterval(() => {
        for (let more = 0; more < 20; more++) response.write(small(n++));
        if (n < 60) return;
        clearInterval(turn);
        response.end(eventOf(result(id)));
      }, 1);
    });
    let last: number | undefined;
    const connection: Connection = rig.upstream(url).connect(
      {
        ...told.events,
        received(message, via) {
          told.events.received(message, via);
          // What another stream brings lets go of the one that was held: within the reading of the other.
          if (via === last) connection.pause();
          else connection.resume();
          last = via;
        },
      },
      'legacy',
    );
    for (let id = 1; id <= 5; id++) connection.send(call(id));
    const again = setInterval(() => connection.resume(), 1);
    await vi.waitFor(() => expect(told.received).toHaveLength(5 * 61), eventually);
    clearInterval(again);
    expect([...told.failed, ...told.closed]).toEqual([]);
  });
});

describe('while nobody reads, a command', () => {
  const POUR = `
    const text = 'x'.repeat(${MIB});
    let n = 0, taken = 0;
    setInterval(() => console.error(taken), 20);
    (function pour() {
      if (n === ${EVENTS}) return;
      process.stdout.write(JSON.stringify({ jsonrpc: '2.0', method: 'm', params: { n: n++, text } }) + '\\n', () => { taken++; setImmediate(pour); });
    })();`;

  it('cannot go on writing, and nothing of it is lost', async () => {
    const told = recordTold();
    const log: string[] = [];
    // A pipe that is not read blocks a program of Node's as a whole, so what it tells ends there as well.
    const upstream = commandUpstream({
      command: [process.execPath, '-e', POUR],
      env: {},
      onLog: (line) => log.push(line),
      graceMs: 200,
    });
    const connection: Connection = upstream.connect(
      {
        ...told.events,
        received(message, via) {
          if (told.received.length === 0) connection.pause();
          told.events.received(message, via);
        },
      },
      'modern',
    );
    await vi.waitFor(() => expect(told.received.length).toBeGreaterThan(0), eventually);
    const heard = told.received.length;
    await settled(() => told.received.length);
    expect(told.received).toHaveLength(heard);
    expect(heard).toBeLessThan(3);
    expect(Number(log.at(-1) ?? 0)).toBeLessThan(EVENTS / 2);
    connection.resume();
    await vi.waitFor(() => expect(told.received).toHaveLength(EVENTS), eventually);
    expect(told.paused).toEqual([]);
    await upstream.close();
  }, 60_000);

  it('that ends is heard to its last line', async () => {
    const told = recordTold();
    const program = `console.log('{"jsonrpc":"2.0","method":"one"}'); process.stdin.once('data', () => { console.log('{"jsonrpc":"2.0","method":"two"}'); process.exit(7); })`;
    const upstream = commandUpstream({ command: [process.execPath, '-e', program], env: {}, onLog() {}, graceMs: 200 });
    const connection = upstream.connect(told.events, 'legacy');
    await vi.waitFor(() => expect(told.received).toHaveLength(1), eventually);
    connection.pause();
    connection.send(call(1));
    await vi.waitFor(
      () => expect(told.closed).toEqual([`the server's process (node) ended with exit code 7`]),
      eventually,
    );
    expect(told.story).toEqual(['received', 'received', 'closed']);
    await upstream.close();
  });

  it('can be closed, and one that was never started can be held', async () => {
    const told = recordTold();
    const upstream = commandUpstream({ command: [process.execPath, '-e', POUR], env: {}, onLog() {}, graceMs: 200 });
    const connection = upstream.connect(told.events, 'legacy');
    await vi.waitFor(() => expect(told.received.length).toBeGreaterThan(0), eventually);
    connection.pause();
    await connection.close();
    expect(told.closed).toEqual([]);
    const missing = commandUpstream({ command: ['/no/such/program'], env: {}, onLog() {} });
    const never = missing.connect(told.events, 'legacy');
    never.pause();
    never.resume();
    await vi.waitFor(() => expect(told.closed).toHaveLength(1), eventually);
    await Promise.all([upstream.close(), missing.close()]);
  });
});
