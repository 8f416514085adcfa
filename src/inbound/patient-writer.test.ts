import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { Flow } from '../gateway/flow.ts';
import { type Patience, PatientWriter } from './patient-writer.ts';

const CHUNK = 'x'.repeat(65_536);
const MANY = 400;
/** Patience that never ends within a test. */
const LONG: Patience = { stuckMs: 600_000, waitingBytes: 1024 * 1024 * 1024 };

const open: { readonly server: Server; readonly socket: Socket }[] = [];

afterEach(async () => {
  for (const { server, socket } of open.splice(0)) {
    socket.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

interface Scene {
  readonly writer: PatientWriter;
  readonly response: ServerResponse;
  readonly socket: Socket;
  /** What the connection to the server was told, in order. */
  readonly told: readonly string[];
  readonly closed: Promise<void>;
}

/** A response whose reader does not read. */
async function unread(patience: Patience, requests = 1): Promise<Scene> {
  const told: string[] = [];
  const flow = new Flow();
  flow.use({ pause: () => void told.push('pause'), resume: () => void told.push('resume') });
  let taken = (_response: ServerResponse): void => {};
  const arrived = new Promise<ServerResponse>((resolve) => {
    taken = resolve;
  });
  let come = 0;
  const server = createServer((_request, response) => {
    come += 1;
    if (come === requests) taken(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.on('error', () => {});
  socket.pause();
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(requests));
  open.push({ server, socket });
  const response = await arrived;
  const closed = new Promise<void>((resolve) => void response.once('close', resolve));
  return { writer: new PatientWriter(response, flow, patience), response, socket, told, closed };
}

function writeMany(writer: PatientWriter): boolean[] {
  return Array.from({ length: MANY }, () => writer.write(CHUNK));
}

describe('a reader that reads slowly', () => {
  it('slows the server down, and when it has caught up the server goes on', async () => {
    const { writer, socket, told, response } = await unread(LONG);
    expect(writeMany(writer)).not.toContain(false);
    expect(told).toEqual(['pause']);
    const drained = new Promise((resolve) => response.once('drain', resolve));
    socket.resume();
    await drained;
    expect(told).toEqual(['pause', 'resume']);
    expect(writer.isOpen).toBe(true);
  });

  it('slows it down for a long answer too, until the answer is taken', async () => {
    const { writer, socket, told, response } = await unread(LONG);
    const finished = new Promise((resolve) => response.once('finish', resolve));
    writer.end(CHUNK.repeat(MANY));
    expect(told).toEqual(['pause']);
    socket.resume();
    await finished;
    expect(told).toEqual(['pause', 'resume']);
  });

  it('and leaves: the server goes on', async () => {
    const { writer, socket, told, closed } = await unread(LONG);
    writeMany(writer);
    socket.destroy();
    await closed;
    expect(told).toEqual(['pause', 'resume']);
    expect(writer.write('more')).toBe(false);
  });
});

describe('a reader that does not read at all', () => {
  it('is cut off after a while, and the server goes on', async () => {
    const { writer, told, closed } = await unread({ ...LONG, stuckMs: 100 });
    writeMany(writer);
    await closed;
    expect(told).toEqual(['pause', 'resume']);
    expect(writer.isOpen).toBe(false);
  });

  it('is cut off in the middle of a long answer too', async () => {
    const { writer, told, closed } = await unread({ ...LONG, stuckMs: 100 });
    writer.end(CHUNK.repeat(MANY));
    await closed;
    expect(told).toEqual(['pause', 'resume']);
  });

  it('is cut off at once when more waits for it than may', async () => {
    const { writer, told, closed } = await unread({ ...LONG, waitingBytes: 1024 * 1024 });
    const written = writeMany(writer);
    expect(written[0]).toBe(true);
    expect(written.at(-1)).toBe(false);
    await closed;
    expect(told).toEqual(['pause', 'resume']);
  });

  it('may still get one message that is larger than what may wait', async () => {
    const { writer } = await unread({ ...LONG, waitingBytes: 1024 });
    expect(writer.write(CHUNK.repeat(100))).toBe(true);
    expect(writer.isOpen).toBe(true);
  });

  it('is cut off too when the answer before this one, on the same connection, has no end', async () => {
    const { writer, told, closed } = await unread({ ...LONG, stuckMs: 100 }, 2);
    writeMany(writer);
    await closed;
    expect(told).toEqual(['pause', 'resume']);
  });
});
