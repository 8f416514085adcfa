import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type AdminServer, adminServer, tokenOf } from '../../test/kit/admin-server.ts';
import { fakeDesk } from '../../test/kit/fake-desk.ts';

const PAGE = { records: [JSON.stringify('x'.repeat(8_000_000))], next: undefined };
const ann = { authorization: `Bearer ${tokenOf('ann')}` };
const ask = (name = 'ann') =>
  server.ask('/api/audit', { headers: { authorization: `Bearer ${tokenOf(name)}` } }).then(({ status }) => status);

let server: AdminServer;
let sockets: Socket[] = [];
let looks = 0;
let isHeldUp = false;
let goOn = Promise.withResolvers<void>();

beforeEach(async () => {
  [sockets, looks, isHeldUp, goOn] = [[], 0, false, Promise.withResolvers<void>()];
  const look = async () => {
    looks += 1;
    if (isHeldUp) await goOn.promise;
  };
  const audit = { page: () => look().then(() => PAGE), one: () => look().then(() => undefined) };
  server = await adminServer({ desk: fakeDesk([]), audit });
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await server.stop();
});

/** Asks for pages, one after the other on one connection, and reads nothing of what comes. */
function neverRead(times: number): Socket {
  const socket = connect(server.port, '127.0.0.1');
  socket.on('error', () => {}).pause();
  sockets.push(socket);
  const head = `GET /api/audit HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: ${ann.authorization}\r\n\r\n`;
  socket.write(head.repeat(times));
  return socket;
}

it('who fetches no answer is given eight, and others as many as they like', async () => {
  for (let nth = 0; nth < 6; nth += 1) neverRead(3);
  await vi.waitFor(() => expect(looks).toBe(8));
  expect(await ask()).toBe(429);
  expect(await ask('vic')).toBe(200);
  expect(looks).toBe(9);
  for (const socket of sockets) socket.destroy();
  await vi.waitFor(async () => expect(await Promise.all([ask(), ask(), ask()])).toEqual([200, 200, 200]));
});

it('a search whose asker has left counts until it is over', async () => {
  isHeldUp = true;
  const open = Array.from({ length: 8 }, () => neverRead(1));
  await vi.waitFor(() => expect(looks).toBe(8));
  for (const socket of open) socket.destroy();
  expect(await ask()).toBe(429);
  goOn.resolve();
  await vi.waitFor(async () => expect(await ask()).toBe(200));
});

it('answers that are fetched leave room for more', async () => {
  for (let nth = 0; nth < 12; nth += 1) expect(await ask()).toBe(200);
  for (let nth = 0; nth < 12; nth += 1) expect((await server.ask('/api/audit/x', { headers: ann })).status).toBe(404);
});
