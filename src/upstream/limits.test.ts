import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { beginEvents, RemoteRig, recordTold } from '../../test/kit/remote-rig.ts';
import { passage } from '../gateway/passage.ts';
import type { Upstream } from '../gateway/ports.ts';
import { RELAY, type ReadLimits } from '../wire/read-json.ts';
import { request } from '../wire/replies.ts';
import { type CommandOptions, commandUpstream } from './command.ts';

const rig = new RemoteRig();
const commands: Upstream[] = [];
afterEach(async () => {
  await Promise.all(commands.splice(0).map((upstream) => upstream.close()));
  await rig.end();
});

const eventually = { timeout: 20_000, interval: 10 };
const LIMIT = 10 * 1024 * 1024;
const FRAME = JSON.stringify({ jsonrpc: '2.0', id: 1, result: '' });
/** An answer of so many bytes. */
const answerOf = (bytes: number): string => FRAME.replace('""', `"${'x'.repeat(bytes - FRAME.length)}"`);
const ping = passage(request(1, 'ping', {}));

function command(program: string, more: Partial<CommandOptions> = {}): Upstream {
  const upstream = commandUpstream({
    command: [process.execPath, '-e', program],
    env: {},
    onLog() {},
    graceMs: 200,
    ...more,
  });
  commands.push(upstream);
  return upstream;
}

describe('10 MiB are taken, and one byte more is not', () => {
  const ways: readonly (readonly [string, (response: ServerResponse, text: string) => void, number, string])[] = [
    [
      'as JSON',
      (response, text) => response.writeHead(200, { 'content-type': 'application/json' }).end(text),
      0,
      "1 lost: the server's answer has more than 10 MiB",
    ],
    [
      'as an event',
      (response, text) => beginEvents(response).end(`data: ${text}\n\n`),
      'data: '.length,
      "1 lost: the server's event stream is unreadable: an event is larger than allowed (10 MiB an event)",
    ],
  ];

  it.each(ways)('%s', async (_, write, frame, reason) => {
    for (const [more, outcome] of [
      [0, { received: 1, failed: [] }],
      [1, { received: 0, failed: [reason] }],
    ] as const) {
      const { connection, received, failed } = await rig.meet('modern', ({ response }) =>
        write(response, answerOf(LIMIT - frame + more)),
      );
      connection.send(ping);
      await vi.waitFor(() => expect(received.length + failed.length).toBe(1), eventually);
      expect({ received: received.length, failed }).toEqual(outcome);
    }
  });

  it('as a line of a command', async () => {
    for (const [more, outcome] of [
      [0, ['received']],
      [1, ['closed']],
    ] as const) {
      const told = recordTold();
      const frame = JSON.stringify(FRAME);
      const program = `const frame = ${frame}; process.stdout.write(frame.replace('""', () => '"' + 'x'.repeat(${LIMIT + more} - frame.length) + '"') + '\\n'); setInterval(() => {}, 1000)`;
      const connection = command(program).connect(told.events, 'legacy');
      connection.send(ping);
      await vi.waitFor(() => expect(told.story).toEqual(outcome), eventually);
    }
  });
});

describe('an answer in very small pieces', () => {
  it.each([
    ['as JSON', 'application/json', ''],
    ['as an event', 'text/event-stream', 'data: '],
  ])('%s arrives whole', async (_, type, before) => {
    const size = 400_000;
    const { connection, received } = await rig.meet('modern', async ({ response }) => {
      response.writeHead(200, { 'content-type': type });
      // HTTP chunks of one byte each, as many as the network takes in one piece.
      const text = Buffer.from(`${before}${answerOf(size)}\n\n`);
      const socket = response.socket;
      response.flushHeaders();
      for (let at = 0; at < text.length; at += 5000) {
        const chunks = [...text.subarray(at, at + 5000)].map((byte) => `1\r\n${String.fromCharCode(byte)}\r\n`);
        if (socket?.write(chunks.join('')) === false) await new Promise((resolve) => socket.once('drain', resolve));
      }
      socket?.end('0\r\n\r\n');
    });
    connection.send(ping);
    await vi.waitFor(() => expect(received).toHaveLength(1), eventually);
    expect(received[0]?.[0]).toMatchObject({ kind: 'response', id: 1 });
  });
});

describe('depth and number of values', () => {
  const read: ReadLimits = { ...RELAY, depth: 4, nodes: 20 };
  const deep = '{"jsonrpc":"2.0","id":1,"result":[[[[1]]]]}';
  const many = `{"jsonrpc":"2.0","id":1,"result":[${'1,'.repeat(20)}1]}`;
  const fine = '{"jsonrpc":"2.0","id":1,"result":[[[1]]]}';

  it.each([
    [deep, /nested deeper than allowed/],
    [many, /more values than allowed/],
  ])('hold for a server at a URL', async (text, reason) => {
    const served = [text, fine];
    const { upstream, connection, failed } = await rig.meet(
      'modern',
      ({ response }) => response.writeHead(200, { 'content-type': 'application/json' }).end(served.shift()),
      { read },
    );
    connection.send(ping);
    await vi.waitFor(() => expect(failed).toHaveLength(1), eventually);
    expect(failed[0]).toMatch(reason);
    const next = recordTold();
    upstream.connect(next.events, 'legacy').send(ping);
    await vi.waitFor(() => expect(next.received).toHaveLength(1), eventually);
  });

  it('hold for a command', async () => {
    const told = recordTold();
    command(`console.log(${JSON.stringify([deep, many, fine].join('\n'))}); setInterval(() => {}, 1000)`, {
      read,
    }).connect(told.events, 'legacy');
    await vi.waitFor(() => expect(told.story).toEqual(['noise', 'noise', 'received']), eventually);
    expect(told.noise[0]).toMatch(/nested deeper than allowed/);
    expect(told.noise[1]).toMatch(/more values than allowed/);
  });
});

it('a command that crashed is started anew by the next connection', async () => {
  const upstream = command(
    `console.log(JSON.stringify({ jsonrpc: '2.0', method: 'pid', params: { pid: process.pid } })); process.stdin.once('data', () => process.exit(3))`,
  );
  const pids = new Set<unknown>();
  for (let turn = 0; turn < 3; turn++) {
    const told = recordTold();
    const connection = upstream.connect(told.events, turn === 1 ? 'modern' : 'legacy');
    await vi.waitFor(() => expect(told.received).toHaveLength(1), eventually);
    const [message] = told.received[0] ?? [];
    pids.add(message?.kind === 'notification' ? message.params['pid'] : undefined);
    connection.send(ping);
    await vi.waitFor(
      () => expect(told.closed).toEqual([`the server's process (node) ended with exit code 3`]),
      eventually,
    );
  }
  expect(pids.size).toBe(3);
  expect(upstream.transport).toBe('stdio');
});
