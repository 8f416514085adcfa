import { describe, expect, it } from 'vitest';
import type { ConnectionEvents } from '../../src/gateway/ports.ts';
import type { Obj } from '../kit/json-rpc.ts';
import { objAt } from '../kit/json-rpc.ts';
import { question, questions, somebody } from './approval-people.ts';
import { heard, said } from './seen.ts';
import { calm, freshLegacyWorld, modern, modernWorld, type World } from './world.ts';

const ASKS = { version: '1', default: 'deny', tools: { send: { action: 'require_approval' }, read: {} } };
const CAPABILITIES = 'io.modelcontextprotocol/clientCapabilities';
const TASKS = { extensions: { 'io.modelcontextprotocol/tasks': {} } };
const ARGS = { to: 'bob' };

function request(
  world: World,
  id: number,
  capabilities: Obj,
  params: Obj,
  method = 'tools/call',
): Promise<Obj | undefined> {
  const dressed = modern(params, { [CAPABILITIES]: capabilities });
  return world.client({ jsonrpc: '2.0', id, method, params: dressed });
}

function asked(answer: unknown): Obj {
  return objAt(objAt(objAt(objAt(answer, 'result'), 'inputRequests'), 'toolgate.approval'), 'params');
}

async function world(capabilities: 'url' | 'form', hold = 0): Promise<World> {
  const one = await modernWorld(ASKS);
  const url = capabilities === 'url' ? 'https://gate.example' : undefined;
  one.asking = { ...one.asking, holdMs: hold, url, localUser: capabilities === 'form' ? 'alice' : undefined };
  return one;
}

const SEND = { name: 'send', arguments: ARGS };
const BY_URL = { elicitation: { url: {}, form: {} } };
const BY_FORM = { elicitation: {} };

function answered(first: unknown, action: string, content?: Obj): Obj {
  const response = content === undefined ? { action } : { action, content };
  return {
    ...SEND,
    inputResponses: { 'toolgate.approval': response },
    requestState: objAt(first, 'result')['requestState'] as string,
  };
}

describe('a client of the modern era that can send its user to a page', () => {
  it('is asked to; the page decides, and what follows is sent once', async () => {
    const one = await world('url');
    const first = await request(one, 1, BY_URL, SEND);
    const { id } = question(one);
    expect(objAt(first, 'result')['resultType']).toBe('input_required');
    expect(asked(first)).toMatchObject({ mode: 'url', url: `https://gate.example/approvals/${id}` });
    await somebody(one, 'carol').approve(id);
    const second = await request(one, 2, BY_URL, answered(first, 'accept'));
    expect(said(second)).not.toContain('[');
    expect(heard(one)).toBe(1);
    // Neither the gateway's own question nor its state reached the server.
    expect(JSON.stringify(one.journal.got('tools/call'))).not.toMatch(/toolgate|requestState|inputResponses/);
  });

  it('to agree to open the page is not to approve', async () => {
    const one = await world('url');
    const first = await request(one, 1, BY_URL, SEND);
    expect(said(await request(one, 2, BY_URL, answered(first, 'accept', { approve: true })))).toContain(
      '[APPROVAL REQUIRED]',
    );
    expect(heard(one)).toBe(0);
    expect(question(one).state).toBe('open');
  });

  it('to decline denies', async () => {
    const one = await world('url');
    const first = await request(one, 1, BY_URL, SEND);
    expect(said(await request(one, 2, BY_URL, answered(first, 'decline')))).toContain('the client of laptop denied it');
    expect(question(one).state).toBe('denied');
    expect(heard(one)).toBe(0);
  });

  it('to cancel is no answer: the question stands', async () => {
    const one = await world('url');
    const first = await request(one, 1, BY_URL, SEND);
    expect(said(await request(one, 2, BY_URL, answered(first, 'cancel')))).toContain('[APPROVAL REQUIRED]');
    expect(question(one).state).toBe('open');
  });

  it('cannot bring other arguments in the second round', async () => {
    const one = await world('url');
    const first = await request(one, 1, BY_URL, SEND);
    await somebody(one, 'carol').approve(question(one).id);
    const second = await request(one, 2, BY_URL, { ...answered(first, 'accept'), arguments: { to: 'eve' } });
    expect(said(second)).toContain('given for another call');
    expect(heard(one)).toBe(0);
  });

  it('cannot send a state of its own making', async () => {
    const one = await world('url');
    const first = await request(one, 1, BY_URL, SEND);
    await somebody(one, 'carol').approve(question(one).id);
    const params = answered(first, 'accept');
    const forged = { ...params, requestState: `${params['requestState'] as string}0` };
    expect(said(await request(one, 2, BY_URL, forged))).toContain('not one that was given here');
    expect(heard(one)).toBe(0);
  });
});

describe('the local user of a wrap', () => {
  it('answers in a form, and ticks it', async () => {
    const one = await world('form');
    const first = await request(one, 1, BY_FORM, SEND);
    expect(asked(first)['message']).toContain('"to": "bob"');
    expect(objAt(asked(first), 'requestedSchema')['required']).toEqual(['approve']);
    await request(one, 2, BY_FORM, answered(first, 'accept', { approve: true }));
    expect(heard(one)).toBe(1);
    expect(question(one).answers).toMatchObject([{ by: 'alice', channel: 'form', said: 'approve' }]);
  });

  it.each([
    ['a form that was not ticked', 'accept', { approve: false }, 'alice denied it'],
    ['a form without an answer', 'accept', {}, '[APPROVAL REQUIRED]'],
    ['a word in the place of a tick', 'accept', { approve: 'true' }, '[APPROVAL REQUIRED]'],
    ['nobody there', 'cancel', undefined, '[APPROVAL REQUIRED]'],
    ['a declined form', 'decline', undefined, 'alice denied it'],
  ])('%s sends nothing', async (_, action, content, told) => {
    const one = await world('form');
    const first = await request(one, 1, BY_FORM, SEND);
    expect(said(await request(one, 2, BY_FORM, answered(first, action, content)))).toContain(told);
    expect(heard(one)).toBe(0);
  });

  it('is not asked where the policy wants somebody else, or two', async () => {
    for (const approvals of [
      { approvers: { roles: ['approver'] } },
      { count: 2 },
      { approvers: { owners: ['bob'] } },
    ]) {
      const one = await world('form');
      one.policy = { ...ASKS, approvals };
      expect(said(await request(one, 1, BY_FORM, SEND))).toContain('[APPROVAL REQUIRED]');
    }
  });

  it('behind HTTP there is none, so no form is accepted', async () => {
    const one = await world('url');
    const first = await request(one, 1, BY_FORM, SEND);
    expect(said(first)).toContain('[APPROVAL REQUIRED]');
  });
});

describe('a client of the older era', () => {
  async function legacy(elicitation: Obj, protocolVersion = '2025-11-25'): Promise<World> {
    const one = freshLegacyWorld(ASKS);
    one.revision = protocolVersion;
    one.asking = {
      ...one.asking,
      holdMs: undefined,
      url: 'https://gate.example',
      localUser: elicitation['url'] ? undefined : 'alice',
    };
    const params = { protocolVersion, capabilities: { elicitation } };
    await one.client({ jsonrpc: '2.0', id: 'open', method: 'initialize', params });
    await one.client({ jsonrpc: '2.0', method: 'notifications/initialized' });
    await one.client({ jsonrpc: '2.0', id: 'list', method: 'tools/list' });
    return one;
  }

  function calling(one: World): { readonly pushed: Obj[]; readonly answer: Promise<Obj | undefined> } {
    const pushed: Obj[] = [];
    const push = (message: unknown): boolean => pushed.push(JSON.parse(JSON.stringify(message)) as Obj) > 0;
    const answer = one.client({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: SEND }, { push });
    return { pushed, answer };
  }

  it('has its user asked on the stream of the call', async () => {
    const one = await legacy({});
    const { pushed, answer } = calling(one);
    await calm();
    const elicitation = pushed[0] as Obj;
    expect(elicitation['method']).toBe('elicitation/create');
    await one.client({
      jsonrpc: '2.0',
      id: elicitation['id'] as string,
      result: { action: 'accept', content: { approve: true } },
    });
    await calm();
    one.clock.advance(250);
    expect(said(await answer)).not.toContain('[');
    expect(heard(one)).toBe(1);
  });

  it('is sent to a page, and told when that is over', async () => {
    const one = await legacy({ url: {} });
    const { pushed, answer } = calling(one);
    await calm();
    const { id } = question(one);
    expect(objAt(pushed[0], 'params')).toMatchObject({ mode: 'url', url: `https://gate.example/approvals/${id}` });
    await somebody(one, 'carol').approve(id);
    one.clock.advance(250);
    await answer;
    expect(heard(one)).toBe(1);
    const done = pushed.find(({ method }) => method === 'notifications/elicitation/complete');
    expect(objAt(done, 'params')['elicitationId']).toBe(objAt(pushed[0], 'params')['elicitationId']);
  });

  it('whose answer comes for another question changes nothing', async () => {
    const one = await legacy({});
    const { answer } = calling(one);
    await calm();
    await one.client({ jsonrpc: '2.0', id: 'gate-1', result: { action: 'accept', content: { approve: true } } });
    one.clock.advance(50_000);
    expect(said(await answer)).toContain('[APPROVAL REQUIRED]');
    expect(heard(one)).toBe(0);
  });

  it('of a revision without elicitation is held all the same', async () => {
    const one = await legacy({}, '2025-03-26');
    const { pushed, answer } = calling(one);
    await calm();
    expect(pushed).toEqual([]);
    await somebody(one, 'carol').approve(question(one).id);
    one.clock.advance(250);
    await answer;
    expect(heard(one)).toBe(1);
  });
});

describe('a client with the Tasks extension', () => {
  const look = (one: World, id: string, method = 'tasks/get', more: Obj = {}): Promise<Obj | undefined> =>
    request(one, 7, TASKS, { taskId: id, ...more }, method);

  async function started(): Promise<{ one: World; id: string }> {
    const one = await modernWorld(ASKS);
    const answer = objAt(await request(one, 1, TASKS, SEND), 'result');
    expect(answer).toMatchObject({ resultType: 'task', status: 'working' });
    return { one, id: answer['taskId'] as string };
  }

  it('gets a task, goes on working, and finds the result in it', async () => {
    const { one, id } = await started();
    expect(id).toBe(question(one).id);
    expect(objAt(await look(one, id), 'result')['status']).toBe('working');
    await somebody(one, 'carol').approve(id);
    // Nothing is sent before the client looks again.
    expect(heard(one)).toBe(0);
    const done = objAt(await look(one, id), 'result');
    expect(done).toMatchObject({ status: 'completed', result: { content: [] } });
    expect(heard(one)).toBe(1);
    expect(objAt(await look(one, id), 'result')['status']).toBe('completed');
    expect(heard(one)).toBe(1);
  });

  it('finds the refusal in it when the person said no', async () => {
    const { one, id } = await started();
    await somebody(one, 'carol').deny(id, 'no');
    const done = objAt(await look(one, id), 'result');
    expect(done).toMatchObject({ status: 'completed', result: { isError: true } });
    expect(JSON.stringify(done)).toContain('[POLICY DENIED] carol denied it: no');
    expect(heard(one)).toBe(0);
  });

  it('finds it over when nobody answered', async () => {
    const { one, id } = await started();
    one.clock.advance(900_000);
    await one.gate.approvals.sweep();
    expect(JSON.stringify(await look(one, id))).toContain('nobody answered in time');
    expect(heard(one)).toBe(0);
  });

  it('can call it off, and then no yes counts', async () => {
    const { one, id } = await started();
    await look(one, id, 'tasks/cancel');
    expect((await somebody(one, 'carol').approve(id)).kind).toBe('over');
    expect(JSON.stringify(await look(one, id))).toContain('its client cancelled the task');
    expect(heard(one)).toBe(0);
  });

  it('cannot look at the task of somebody else, nor at one that never was', async () => {
    const { one, id } = await started();
    await somebody(one, 'carol').approve(id);
    (questions(one) as unknown as { subject: { grant: string } }[])[0]!.subject = {
      ...question(one).subject,
      grant: 'other',
    };
    expect(said(await look(one, id))).toContain('Unknown task');
    expect(said(await look(one, 'ap_nothing'))).toContain('Unknown task');
    expect(heard(one)).toBe(0);
  });

  it('is asked in the task itself where its own user may answer', async () => {
    const one = await modernWorld(ASKS);
    one.asking = { ...one.asking, localUser: 'alice' };
    const both = { ...TASKS, elicitation: {} };
    const answer = objAt(await request(one, 1, both, SEND), 'result');
    const id = answer['taskId'] as string;
    const asking = objAt(await request(one, 2, both, { taskId: id }, 'tasks/get'), 'result');
    expect(asking['status']).toBe('input_required');
    const inputResponses = { 'toolgate.approval': { action: 'accept', content: { approve: true } } };
    await request(one, 3, both, { taskId: id, inputResponses }, 'tasks/update');
    expect(objAt(await request(one, 4, both, { taskId: id }, 'tasks/get'), 'result')['status']).toBe('completed');
    expect(heard(one)).toBe(1);
  });

  it('two clients of the grant with the same call share the task, and it is sent once', async () => {
    const { one, id } = await started();
    const second = objAt(await request(one, 2, TASKS, SEND), 'result');
    expect(second['taskId']).toBe(id);
    await somebody(one, 'carol').approve(id);
    await Promise.all([look(one, id), look(one, id)]);
    expect(heard(one)).toBe(1);
  });
});

describe('a server that asks back in the middle of an approved call', () => {
  const asking = (message: Obj, server: ConnectionEvents): void => {
    const params = objAt(message, 'params');
    const result =
      params['inputResponses'] === undefined
        ? { resultType: 'input_required', requestState: 'theirs', inputRequests: {} }
        : { resultType: 'complete', content: [] };
    server.received({ kind: 'response', id: message['id'] as number, result: result as never }, undefined);
  };

  it('gets its answer in the next round without another question: it is the same call', async () => {
    const one = await modernWorld(ASKS);
    one.onCall = asking;
    await request(one, 1, {}, SEND);
    await somebody(one, 'carol').approve(question(one).id);
    const first = await request(one, 2, {}, SEND);
    const requestState = objAt(first, 'result')['requestState'] as string;
    const second = await request(one, 3, {}, { ...SEND, requestState, inputResponses: {} });
    expect(objAt(second, 'result')['resultType']).toBe('complete');
    expect(heard(one)).toBe(2);
    expect(questions(one).length).toBe(1);
    // A replay of the round is a new call, and needs a person again.
    expect(said(await request(one, 4, {}, { ...SEND, requestState, inputResponses: {} }))).toContain(
      '[APPROVAL REQUIRED]',
    );
    expect(heard(one)).toBe(2);
  });

  it('gets the arguments of the approver in every round', async () => {
    const one = await modernWorld(ASKS);
    one.onCall = asking;
    await request(one, 1, {}, SEND);
    await somebody(one, 'carol').approve(question(one).id, { to: 'ann' });
    const first = await request(one, 2, {}, SEND);
    const requestState = objAt(first, 'result')['requestState'] as string;
    await request(one, 3, {}, { ...SEND, requestState, inputResponses: {} });
    const sent = one.journal.got('tools/call').map((message) => objAt(objAt(message, 'params'), 'arguments')['to']);
    expect(sent).toEqual(['ann', 'ann']);
  });

  it('asks anew where the rule was changed between the rounds', async () => {
    const one = await modernWorld(ASKS);
    one.onCall = asking;
    await request(one, 1, {}, SEND);
    await somebody(one, 'carol').approve(question(one).id);
    const first = await request(one, 2, {}, SEND);
    const requestState = objAt(first, 'result')['requestState'] as string;
    one.policy = { ...ASKS, tools: { send: { approve_if: [{ conditions: [] }] } } };
    expect(said(await request(one, 3, {}, { ...SEND, requestState, inputResponses: {} }))).toContain(
      '[APPROVAL REQUIRED]',
    );
    expect(heard(one)).toBe(1);
  });

  it('is answered through the task where the call became one', async () => {
    const one = await modernWorld(ASKS);
    one.onCall = asking;
    const id = objAt(await request(one, 1, TASKS, SEND), 'result')['taskId'] as string;
    await somebody(one, 'carol').approve(id);
    const look = (): Promise<Obj | undefined> => request(one, 2, TASKS, { taskId: id }, 'tasks/get');
    expect(objAt(await look(), 'result')['status']).toBe('input_required');
    await request(one, 3, TASKS, { taskId: id, inputResponses: {} }, 'tasks/update');
    expect(objAt(await look(), 'result')['status']).toBe('completed');
    expect(heard(one)).toBe(2);
  });
});

describe('what is completed letter by letter', () => {
  it('asks nobody', async () => {
    const one = await modernWorld({ ...ASKS, prompts: { '*': { action: 'require_approval' } } });
    const params = { ref: { type: 'ref/prompt', name: 'letter' }, argument: { name: 'to', value: 'b' } };
    expect(said(await request(one, 1, {}, params, 'completion/complete'))).toContain('Nobody can be asked');
    expect(questions(one)).toEqual([]);
  });
});
