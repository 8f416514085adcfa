import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/wire/json.ts';
import type { Obj } from '../kit/json-rpc.ts';
import { objAt } from '../kit/json-rpc.ts';
import { question, somebody } from './approval-people.ts';
import { heard, said } from './seen.ts';
import { calm, modern, modernWorld, type World } from './world.ts';

const ASKS = { version: '1', default: 'deny', tools: { send: { action: 'require_approval' } } };
const CAPABILITIES = 'io.modelcontextprotocol/clientCapabilities';
const TASKS = { extensions: { 'io.modelcontextprotocol/tasks': {} } };

interface Started {
  readonly one: World;
  readonly id: string;
}

let ids = 0;

function request(one: World, method: string, params: Obj): Promise<Obj | undefined> {
  ids += 1;
  return one.client({ jsonrpc: '2.0', id: ids, method, params: modern(params, { [CAPABILITIES]: TASKS }) });
}

async function ask(one: World, args: Obj = { to: 'bob' }): Promise<string> {
  const answer = objAt(await request(one, 'tools/call', { name: 'send', arguments: args }), 'result');
  expect(answer['resultType']).toBe('task');
  return answer['taskId'] as string;
}

/** A call that waits for a person as a task. `serve`: what the server answers to what reaches it. */
async function started(serve: (message: Obj) => Obj | undefined): Promise<Started> {
  const one = await modernWorld(ASKS);
  one.onCall = (message, server) => {
    const result = serve(message);
    if (result === undefined) return;
    server.received({ kind: 'response', id: message['id'] as number, result: result as Json }, undefined);
  };
  return { one, id: await ask(one) };
}

const look = (one: World, taskId: string): Promise<Obj | undefined> => request(one, 'tasks/get', { taskId });

const statusOf = (answer: unknown): unknown => objAt(answer, 'result')['status'];

const DONE = { resultType: 'complete', content: [{ type: 'text', text: 'sent it' }] };

const begun = (taskId: string): Obj => ({ resultType: 'task', taskId, status: 'working' });

describe('a server that makes a task of an approved call', () => {
  it('is asked under its own id, and answers under that of the question', async () => {
    const { one, id } = await started(({ method }) =>
      method === 'tools/call' ? begun('theirs') : { ...DONE, taskId: 'theirs', status: 'completed' },
    );
    await somebody(one, 'carol').approve(id);
    expect(objAt(await look(one, id), 'result')).toMatchObject({ taskId: id, status: 'completed' });
    expect(one.journal.got('tasks/get').map((message) => objAt(message, 'params')['taskId'])).toEqual(['theirs']);
  });

  it('cannot give it the id of the question: its answer is an error, and every look ends', async () => {
    let named = '';
    const { one, id } = await started(() => begun(named));
    named = id;
    await somebody(one, 'carol').approve(id);
    for (let n = 0; n < 3; n += 1) {
      const told = objAt(await look(one, id), 'result');
      expect(told).toMatchObject({ taskId: id, status: 'failed' });
      expect(objAt(told, 'error')['message']).toContain('may have taken effect');
    }
    expect(heard(one)).toBe(1);
    expect(one.journal.got('tasks/get')).toEqual([]);
  });

  it('cannot give it any id that is like one of the gateway: nobody reaches a task by it', async () => {
    const one = await modernWorld({ ...ASKS, tools: { send: {} } });
    one.onCall = ({ id }, server) =>
      server.received({ kind: 'response', id: id as number, result: begun('ap_theirs') as Json }, undefined);
    const answer = await request(one, 'tools/call', { name: 'send', arguments: {} });
    expect(objAt(answer, 'error')['message']).toMatch(/"ap_".*may have taken effect/);
    expect(said(await look(one, 'ap_theirs'))).toContain('Unknown task');
    expect(one.journal.got('tasks/get')).toEqual([]);
  });

  it('is not asked any more once the grant is revoked', async () => {
    const { one, id } = await started(({ method }) =>
      method === 'tools/call' ? begun('theirs') : { ...DONE, status: 'working' },
    );
    await somebody(one, 'carol').approve(id);
    await look(one, id);
    one.isGranted = false;
    expect(said(await look(one, id))).toContain('The grant was revoked');
    expect(one.journal.got('tasks/get')).toHaveLength(1);
  });
});

describe('a grant that may have one request under way', () => {
  async function narrow(serve: (message: Obj) => Obj | undefined): Promise<Started> {
    const from = await started(serve);
    const limits = { ...from.one.gate.limits(), calls: 1 };
    Object.assign(from.one.gate, { limits: () => limits });
    return from;
  }

  it('has its approved call sent in the place of the look at it', async () => {
    const { one, id } = await narrow(() => DONE);
    await somebody(one, 'carol').approve(id);
    expect(statusOf(await look(one, id))).toBe('completed');
    expect(heard(one)).toBe(1);
  });

  it('has its place taken by the call that is not answered yet, until it is', async () => {
    let isSlow = true;
    const { one, id } = await narrow(() => (isSlow ? undefined : DONE));
    await somebody(one, 'carol').approve(id);
    const first = look(one, id);
    await calm();
    expect(said(await request(one, 'tools/list', {}))).toContain('wait for answers already');
    one.clock.advance(1_000);
    expect(statusOf(await first)).toBe('working');
    expect(said(await look(one, id))).toContain('wait for answers already');
    const [sent] = one.journal.got('tools/call');
    one.server().received({ kind: 'response', id: sent?.['id'] as number, result: DONE as Json }, undefined);
    await calm();
    expect(statusOf(await look(one, id))).toBe('completed');
    isSlow = false;
    expect(heard(one)).toBe(1);
    // All places are free again.
    await one.gate.flight.stop();
  });

  it('that is stopping sends nothing that is approved', async () => {
    const { one, id } = await narrow(() => DONE);
    await somebody(one, 'carol').approve(id);
    await one.gate.flight.stop();
    await look(one, id);
    expect(heard(one)).toBe(0);
    expect(question(one).state).toBe('approved');
  });
});

describe('answers that wait for their client', () => {
  const BIG = 9_000_000;

  async function approvedOnes(one: World, first: string, count: number): Promise<string[]> {
    const all = [first];
    while (all.length < count) all.push(await ask(one, { to: `bob ${all.length}` }));
    for (const id of all) {
      await somebody(one, 'carol').approve(id);
      expect(statusOf(await look(one, id))).toBe('completed');
    }
    return all;
  }

  it('are kept within a bound together: of the oldest it is told only that it was sent', async () => {
    const big = { resultType: 'complete', content: [{ type: 'text', text: 'x'.repeat(BIG) }] };
    const { one, id } = await started(() => big);
    const all = await approvedOnes(one, id, 5);
    const last = all.at(-1) ?? '';
    expect(JSON.stringify(await look(one, last)).length).toBeGreaterThan(BIG);
    const told = objAt(await look(one, id), 'result');
    expect(told).toMatchObject({ status: 'completed', result: { isError: true } });
    expect(JSON.stringify(told)).toContain('was sent; what it gave is not kept');
    expect(heard(one)).toBe(5);
  });

  it('are all kept where they are small', async () => {
    const { one, id } = await started(() => DONE);
    for (const each of await approvedOnes(one, id, 5)) {
      expect(JSON.stringify(await look(one, each))).toContain('sent it');
    }
  });
});
