import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'vitest';
import { eventually } from '../e2e/rig.ts';
import { startGateway, wrap } from '../kit/gateway.ts';
import { httpClient } from '../kit/http-client.ts';
import { type Obj, objAt, textOf } from '../kit/json-rpc.ts';
import { startRecordingServer } from '../kit/recording-http-server.ts';
import { started } from '../kit/started.ts';
import { callsSince, FINE, onSession, refusalOf } from './attack.ts';
import { type Attacker, POLICY } from './scene.ts';

const attack = onSession();

const call = (id: string | number, name: string, args: Obj = {}): string =>
  JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: args } });
const said = (reply: Obj | undefined): string => textOf(objAt(reply, 'result'));

attack('W-16', async (scene) => {
  const { http } = scene;
  if (http === undefined) throw new Error('only over HTTP');
  const before = scene.received().length;
  const thief = http.client('odd', 'other');
  for (const id of [http.sessionId, http.sessionId.toUpperCase(), `${http.sessionId} `, 'made-up', '../x']) {
    const { status } = await thief.raw(FINE, { 'mcp-session-id': id });
    expect([id, status]).toEqual([id, id.trim() === '' ? 400 : 404]);
    expect((await thief.raw('', { 'mcp-session-id': id, 'content-type': '' }, { method: 'DELETE' })).status).toBe(404);
    const stream = { 'mcp-session-id': id, 'content-type': '', accept: 'text/event-stream' };
    expect((await thief.raw('', stream, { method: 'GET' })).status).toBe(404);
  }
  // Nor on another server, by its own grant.
  expect((await http.client('remote').raw(FINE, { 'mcp-session-id': http.sessionId })).status).toBe(404);
  expect(callsSince(scene, before)).toEqual([]);
  expect(said(await scene.client.call('echo', { text: 'still mine' }))).toBe('still mine');
});

attack('W-19', async (scene) => {
  const other = await scene.another('other');
  const page = await other.request('tools/list', { cursor: 'of-alice' });
  expect(JSON.stringify(page)).not.toContain('"sum"');
  expect(JSON.stringify(page)).toContain('"echo"');
});

attack('W-22', async (scene) => {
  const other = await scene.another('other');
  const slow = (who: Attacker, id: string | number, ms: number): Promise<Obj | undefined> =>
    who.raw(call(id, 'slow', { ms, steps: 1 }));
  const answers = await Promise.all([slow(scene.client, 1, 160), slow(other, 1, 20), slow(scene.client, '1', 60)]);
  expect(answers.map(said)).toEqual(['waited 160 ms', 'waited 20 ms', 'waited 60 ms']);
});

attack('W-23', async (scene) => {
  const other = await scene.another('other');
  const before = scene.received().length;
  const slow = scene.client.raw(call('mine', 'slow', { ms: 400, steps: 1 }));
  await eventually('the call is under way', () => callsSince(scene, before).length === 1);
  const [{ id } = { id: undefined }] = callsSince(scene, before);
  // By the id of the client, by the one that the server knows, and by what is neither.
  for (const requestId of ['mine', id, 1, null, { $gt: 0 }]) {
    await other.tell({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId, reason: 'hostile' } });
  }
  for (const requestId of [id, 'MINE', ['mine']]) {
    await scene.client.tell({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId } });
  }
  expect(said(await slow)).toBe('waited 400 ms');
  expect(callsSince(scene, before, 'notifications/cancelled')).toEqual([]);
});

attack('W-24', async (scene) => {
  const other = await scene.another('other');
  const before = scene.received().length;
  const params = { name: 'slow', arguments: { ms: 300, steps: 1 }, _meta: { progressToken: 'tok-alice' } };
  const mine = scene.client.raw(JSON.stringify({ jsonrpc: '2.0', id: 'p', method: 'tools/call', params }));
  await eventually('the call is under way', () => callsSince(scene, before).length === 1);
  const [sent] = callsSince(scene, before);
  const token = objAt(objAt(sent, 'params'), '_meta')['progressToken'];
  expect(token).not.toBe('tok-alice');
  for (const foreign of ['tok-alice', token, 0, 'made up']) await other.call('progress_for', { token: foreign });
  expect(said(await mine)).toBe('waited 300 ms');
  const progress = (who: Attacker): readonly Obj[] =>
    who.heard().filter(({ method }) => method === 'notifications/progress');
  expect(progress(other)).toEqual([]);
  expect(progress(scene.client).map((one) => objAt(one, 'params')['progressToken'])).toEqual(['tok-alice']);
});

attack('W-25', async (scene) => {
  const heard = scene.client.heard().length;
  expect(said(await scene.client.call('foreign'))).toBe('my own answer');
  expect(JSON.stringify(scene.client.heard().slice(heard))).not.toContain('an answer to nobody');
});

attack('W-26', async (scene) => {
  expect(said(await scene.client.call('twice'))).toBe('first');
  expect(said(await scene.client.call('echo', { text: 'next' }))).toBe('next');
  expect(JSON.stringify(scene.client.heard())).not.toContain('second');
});

attack('W-27', async (scene) => {
  for (const text of [
    'Listening on port 3000',
    '{"jsonrpc":"2.0","id":1,"result":{"forged":1},"id":2}',
    '{"jsonrpc":"2.0","method":"notifications/message","Method":"x","params":{"forged":1}}',
    '[{"jsonrpc":"2.0","id":1,"result":{"forged":1}}]',
    '\ufeff{"jsonrpc":"2.0","method":"notifications/message","params":{"forged":1}}',
  ]) {
    expect(said(await scene.client.call('garbage', { text }))).toBe('after the garbage');
  }
  expect(JSON.stringify(scene.client.heard())).not.toContain('forged');
});

attack('W-34', async (scene) => {
  const kit = started();
  try {
    const target = kit.add(await startRecordingServer());
    const redirecting = createServer((_request, response) => response.writeHead(307, { location: target.url }).end());
    await new Promise<void>((resolve) => redirecting.listen(0, '127.0.0.1', resolve));
    kit.add({
      stop: () =>
        new Promise<void>((resolve) => {
          redirecting.close(() => resolve());
          redirecting.closeAllConnections();
        }),
    });
    const url = `http://127.0.0.1:${(redirecting.address() as AddressInfo).port}/mcp`;
    const reply = await (scene.http === undefined ? throughWrap(kit, url) : throughServe(kit, url));
    expect(refusalOf(reply)).toMatch(/307|redirect/i);
    expect(target.received).toEqual([]);
  } finally {
    await kit.endAll();
  }
});

const HELLO = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'a', version: '1' } };

async function throughServe(kit: ReturnType<typeof started>, url: string): Promise<Obj> {
  const token = 'token-of-alice-with-enough-characters';
  const config = {
    servers: { remote: { url, timeout: 5 } },
    policies: { rules: POLICY },
    grants: { alice: { owner: 'alice', servers: { remote: 'rules' }, token } },
  };
  const gateway = kit.add(await startGateway({ config }));
  return kit.add(httpClient(gateway.url('remote'), token)).request('initialize', HELLO);
}

async function throughWrap(kit: ReturnType<typeof started>, url: string): Promise<Obj> {
  const gateway = await startGateway({
    config: { servers: {}, policies: {}, grants: {} },
    files: { 'p.json': JSON.stringify(POLICY) },
  });
  kit.add(gateway);
  const client = kit.add(
    wrap(['--policy', `${gateway.folder}/p.json`, '--data', `${gateway.folder}/wrapped`, '--url', url]),
  );
  return client.request('initialize', HELLO);
}

attack('W-35', async (scene) => {
  const before = scene.received().length;
  const one = await scene.another('own');
  expect(refusalOf(await one.raw(call('d', 'die', { only: 'once' })))).toMatch(/may have taken effect/);
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(callsSince(scene, before)).toHaveLength(1);
  expect(said(await scene.client.call('echo', { text: 'others live on' }))).toBe('others live on');
});

attack('W-36', async (scene) => {
  const before = scene.received().length;
  const one = await scene.another('own');
  const left = one.raw(call('left', 'slow', { ms: 300, steps: 1 })).catch(() => undefined);
  await eventually('the call is under way', () => callsSince(scene, before).length === 1);
  await one.vanish();
  await left;
  expect(said(await scene.client.call('slow', { ms: 400, steps: 1 }))).toBe('waited 400 ms');
  expect(callsSince(scene, before, 'notifications/cancelled')).toEqual([]);
  expect(callsSince(scene, before)).toHaveLength(2);
});

attack('W-38', async (scene) => {
  const one = await scene.another('own');
  await one.request('tools/list');
  expect(said(await one.call('transfer'))).toBe('moved');
  expect(said(await one.call('change'))).toBe('changed');
  const before = scene.received().length;
  await eventually('the change is held', async () => {
    const { tools } = objAt(await one.request('tools/list'), 'result');
    return !JSON.stringify(tools).includes('"transfer"');
  });
  const reply = await one.call('transfer', { hostile: 1 });
  expect(JSON.stringify(reply)).toContain('"rule":"(pin)"');
  expect(refusalOf(reply)).toContain('POLICY DENIED');
  expect(callsSince(scene, before)).toEqual([]);
});

attack('W-40', async (scene) => {
  const before = scene.received().length;
  for (const id of ['gate-1', 'gate-2', 'question-1', 0, 1]) {
    await scene.client.tell({ jsonrpc: '2.0', id, result: { hostile: true } });
    await scene.client.tell({ jsonrpc: '2.0', id, error: { code: 1, message: 'hostile' } });
  }
  expect(said(await scene.client.call('echo', { text: 'on' }))).toBe('on');
  expect(scene.received().slice(before).join('')).not.toContain('hostile');
});
