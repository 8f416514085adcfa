import { describe, expect, it } from 'vitest';
import { StoreFault } from '../../src/gateway/ports.ts';
import { RELAY } from '../../src/wire/read-json.ts';
import { readMessage } from '../../src/wire/read-message.ts';
import { type Obj, objAt } from '../kit/json-rpc.ts';
import { calm, openWorld, type World } from './world.ts';

const OPEN = { version: '1', default: 'allow', tools: {} };
const QUESTION = {
  jsonrpc: '2.0',
  id: 'q-1',
  method: 'sampling/createMessage',
  params: { messages: [], maxTokens: 1 },
};

/** The server says something; gives what the client was asked, if it was. */
async function serverSays(world: World, message: Obj): Promise<readonly Obj[]> {
  const asked: Obj[] = [];
  Object.assign(world.session.front, { push: (one: Obj) => asked.push(JSON.parse(JSON.stringify(one)) as Obj) });
  const read = readMessage(JSON.stringify(message), RELAY);
  if (read.kind === 'message') world.server().received(read.message, undefined);
  await calm();
  return asked;
}

/** What the server was told since the session opened. */
function told(world: World): readonly Obj[] {
  return world.journal.lines.flatMap((line) => (line.what === 'sent' ? [line.message] : []));
}

describe('a question of the server to the client', () => {
  it('under default deny: refused and recorded, the client hears nothing', async () => {
    const world = await openWorld();
    expect(await serverSays(world, QUESTION)).toEqual([]);
    expect(told(world)).toMatchObject([{ id: 'q-1', error: { message: expect.stringContaining('[POLICY DENIED]') } }]);
    expect(world.journal.records('call')).toMatchObject([{ method: 'sampling/createMessage', decision: 'deny' }]);
  });

  it('under default allow: recorded first, asked under an id of our own, answered once (law 11)', async () => {
    const world = await openWorld(OPEN);
    const [question] = await serverSays(world, QUESTION);
    expect(world.journal.records('call')).toMatchObject([{ method: 'sampling/createMessage', decision: 'allow' }]);
    expect(question?.['id']).not.toBe('q-1');
    const answer = { jsonrpc: '2.0', id: question?.['id'], result: { role: 'assistant' } };
    await world.client(answer);
    await world.client(answer);
    expect(told(world)).toEqual([{ jsonrpc: '2.0', id: 'q-1', result: { role: 'assistant' } }]);
    expect(world.journal.records('refused')).toHaveLength(1);
  });

  it('while the store is down: the client hears nothing, since nothing is on record (law 11)', async () => {
    const world = await openWorld(OPEN);
    world.store.onCommit = async () => {
      throw new StoreFault('the disk is full');
    };
    expect(await serverSays(world, QUESTION)).toEqual([]);
    expect(told(world)).toMatchObject([{ id: 'q-1', error: { message: expect.stringContaining('cannot write') } }]);
  });

  it('or its news of a resource that the client may not read is not passed on', async () => {
    const world = await openWorld({ ...OPEN, resources: { 'file:///srv/secret/*': { action: 'deny' } } });
    const news = (uri: string): Obj => ({
      jsonrpc: '2.0',
      method: 'notifications/resources/updated',
      params: { uri },
    });
    expect(await serverSays(world, news('file:///srv/secret/key'))).toEqual([]);
    expect(await serverSays(world, news('file:///srv/secret/%2e%2e/key'))).toEqual([]);
    expect(await serverSays(world, news('file:///srv/open'))).toMatchObject([{ params: { uri: 'file:///srv/open' } }]);
  });

  it('while its session ends: neither side hears of it again', async () => {
    const world = await openWorld(OPEN);
    world.store.onCommit = async (write) => {
      const committed = write();
      await world.session.end('the client left');
      return committed;
    };
    expect(await serverSays(world, QUESTION)).toEqual([]);
    expect(told(world)).toEqual([]);
  });

  it('of a kind that nobody knows: refused; a notification of such a kind is dropped', async () => {
    const world = await openWorld(OPEN);
    expect(await serverSays(world, { jsonrpc: '2.0', id: 'q-2', method: 'tools/call', params: {} })).toEqual([]);
    expect(await serverSays(world, { jsonrpc: '2.0', method: 'notifications/evil', params: {} })).toEqual([]);
    expect(told(world)).toMatchObject([{ id: 'q-2', error: { code: -32601 } }]);
  });

  it('withdrawn by the server: the client is told under the id it knows, and its late answer goes nowhere', async () => {
    const world = await openWorld(OPEN);
    const [question] = await serverSays(world, QUESTION);
    const cancel = {
      jsonrpc: '2.0',
      method: 'notifications/cancelled',
      params: { requestId: 'q-1', reason: 'no more' },
    };
    const [withdrawn] = await serverSays(world, cancel);
    expect(objAt(withdrawn, 'params')).toEqual({ reason: 'no more', requestId: question?.['id'] });
    await world.client({ jsonrpc: '2.0', id: question?.['id'], result: {} });
    expect(told(world)).toEqual([]);
  });

  it('progress under a token that was not given for a call in flight is dropped', async () => {
    const world = await openWorld(OPEN);
    const progress = { jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken: 1, progress: 1 } };
    expect(await serverSays(world, progress)).toEqual([]);
  });
});
