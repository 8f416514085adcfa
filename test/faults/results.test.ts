import { expect, it } from 'vitest';
import { RELAY } from '../../src/wire/read-json.ts';
import { readMessage } from '../../src/wire/read-message.ts';
import { type Obj, objAt, textOf } from '../kit/json-rpc.ts';
import { calm, openWorld, type World } from './world.ts';

const MASKED = { version: '1', default: 'allow', results: { max_bytes: 200, redact: [{ regex: '[0-9]{4,}' }] } };

async function serverSays(world: World, message: Obj): Promise<readonly Obj[]> {
  const asked: Obj[] = [];
  Object.assign(world.session.front, { push: (one: Obj) => asked.push(JSON.parse(JSON.stringify(one)) as Obj) });
  const read = readMessage(JSON.stringify(message), RELAY);
  if (read.kind === 'message') world.server().received(read.message, undefined);
  await calm();
  return asked;
}

const LOG = { jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info', data: 'PIN 4711' } };

it('a log message is masked; once the grant is gone, none is passed on that nobody judged', async () => {
  const world = await openWorld(MASKED);
  expect(await serverSays(world, LOG)).toMatchObject([{ params: { data: 'PIN [redacted]' } }]);
  world.isGranted = false;
  expect(await serverSays(world, LOG)).toEqual([]);
});

it('a question that is larger than a result may be is not put, and that is on record', async () => {
  const world = await openWorld(MASKED);
  const params = { messages: [{ role: 'user', content: { type: 'text', text: 'x'.repeat(300) } }], maxTokens: 1 };
  const question = { jsonrpc: '2.0', id: 'q', method: 'sampling/createMessage', params };
  expect(await serverSays(world, question)).toEqual([]);
  expect(world.journal.records('refused')).toMatchObject([{ method: 'sampling/createMessage' }]);
  expect(world.journal.records('call')).toEqual([]);
});

it('a withdrawn question is withdrawn, its reason masked', async () => {
  const world = await openWorld(MASKED);
  const params = { messages: [], maxTokens: 1 };
  const [question] = await serverSays(world, { jsonrpc: '2.0', id: 'q', method: 'sampling/createMessage', params });
  const cancel = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 'q', reason: 'PIN 4711' } };
  expect(await serverSays(world, cancel)).toMatchObject([
    { params: { requestId: question?.['id'], reason: 'PIN [redacted]' } },
  ]);
});

it('a reason that quotes the server is masked; what was reserved is given back all the same', async () => {
  const world = await openWorld(MASKED);
  world.onCall = (message, events) => events.failed(message['id'] as number, 'unsent', 'it said 4711');
  const answer = await world.call(1, 'send');
  expect(objAt(answer, 'error')['message']).toContain('it said [redacted]');
  expect(world.journal.records('outcome')).toMatchObject([{ kind: 'unsent', masked: 1 }]);
});

it('the rules of the moment when a call was judged hold for its answer, though the grant is gone since', async () => {
  const world = await openWorld(MASKED);
  world.onCall = (message, events) => {
    world.isGranted = false;
    const result = { content: [{ type: 'text', text: 'PIN 4711' }] };
    events.received({ kind: 'response', id: message['id'] as number, result }, undefined);
  };
  expect(textOf(objAt(await world.call(1, 'send'), 'result'))).toBe('PIN [redacted]');
});
