import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../gateway/limits.ts';
import { type HttpListener, type HttpOptions, listenHttp, type PageHandler } from './http-server.ts';

let listener: HttpListener;
let asked: number;
let refused: string[];
let answer: PageHandler;
const sockets: Socket[] = [];

const ASK = 'GET /approvals HTTP/1.1\r\nHost: localhost\r\n\r\n';
const answered = (text: string): number => text.split('HTTP/1.1 200').length - 1;

beforeEach(async () => {
  [asked, refused] = [0, []];
  answer = async (_, response) => {
    asked++;
    await new Promise(setImmediate);
    response.end(`answer ${asked}`);
    return true;
  };
  const options = {
    host: '127.0.0.1',
    port: 0,
    endpoint: { limits: () => DEFAULT_LIMITS },
    strangers: { refused: (source: string, reason: string) => void refused.push(`${source}: ${reason}`) },
    pages: (request, response) => answer(request, response),
    tokens: () => new Map(),
    guard: () => ({ hosts: [], origins: [] }),
    isReady: async () => true,
    log() {},
  } satisfies Partial<Record<keyof HttpOptions, unknown>> & { pages: PageHandler };
  listener = await listenHttp(options as unknown as HttpOptions);
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await listener.close();
});

interface Peer {
  readonly socket: Socket;
  heard(): string;
  isOver(): boolean;
}

function peer(): Peer {
  const socket = connect(listener.port, '127.0.0.1');
  sockets.push(socket);
  let [text, over] = ['', false];
  socket.on('data', (chunk) => {
    text += chunk.toString();
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    over = true;
  });
  return { socket, heard: () => text, isOver: () => over };
}

async function until(is: () => boolean): Promise<void> {
  while (!is()) await sleep(5);
}

describe('one connection', () => {
  it('may ask a few times before it reads, and gets every answer', async () => {
    const { socket, heard } = peer();
    socket.write(ASK.repeat(16));
    await until(() => answered(heard()) === 16);
    // As often as it likes, as long as it reads.
    for (let at = 0; at < 10; at++) {
      socket.write(ASK.repeat(10));
      await until(() => answered(heard()) === 26 + at * 10);
    }
    expect(refused).toEqual([]);
  });

  it('that asks and asks is ended, and what it asked beyond is no work for anybody', async () => {
    const { socket, isOver } = peer();
    socket.write(ASK.repeat(2_000));
    await until(isOver);
    expect(asked).toBe(16);
    expect(refused).toEqual(['127.0.0.1: too many requests at once on one connection']);
    const other = peer();
    other.socket.write(ASK);
    await until(() => answered(other.heard()) === 1);
  });

  it('that ended leaves nothing to wait for, also of answers that never had their turn', async () => {
    answer = () => new Promise(() => {});
    const { socket } = peer();
    socket.write(ASK.repeat(5));
    await sleep(50);
    socket.destroy();
    await sleep(50);
    await listener.close();
  });
});
