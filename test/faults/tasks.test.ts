import { describe, expect, it } from 'vitest';
import { tellListsChanged } from '../../src/gateway/news.ts';
import type { Json } from '../../src/wire/json.ts';
import { type Obj, objAt } from '../kit/json-rpc.ts';
import { rule, said } from './seen.ts';
import { calm, modern, modernWorld, openWorld, type World } from './world.ts';

const OPEN = { version: '1', default: 'allow', tools: {} };
const NO_SAMPLING = { ...OPEN, requests: { sampling: 'deny', elicitation: 'allow' } };
const CAPABILITIES = 'io.modelcontextprotocol/clientCapabilities';

const form = (message: string): Obj => ({
  method: 'elicitation/create',
  params: { message, requestedSchema: { type: 'object' } },
});
const SAMPLE: Obj = { method: 'sampling/createMessage', params: { messages: [], maxTokens: 1 } };

/** A server whose every call begins `task-1`; each look at it gives the next of these answers, the last one again and again. */
async function withTask(policy: Obj, ...looks: readonly Obj[]): Promise<World> {
  const world = await modernWorld(policy);
  let look = 0;
  world.onCall = ({ id, method }, events) => {
    const begun = { resultType: 'task', taskId: 'task-1', status: 'working' };
    const seen = looks[Math.min(look, looks.length - 1)] ?? {};
    if (method !== 'tools/call') look += 1;
    const result = method === 'tools/call' ? begun : { resultType: 'complete', taskId: 'task-1', ...seen };
    events.received({ kind: 'response', id: id as number, result: result as Json }, undefined);
  };
  await world.call(1, 'send');
  return world;
}

function ask(world: World, method = 'tasks/get', meta: Obj = {}): Promise<Obj | undefined> {
  return world.client({ jsonrpc: '2.0', id: 9, method, params: modern({ taskId: 'task-1' }, meta) });
}

const waiting = (inputRequests: Obj): Obj => ({ status: 'input_required', inputRequests });

describe('a client that does not declare the tasks extension', () => {
  it.each(['tasks/get', 'tasks/update', 'tasks/cancel'])('is told what is missing at %s', async (method) => {
    const world = await withTask(OPEN);
    const answer = await ask(world, method, { [CAPABILITIES]: { elicitation: {} } });
    expect(objAt(answer, 'error')).toMatchObject({
      code: -32021,
      data: { requiredCapabilities: { extensions: { 'io.modelcontextprotocol/tasks': {} } } },
    });
    expect(world.journal.got(method)).toEqual([]);
  });
});

describe('what a task asks of the client', () => {
  it('is on record once, however often it is looked at', async () => {
    const world = await withTask(NO_SAMPLING, waiting({ q: form('Really?') }));
    for (let look = 0; look < 3; look++) {
      expect(objAt(await ask(world), 'result')).toMatchObject({ inputRequests: { q: form('Really?') } });
    }
    await calm();
    expect(world.journal.records('call').filter((body) => body['method'] === 'elicitation/create')).toHaveLength(1);
  });

  it('is judged by what is asked, not by the key under which something else was asked before', async () => {
    const world = await withTask(NO_SAMPLING, waiting({ q: form('Really?') }), waiting({ q: SAMPLE }));
    await ask(world);
    const second = await ask(world);
    expect(said(second)).toMatch(/^\[POLICY DENIED\] The server asks the client for sampling\/createMessage/);
    expect(JSON.stringify(second)).not.toContain('maxTokens');
  });

  it('is on record again when it asks for something else under the same key', async () => {
    const world = await withTask(
      NO_SAMPLING,
      waiting({ q: form('Your name?') }),
      waiting({ q: form('Your password?') }),
    );
    await ask(world);
    await ask(world);
    await calm();
    expect(world.journal.records('call').filter((body) => body['method'] === 'elicitation/create')).toHaveLength(2);
  });

  it('is refused once the grant has lost its standing, though it was asked before', async () => {
    const world = await withTask(NO_SAMPLING, waiting({ q: form('Really?') }));
    await ask(world);
    world.isGranted = false;
    expect(objAt(await ask(world), 'error')['message']).toBe('The grant was revoked.');
  });

  it('without end is refused: each new question is one too many to keep', async () => {
    const world = await modernWorld(NO_SAMPLING);
    let asked = 0;
    world.onCall = ({ id, method }, events) => {
      const questions = Object.fromEntries(Array.from({ length: 100 }, () => [`q${++asked}`, form(`number ${asked}`)]));
      const result =
        method === 'tools/call'
          ? { resultType: 'task', taskId: 'task-1', status: 'working' }
          : { resultType: 'complete', taskId: 'task-1', ...waiting(questions) };
      events.received({ kind: 'response', id: id as number, result: result as Json }, undefined);
    };
    await world.call(1, 'send');
    for (let look = 0; look < 10; look++) {
      expect(objAt(await ask(world), 'result')['status']).toBe('input_required');
      world.clock.advance(10_000);
    }
    expect(said(await ask(world))).toContain('1000 different questions');
  });

  it('already with the answer that begins the task is judged too', async () => {
    const world = await modernWorld(NO_SAMPLING);
    world.onCall = ({ id }, events) => {
      const result = { resultType: 'task', taskId: 'task-1', ...waiting({ q: SAMPLE }) };
      events.received({ kind: 'response', id: id as number, result: result as Json }, undefined);
    };
    const answer = await world.call(1, 'send');
    expect(said(answer)).toMatch(/^\[POLICY DENIED\] The server asks the client for sampling/);
    expect(JSON.stringify(answer)).not.toContain('maxTokens');
  });
});

describe('a session whose server wants the client to visit a page before it goes on (-32042)', () => {
  const elicitations = [{ mode: 'url', message: 'Sign in', url: 'https://evil.example/login', elicitationId: 'e1' }];

  async function wantsVisit(policy: Obj, data: Obj = { elicitations }): Promise<{ world: World; answer: Obj }> {
    const world = await openWorld(policy);
    world.onCall = ({ id }, events) => {
      const error = { code: -32042, message: 'URL elicitation required', data: data as Json };
      events.received({ kind: 'error', id: id as number, error }, undefined);
    };
    return { world, answer: objAt(await world.call(1, 'send'), 'error') };
  }

  it('is told to the client as it is where the policy lets servers ask, and on record', async () => {
    const { world, answer } = await wantsVisit({ ...OPEN, requests: { elicitation: 'allow' } });
    expect(answer).toEqual({ code: -32042, message: 'URL elicitation required', data: { elicitations } });
    await calm();
    expect(world.journal.records('call')[1]).toMatchObject({ method: 'elicitation/create', decision: 'allow' });
  });

  it('is withheld where the policy forbids it: the client never sees the address', async () => {
    const { answer } = await wantsVisit({ ...OPEN, requests: { elicitation: 'deny' } });
    expect(answer['code']).toBe(-32010);
    expect(answer['message']).toMatch(/^\[POLICY DENIED\] The server asks the client for elicitation\/create/);
    expect(JSON.stringify(answer)).not.toContain('evil.example');
  });

  it('in a form that nobody can judge is withheld', async () => {
    const { answer } = await wantsVisit({ ...OPEN, requests: { elicitation: 'allow' } }, { elicitations: 'https://x' });
    expect(answer['code']).toBe(-32010);
  });
});

describe('a server that misses a capability of the client (-32021)', () => {
  const requiredCapabilities = { sampling: {} };

  async function misses(policy: Obj, meta: Obj = {}): Promise<{ world: World; answer: Obj }> {
    const world = await modernWorld(policy);
    world.onCall = ({ id }, events) => {
      const error = { code: -32021, message: 'sampling is not declared', data: { requiredCapabilities } };
      events.received({ kind: 'error', id: id as number, error }, undefined);
    };
    const params = modern({ name: 'send', arguments: {} }, meta);
    const answer = await world.client({ jsonrpc: '2.0', id: 1, method: 'tools/call', params });
    return { world, answer: objAt(answer, 'error') };
  }

  it('which the policy keeps from it: the client is told that, since it did declare it', async () => {
    const { world, answer } = await misses(NO_SAMPLING);
    expect(answer['code']).toBe(-32010);
    expect(answer['message']).toMatch(/^\[POLICY DENIED\] The server asks the client for sampling\/createMessage/);
    await calm();
    expect(world.journal.records('call')[1]).toMatchObject({ method: 'sampling/createMessage', decision: 'deny' });
  });

  it.each([
    ['which the client does not have', NO_SAMPLING, { [CAPABILITIES]: {} }],
    ['although it was told of it', OPEN, {}],
  ])("%s: the error is the server's own", async (_what, policy, meta) => {
    const { world, answer } = await misses(policy, meta);
    expect(answer).toEqual({ code: -32021, message: 'sampling is not declared', data: { requiredCapabilities } });
    await calm();
    expect(world.journal.records('call')).toHaveLength(1);
  });
});

describe('a subscription to tasks', () => {
  it('asks the server only for tasks of this client whose tools it may still call', async () => {
    const world = await withTask(OPEN);
    const params = modern({ notifications: { taskIds: ['task-1', 'task-2', 7] } });
    void world.client({ jsonrpc: '2.0', id: 'l', method: 'subscriptions/listen', params });
    await calm();
    expect(objAt(world.journal.got('subscriptions/listen')[0], 'params')['notifications']).toEqual({
      taskIds: ['task-1'],
    });
  });

  it('counts for the limit from the moment it is asked for, also while its resources are judged', async () => {
    const world = await modernWorld(OPEN);
    const max = world.gate.limits().listens;
    const listen = (id: number): Promise<Obj | undefined> => {
      const params = modern({ notifications: { resourceSubscriptions: ['file:///a'] } });
      return world.client({ jsonrpc: '2.0', id, method: 'subscriptions/listen', params });
    };
    for (let id = 1; id <= max; id++) void listen(id);
    const beyond = await Promise.race([listen(max + 1), calm().then(() => undefined)]);
    expect(said(beyond)).toContain(`${max} subscriptions`);
  });
});

describe('a subscription at a server that knows none', () => {
  async function listens(
    notifications: Obj,
  ): Promise<{ world: World; pushed: Obj[]; ended: Promise<Obj | undefined> }> {
    const world = await modernWorld(OPEN);
    const pushed: Obj[] = [];
    const sink = { push: (message: unknown) => pushed.push(JSON.parse(JSON.stringify(message)) as Obj) > 0 };
    const params = modern({ notifications });
    const ended = world.client({ jsonrpc: '2.0', id: 'l', method: 'subscriptions/listen', params }, sink);
    await calm();
    const id = world.journal.got('subscriptions/listen')[0]?.['id'] as number;
    world.server().received({ kind: 'error', id, error: { code: -32601, message: 'Method not found' } }, undefined);
    await calm();
    return { world, pushed, ended };
  }

  it('stays open for the news of the gateway itself, and ends with the client', async () => {
    const { world, pushed, ended } = await listens({ toolsListChanged: true, resourceSubscriptions: ['file:///a'] });
    const _meta = { 'io.modelcontextprotocol/subscriptionId': 'l' };
    expect(pushed.splice(0)).toEqual([
      {
        jsonrpc: '2.0',
        method: 'notifications/subscriptions/acknowledged',
        params: { notifications: { toolsListChanged: true }, _meta },
      },
    ]);
    tellListsChanged(world.session, ['tools']);
    expect(pushed).toEqual([{ jsonrpc: '2.0', method: 'notifications/tools/list_changed', params: { _meta } }]);
    await world.cancel('l');
    expect(await ended).toBeUndefined();
    expect(world.session.listens.size).toBe(0);
    expect(world.session.exchanges.size).toBe(0);
  });

  it('ends with the session', async () => {
    const { world, ended } = await listens({ toolsListChanged: true });
    await world.session.end('The grant was revoked.');
    expect(objAt(await ended, 'error')['message']).toContain('The grant was revoked.');
  });

  it('is refused by the server where nothing is asked that the gateway could tell', async () => {
    const { ended } = await listens({ resourceSubscriptions: ['file:///a'] });
    expect(objAt(await ended, 'error')['code']).toBe(-32601);
  });
});

describe('a refused task', () => {
  it('names no rule that would tell of the task of another', async () => {
    const world = await withTask(OPEN);
    const answer = await world.client({
      jsonrpc: '2.0',
      id: 9,
      method: 'tasks/get',
      params: modern({ taskId: 'task-2' }),
    });
    expect(rule(answer)).toBeUndefined();
    expect(said(answer)).toBe('Unknown task: task-2');
  });
});
