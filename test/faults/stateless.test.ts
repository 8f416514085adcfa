import { describe, expect, it } from 'vitest';
import type { Sink } from '../../src/gateway/ports.ts';
import { receive } from '../../src/gateway/receive.ts';
import { Sessions } from '../../src/gateway/sessions.ts';
import { STRICT } from '../../src/wire/read-json.ts';
import { type ReadMessage, readMessage } from '../../src/wire/read-message.ts';
import { type Obj, objAt } from '../kit/json-rpc.ts';
import { unrecordedCalls } from './journal.ts';
import { heard, said } from './seen.ts';
import { calm, freshModernWorld, modern, modernWorld } from './world.ts';

const OPEN = { version: '1', default: 'allow', requests: { sampling: 'deny', roots: 'deny' }, tools: {} };
const CAPABILITIES = 'io.modelcontextprotocol/clientCapabilities';

const asRead = (message: Obj): ReadMessage => readMessage(JSON.stringify(message), STRICT);

describe('a call of the stateless era', () => {
  it('is recorded with the client that it names, and sent with our ids and only the capabilities that the policy lets through', async () => {
    const world = await modernWorld(OPEN);
    const meta = {
      progressToken: 'mine',
      traceparent: '00-1',
      [CAPABILITIES]: {
        sampling: {},
        elicitation: {},
        extensions: { 'com.evil/tunnel': {}, 'io.modelcontextprotocol/tasks': {} },
      },
    };
    const call = {
      jsonrpc: '2.0',
      id: 'a',
      method: 'tools/call',
      params: modern({ name: 'send', arguments: { to: 'bob' } }, meta),
    };
    expect(objAt(await world.client(call), 'result')).toEqual({ content: [] });
    expect(unrecordedCalls(world.journal)).toEqual([]);
    const body = world.journal.records('call')[0];
    expect(body).toMatchObject({ client: { name: 'tester', version: '7' }, tool: 'send' });
    expect(body).not.toHaveProperty('session');
    const sent = objAt(objAt(world.journal.got('tools/call')[0], 'params'), '_meta');
    expect(sent['progressToken']).not.toBe('mine');
    expect(sent['traceparent']).toBe('00-1');
    expect(sent[CAPABILITIES]).toEqual({ elicitation: {}, extensions: { 'io.modelcontextprotocol/tasks': {} } });
  });

  it.each([
    ['no _meta at all', {}, -32602],
    ['no version', { _meta: { [CAPABILITIES]: {} } }, -32602],
    ['no capabilities', { _meta: { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' } }, -32602],
    [
      'a version that nobody knows',
      { _meta: { 'io.modelcontextprotocol/protocolVersion': '2099-01-01', [CAPABILITIES]: {} } },
      -32022,
    ],
  ])('with %s is refused, and the server does not hear of it', async (_what, params, code) => {
    const world = await modernWorld(OPEN);
    const answer = await world.client({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'send', ...params },
    });
    expect(objAt(answer, 'error')['code']).toBe(code);
    expect(heard(world)).toBe(0);
    expect(world.journal.records('refused')).toHaveLength(1);
  });

  it.each([
    'initialize',
    'ping',
    'logging/setLevel',
    'resources/subscribe',
    'tasks/list',
    'tasks/result',
    'tools/evil',
  ])('by the method %s, which the era does not have, is refused as unknown', async (method) => {
    const world = await modernWorld(OPEN);
    const answer = await world.client({ jsonrpc: '2.0', id: 1, method, params: modern() });
    expect(objAt(answer, 'error')['code']).toBe(-32601);
    expect(world.journal.lines.filter(({ what }) => what === 'sent')).toEqual([]);
  });

  it('refused by the policy is a complete result that the model reads', async () => {
    const world = await modernWorld();
    const answer = objAt(await world.call(1, 'other'), 'result');
    expect(answer).toMatchObject({ resultType: 'complete', isError: true });
    expect(heard(world)).toBe(0);
  });

  it('whose server answers with a result of an unknown type: an error, since nobody here can judge it', async () => {
    const world = await modernWorld(OPEN);
    world.onCall = (message, events) =>
      events.received(
        { kind: 'response', id: message['id'] as number, result: { resultType: 'magic', payload: 1 } },
        undefined,
      );
    const answer = await world.call(1, 'send');
    expect(said(answer)).toContain('"magic"');
    expect(JSON.stringify(answer)).not.toContain('payload');
  });

  it('whose client closes the stream is cancelled at the server under our id, and answered to nobody', async () => {
    const world = await modernWorld(OPEN);
    world.onCall = () => {};
    const sink: Sink = {
      paramHeaders: undefined,
      push: () => true,
      open: () => true,
      isWaiting: () => true,
      pause() {},
    };
    const params = modern({ name: 'send', arguments: {} });
    const waiting = receive(world.session, asRead({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }), sink);
    await calm();
    world.session.abandon(sink, 'the client closed the stream');
    expect(await waiting).toBeUndefined();
    const sent = world.journal.got('tools/call')[0];
    expect(objAt(world.journal.got('notifications/cancelled')[0], 'params')['requestId']).toBe(sent?.['id']);
    await calm();
    expect(world.journal.records('outcome')).toMatchObject([{ kind: 'cancelled' }]);
  });

  it('by two clients under one id at the same time: each gets its own answer', async () => {
    const world = await modernWorld(OPEN);
    const late: (() => void)[] = [];
    world.onCall = (message, events) => {
      const text = String(objAt(objAt(message, 'params'), 'arguments')['who']);
      const result = { resultType: 'complete', content: [{ type: 'text', text }] };
      late.push(() => events.received({ kind: 'response', id: message['id'] as number, result }, undefined));
    };
    const both = [world.call(1, 'read', { who: 'ann' }), world.call(1, 'read', { who: 'bob' })];
    await calm();
    for (const answer of late.reverse()) answer();
    expect((await Promise.all(both)).map(said)).toEqual(['ann', 'bob']);
  });
});

describe('a server that knows the older era only', () => {
  it('hears no more than one question: the client is told to fall back', async () => {
    const world = freshModernWorld(OPEN);
    world.isLegacyServer = true;
    const answer = await world.call(1, 'send', { to: 'bob' });
    expect(objAt(answer, 'error')).toMatchObject({
      code: -32022,
      data: { supported: expect.arrayContaining(['2025-11-25']) },
    });
    expect(world.journal.lines.flatMap((line) => (line.what === 'sent' ? [line.message['method']] : []))).toEqual([
      'server/discover',
    ]);
    expect(world.session.phase).toBe('ended');
  });
});

describe('server/discover', () => {
  it('is answered with what is carried and governed here, for this client alone', async () => {
    const world = await modernWorld(OPEN);
    const answer = objAt(
      await world.client({ jsonrpc: '2.0', id: 1, method: 'server/discover', params: modern() }),
      'result',
    );
    expect(answer).toMatchObject({
      supportedVersions: ['2026-07-28'],
      capabilities: { tools: { listChanged: true } },
      cacheScope: 'private',
    });
  });
});

describe('a task that a call began', () => {
  const begins = (world: Awaited<ReturnType<typeof modernWorld>>): void => {
    world.onCall = (message, events) => {
      const result: Obj =
        message['method'] === 'tools/call'
          ? { resultType: 'task', taskId: 'task-1', status: 'working' }
          : { resultType: 'complete', taskId: 'task-1', status: 'completed', result: { content: [] } };
      events.received({ kind: 'response', id: message['id'] as number, result: result as never }, undefined);
    };
  };
  const get = (taskId: string, method = 'tasks/get'): Obj => ({
    jsonrpc: '2.0',
    id: 9,
    method,
    params: modern({ taskId }),
  });

  it('is found by whose call it was; asking is not recorded, ending it is, first', async () => {
    const world = await modernWorld(OPEN);
    begins(world);
    await world.call(1, 'send');
    expect(objAt(await world.client(get('task-1')), 'result')).toMatchObject({ status: 'completed' });
    await world.client(get('task-1', 'tasks/cancel'));
    await calm();
    const kinds = world.journal.lines.flatMap((line) =>
      line.what === 'recorded' ? [line.kind] : [String(line.what === 'sent' ? line.message['method'] : '')],
    );
    expect(kinds.filter((kind) => kind !== 'outcome')).toEqual([
      'call',
      'tools/call',
      'tasks/get',
      'event',
      'tasks/cancel',
    ]);
  });

  it.each(['tasks/get', 'tasks/update', 'tasks/cancel'])(
    '%s of another task is refused, and the server does not hear of it',
    async (method) => {
      const world = await modernWorld(OPEN);
      begins(world);
      await world.call(1, 'send');
      expect(objAt(await world.client(get('task-2', method)), 'error')).toMatchObject({
        code: -32602,
        message: 'Unknown task: task-2',
      });
      expect(world.journal.got(method)).toEqual([]);
    },
  );
});

describe('a subscription', () => {
  const listen = (notifications: Obj): Obj => ({
    jsonrpc: '2.0',
    id: 'l',
    method: 'subscriptions/listen',
    params: modern({ notifications }),
  });
  const RESOURCES = { ...OPEN, resources: { 'file:///secret/*': { action: 'deny' } } };

  it('asks the server only for what the policy lets the client watch, each resource on record', async () => {
    const world = await modernWorld(RESOURCES);
    void world.client(
      listen({
        toolsListChanged: true,
        evilChanged: true,
        resourceSubscriptions: ['file:///open', 'file:///secret/key', 7],
      }),
    );
    await calm();
    await calm();
    const [asked] = world.journal.got('subscriptions/listen');
    expect(objAt(asked, 'params')['notifications']).toEqual({
      toolsListChanged: true,
      resourceSubscriptions: ['file:///open'],
    });
    expect(world.journal.records('call')).toMatchObject([
      { target: 'file:///open', decision: 'allow' },
      { target: 'file:///secret/key', decision: 'deny' },
    ]);
  });

  it('hears what the server tells under the id that the client knows, and nothing of what it may not know', async () => {
    const world = await modernWorld(RESOURCES);
    const pushed: Obj[] = [];
    const sink = { push: (message: unknown) => pushed.push(JSON.parse(JSON.stringify(message)) as Obj) > 0 };
    void world.client(listen({ toolsListChanged: true }), sink);
    await calm();
    const id = world.journal.got('subscriptions/listen')[0]?.['id'] as number;
    const news = (method: string, params: Obj): void =>
      world.server().received(
        {
          kind: 'notification',
          method,
          params: { ...params, _meta: { 'io.modelcontextprotocol/subscriptionId': id, more: 1 } } as never,
        },
        undefined,
      );
    news('notifications/tools/list_changed', {});
    news('notifications/resources/updated', { uri: 'file:///secret/key' });
    expect(pushed).toEqual([
      {
        jsonrpc: '2.0',
        method: 'notifications/tools/list_changed',
        params: { _meta: { 'io.modelcontextprotocol/subscriptionId': 'l', more: 1 } },
      },
    ]);
  });

  it('is one of a few: one more is refused, and the server does not hear of it', async () => {
    const world = await modernWorld(OPEN);
    for (let open = 0; open < 16; open++) void world.client(listen({ toolsListChanged: true }));
    await calm();
    expect(said(await world.client(listen({ toolsListChanged: true })))).toContain('16 subscriptions');
    expect(world.journal.got('subscriptions/listen')).toHaveLength(16);
  });
});

describe('many modern clients of a server that knows the older era only', () => {
  it('are told so without it being started for each of them', async () => {
    const world = freshModernWorld(OPEN);
    world.isLegacyServer = true;
    const upstream = world.upstream;
    const sessions = new Sessions(world.gate);
    const front = { attached: () => false, push() {}, ended() {} };
    const options = { grant: 'laptop', server: 'mail', upstream, front, timeoutMs: 1000, idleMs: 1000 };
    const ask = async (): Promise<unknown> => {
      const lane = sessions.lane({ ...options, era: 'modern', onEnd() {} });
      const sink = { paramHeaders: undefined, push: () => true, open: () => true, isWaiting: () => true, pause() {} };
      const answer = await receive(
        lane,
        asRead({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: modern() }),
        sink,
      );
      return objAt(JSON.parse(JSON.stringify(answer)), 'error')['code'];
    };
    expect(await ask()).toBe(-32022);
    expect(await ask()).toBe(-32022);
    expect(world.journal.got('server/discover')).toHaveLength(1);
    sessions.forgetEra('mail');
    expect(await ask()).toBe(-32022);
    expect(world.journal.got('server/discover')).toHaveLength(2);
  });
});

describe('the acknowledgement of a subscription', () => {
  it('names the lists that the client asked for also where the server has no news of them: the gateway has', async () => {
    const world = await modernWorld(OPEN);
    const pushed: Obj[] = [];
    const sink = { push: (message: unknown) => pushed.push(JSON.parse(JSON.stringify(message)) as Obj) > 0 };
    const params = modern({ notifications: { toolsListChanged: true } });
    void world.client({ jsonrpc: '2.0', id: 'l', method: 'subscriptions/listen', params }, sink);
    await calm();
    const id = world.journal.got('subscriptions/listen')[0]?.['id'] as number;
    const method = 'notifications/subscriptions/acknowledged';
    const told = { notifications: {}, _meta: { 'io.modelcontextprotocol/subscriptionId': id } };
    world.server().received({ kind: 'notification', method, params: told as never }, undefined);
    expect(pushed).toMatchObject([{ method, params: { notifications: { toolsListChanged: true } } }]);
  });
});
