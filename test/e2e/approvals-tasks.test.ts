import type { Transport } from '@modelcontextprotocol/client';
import { createApplicationInputHandler, resultFromTaskOutcome } from '@modelcontextprotocol/ext-tasks/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Obj, objAt, textOf } from '../kit/json-rpc.ts';
import { type ModernHttpClient, WITH_TASKS } from '../kit/modern-client.ts';
import { type ApprovalSite, ASKS, BOB, idIn, openSite, word } from './approval-site.ts';
import { eventually } from './rig.ts';
import { type TaskClient, taskClient } from './task-client.ts';

let site: ApprovalSite;

beforeAll(async () => {
  site = await openSite({
    servers: { other: 'new', closing: 'new' },
    policies: { closing: ASKS },
    rules: { closing: 'closing' },
  });
});

afterAll(() => site?.stop());

interface Front {
  readonly name: string;
  /** How a tool is named there. */
  readonly prefix: string;
  reach(): Transport;
}

const FRONTS: readonly Front[] = [
  { name: 'HTTP', prefix: '', reach: () => site.transport() },
  { name: 'HTTP, all servers together', prefix: 'new__', reach: () => site.transport('hub') },
  // Nobody local may answer there, so that the task is all that the client has.
  { name: 'wrap', prefix: '', reach: () => site.wrap({ policy: ONLY_APPROVERS }) },
];
const ONLY_APPROVERS: Obj = {
  version: '1',
  default: 'deny',
  requests: { elicitation: 'allow' },
  tools: { '*': { action: 'require_approval' } },
  approvals: { approvers: { roles: ['approver'] } },
};

describe.concurrent.each(FRONTS)('the client of the tasks extension over $name', ({ prefix, reach }) => {
  const onInputRequest = createApplicationInputHandler({
    elicitation: () => ({ action: 'accept', content: { sure: true, confirm: true, name: 'Ada' } }),
    sampling: () => ({ model: 'm', role: 'assistant', content: { type: 'text', text: 'none' } }),
    roots: () => ({ roots: [] }),
  });
  const connect = async (): Promise<TaskClient> => site.kit.add(await taskClient(reach(), { onInputRequest }));
  async function run({ session }: TaskClient, name: string, args: Obj): Promise<string> {
    const execution = await session.callTool(`${prefix}${name}`, args as never);
    expect(execution.kind).toBe('task');
    return textOf(resultFromTaskOutcome((await execution.settle()).outcome));
  }

  it('waits for a person as for any task, whatever comes of it: an answer, a refusal, a task or a question of the server', async () => {
    const client = await connect();
    const [yes, no, long, asks, both] = ['yes', 'no', 'long', 'asks', 'both'].map(word) as [
      string,
      string,
      string,
      string,
      string,
    ];
    const outcomes = Promise.all([
      run(client, 'echo', { text: yes }),
      run(client, 'echo', { text: no }),
      run(client, 'slow_compute', { seconds: 0.1, label: long }),
      run(client, 'transfer', { text: asks }),
      run(client, 'confirm_delete', { filename: both }),
    ]);
    await site.ann.deny(await site.ann.asked(no), 'not that one');
    for (const text of [yes, long, asks, both]) {
      const id = await site.ann.asked(text);
      expect(site.sent(text)).toEqual([]);
      await site.ann.approve(id);
    }
    expect(await outcomes).toEqual([
      yes,
      expect.stringMatching(/^\[POLICY DENIED\] ann denied it: not that one/),
      `computed ${long}`,
      `${asks}, sure: true`,
      `deleted ${both}`,
    ]);
    expect([yes, no, long, asks, both].map((text) => site.sent(text).length)).toEqual([1, 0, 1, 2, 1]);
  });

  it('cancels while a person is asked: the question is void, and nothing is sent', async () => {
    const client = await connect();
    const text = word('cancelled');
    const execution = await client.session.callTool(`${prefix}echo`, { text });
    expect(execution.kind).toBe('task');
    const id = await site.ann.asked(text);
    await execution.cancel();
    expect((await execution.settle()).outcome.status).toBe('cancelled');
    expect(await site.ann.show(id)).toMatchObject({ state: 'void', why: 'its client cancelled the task' });
    await expect(site.ann.approve(id)).rejects.toThrow('void');
    expect(site.sent(text)).toEqual([]);
  });
});

it.concurrent('the local user of a wrap is asked in the task itself, by a form', async () => {
  const [yes, no] = [word('ticked'), word('unticked')];
  const onInputRequest = createApplicationInputHandler({
    elicitation: ({ params }) => ({ action: 'accept', content: { approve: String(params.message).includes(yes) } }),
    sampling: () => ({ model: 'm', role: 'assistant', content: { type: 'text', text: 'none' } }),
    roots: () => ({ roots: [] }),
  });
  const { session } = site.kit.add(await taskClient(site.wrap(), { onInputRequest }));
  const run = async (text: string): Promise<string> => {
    const execution = await session.callTool('echo', { text });
    return textOf(resultFromTaskOutcome((await execution.settle()).outcome));
  };
  const outcomes = await Promise.all([run(yes), run(no)]);
  expect(outcomes).toEqual([yes, expect.stringMatching(/^\[POLICY DENIED\] .* denied it/)]);
  expect([site.sent(yes), site.sent(no)]).toEqual([[{ text: yes }], []]);
});

const client = (server = 'new', token?: string): ModernHttpClient => site.modern(server, WITH_TASKS, token);
const result = (answer: Obj): Obj => objAt(answer, 'result');

async function begin(one: ModernHttpClient, name: string, args: Obj): Promise<string> {
  const created = result(await one.call(name, args));
  expect(created).toMatchObject({ resultType: 'task', status: 'working', taskId: expect.stringMatching(/^ap_/) });
  return String(created['taskId']);
}

async function look(one: ModernHttpClient, taskId: string): Promise<Obj> {
  const answer = await one.request('tasks/get', { taskId });
  expect(answer).not.toHaveProperty('error');
  return result(answer);
}

/** What the task gives in the end. */
async function outcome(one: ModernHttpClient, taskId: string): Promise<string> {
  let found: Obj = {};
  await eventually('the task is over', async () => {
    found = await look(one, taskId);
    return found['status'] !== 'working';
  });
  expect(found['status']).toBe('completed');
  return textOf(found['result']);
}

describe('a raw client that waits by a task', () => {
  it('looks as often as it likes: the call is sent when it looks after the approval, once', async () => {
    const one = client();
    const text = word('looked');
    const created = result(await one.call('echo', { text }));
    const taskId = String(created['taskId']);
    expect(created).toMatchObject({
      status: 'working',
      statusMessage: expect.stringContaining('Waiting for a person to approve of echo'),
      pollIntervalMs: expect.any(Number),
    });
    // It answers for as long as the question stands, and for a good while after.
    expect(created['ttlMs']).toBeGreaterThan(15 * 60_000);
    expect(await site.ann.asked(text)).toBe(taskId);
    expect(await look(one, taskId)).toMatchObject({ status: 'working' });
    await site.ann.approve(taskId);
    expect(site.sent(text)).toEqual([]);
    const looks = await Promise.all(Array.from({ length: 5 }, () => outcome(client(), taskId)));
    expect(new Set(looks)).toEqual(new Set([text]));
    expect(await outcome(one, taskId)).toBe(text);
    expect(site.sent(text)).toEqual([{ text }]);
    expect(await site.ann.show(taskId)).toMatchObject({ state: 'used' });
  });

  it('is told in the task when its arguments were changed', async () => {
    const one = client();
    const [text, other] = [word('before'), word('after')];
    const taskId = await begin(one, 'echo', { text });
    await site.ann.approve(taskId, { arguments: { text: other } });
    expect(await outcome(one, taskId)).toContain('[APPROVED WITH CHANGES] ann');
    expect([site.sent(text), site.sent(other)]).toEqual([[], [{ text: other }]]);
  });

  it('is nobody else’s: to another grant, and at another server, the task does not exist', async () => {
    const text = word('mine');
    const taskId = await begin(client(), 'echo', { text });
    await site.ann.approve(taskId);
    for (const stranger of [client('new', BOB), client('hub', BOB), client('other')]) {
      for (const method of ['tasks/get', 'tasks/update', 'tasks/cancel']) {
        const answer = await stranger.request(method, { taskId, inputResponses: {} });
        expect(objAt(answer, 'error')['message']).toBe(`Unknown task: ${taskId}`);
      }
    }
    expect(site.sent(text)).toEqual([]);
    expect(await outcome(client('hub'), taskId)).toBe(text);
    expect(site.sent(text)).toHaveLength(1);
  });

  it('cancels what was approved already, and nothing is sent', async () => {
    const one = client();
    const text = word('withdrawn');
    const taskId = await begin(one, 'echo', { text });
    await site.ann.approve(taskId);
    await one.request('tasks/cancel', { taskId });
    expect((await look(one, taskId))['status']).toBe('cancelled');
    expect(await site.ann.show(taskId)).toMatchObject({ state: 'void' });
    expect(site.sent(text)).toEqual([]);
  });

  it('cancels a call that is on its way: the server is told, and it is not sent again', async () => {
    const one = client();
    const text = word('on-its-way');
    const taskId = await begin(one, 'hang', { text });
    await site.ann.approve(taskId);
    expect(await look(one, taskId)).toMatchObject({ status: 'working' });
    expect(site.sent(text)).toHaveLength(1);
    await one.request('tasks/cancel', { taskId });
    await eventually('it is over', async () => (await look(one, taskId))['status'] !== 'working');
    expect((await look(one, taskId))['status']).toBe('cancelled');
    expect(site.sent(text)).toHaveLength(1);
  });

  it('sees the server’s own task under the id that it has, and cancels it there', async () => {
    const one = client();
    const text = word('theirs');
    const taskId = await begin(one, 'slow_compute', { seconds: 60, label: text });
    await site.ann.approve(taskId);
    expect(await look(one, taskId)).toMatchObject({ taskId, status: 'working', pollIntervalMs: 50 });
    await one.request('tasks/cancel', { taskId });
    expect(await look(one, taskId)).toMatchObject({ taskId, status: 'cancelled' });
    expect(site.sent(text)).toHaveLength(1);
  });

  it('gives what the server asks for in the middle, with the update of the task', async () => {
    const one = client();
    const text = word('middle');
    const taskId = await begin(one, 'transfer', { text });
    await site.ann.approve(taskId);
    let asked: Obj = {};
    await eventually('it asks', async () => {
      asked = await look(one, taskId);
      return asked['status'] === 'input_required';
    });
    expect(objAt(objAt(asked, 'inputRequests'), 'sure')).toMatchObject({ method: 'elicitation/create' });
    expect(JSON.stringify(asked)).not.toContain('the-state-of-the-recorder');
    const inputResponses = { sure: { action: 'accept', content: { sure: true } } };
    expect(await one.request('tasks/update', { taskId, inputResponses })).not.toHaveProperty('error');
    expect(await outcome(one, taskId)).toBe(`${text}, sure: true`);
    expect(site.sent(text)).toHaveLength(2);
  });

  it('gives it the changed arguments in every round, where the approver changed them', async () => {
    const one = client();
    const [text, other] = [word('asked-for'), word('changed-to')];
    const taskId = await begin(one, 'transfer', { text });
    await site.ann.approve(taskId, { arguments: { text: other } });
    await eventually('it asks', async () => (await look(one, taskId))['status'] === 'input_required');
    await one.request('tasks/update', {
      taskId,
      inputResponses: { sure: { action: 'accept', content: { sure: true } } },
    });
    expect(await outcome(one, taskId)).toContain(`${other}, sure: true`);
    expect([site.sent(text), site.sent(other)]).toEqual([[], [{ text: other }, { text: other }]]);
  });

  it('is asked in the task to send its user to the page who may answer there; to agree to that is not to approve, to decline is to deny', async () => {
    const one = site.modern('new', { ...WITH_TASKS, elicitation: { url: {}, form: {} } }, BOB);
    const [text, other] = [word('page'), word('declined')];
    const ids = [await begin(one, 'echo', { text }), await begin(one, 'echo', { text: other })] as const;
    const asked = await look(one, ids[0]);
    expect(asked['status']).toBe('input_required');
    expect(objAt(objAt(asked, 'inputRequests'), 'toolgate.approval')).toMatchObject({
      method: 'elicitation/create',
      params: {
        mode: 'url',
        url: `https://gateway.example/approvals/${ids[0]}`,
        message: expect.stringContaining(text),
      },
    });
    const answer = (taskId: string, reply: Obj): Promise<Obj> =>
      one.request('tasks/update', { taskId, inputResponses: { 'toolgate.approval': reply } });
    await answer(ids[0], { action: 'accept', content: { approve: true } });
    expect(await look(one, ids[0])).toMatchObject({ status: 'working' });
    expect(await site.ann.show(ids[0])).toMatchObject({ state: 'open', answers: [] });
    await answer(ids[1], { action: 'decline' });
    expect(await outcome(one, ids[1])).toContain('the client of bob denied it');
    expect([...site.sent(text), ...site.sent(other)]).toEqual([]);
    await site.ann.approve(ids[0]);
    expect(await outcome(one, ids[0])).toBe(text);
    expect(site.sent(text)).toHaveLength(1);
  });

  it('waits for a call at a server of the other era, too', async () => {
    const one = client('hub');
    const [text, no] = [word('older'), word('older-no')];
    const [taskId, denied] = [await begin(one, 'old__echo', { text }), await begin(one, 'old__echo', { text: no })];
    await site.ann.approve(taskId);
    await site.ann.deny(denied, 'not that');
    expect([await outcome(one, taskId), await outcome(one, denied)]).toEqual([
      text,
      expect.stringContaining('ann denied it: not that'),
    ]);
    expect([site.sent(text).length, site.sent(no).length]).toEqual([1, 0]);
  });

  it('finds the call refused when the policy denies it by the time it looks; nothing is sent', async () => {
    const one = client('closing');
    const text = word('closing');
    const taskId = await begin(one, 'echo', { text });
    await site.ann.approve(taskId);
    await site.edit('closing', { ...ASKS, tools: { echo: { action: 'deny', reason: 'Not any more.' } } });
    expect(await outcome(one, taskId)).toBe('[POLICY DENIED] Not any more.');
    expect(site.sent(text)).toEqual([]);
    expect(await site.ann.show(taskId)).toMatchObject({ state: 'approved' });
  });

  it('needs no more room among the grant’s requests than the look by which it is sent', async () => {
    await site.configure((config) => ({ ...config, limits: { calls: 2 } }));
    const one = client('new', BOB);
    const [hanging, text] = [word('hanging'), word('crowded')];
    const [busy, taskId] = [await begin(one, 'hang', { text: hanging }), await begin(one, 'echo', { text })];
    for (const id of [busy, taskId]) await site.ann.approve(id);
    expect(await look(one, busy)).toMatchObject({ status: 'working' });
    expect(await outcome(one, taskId)).toBe(text);
    expect(await look(one, busy)).toMatchObject({ status: 'working' });
    await one.request('tasks/cancel', { taskId: busy });
    expect([site.sent(text).length, site.sent(hanging).length]).toEqual([1, 1]);
    await site.configure(({ limits: _, ...config }) => config);
  });
});

describe('a task of a question outlives the gateway', () => {
  it('between its creation, the answer, and the look; and never is its call sent twice', async () => {
    const [text, denied, used] = [word('outlives'), word('denied'), word('used')];
    const ids = [text, denied, used].map((one) => begin(client(), 'echo', { text: one }));
    const [taskId, deniedId, usedId] = (await Promise.all(ids)) as [string, string, string];
    await site.ann.approve(usedId);
    expect(await outcome(client(), usedId)).toBe(used);
    await site.restart();

    expect(await look(client(), taskId)).toMatchObject({ taskId, status: 'working' });
    const told = await outcome(client(), usedId);
    expect(told).toMatch(/was approved, and its call was sent; what it gave is not kept here/);
    expect(idIn(told)).toBe(usedId);
    await site.ann.approve(taskId);
    await site.ann.deny(deniedId, 'too late');
    await site.restart();

    expect(site.sent(text)).toEqual([]);
    expect(await outcome(client(), deniedId)).toContain('ann denied it: too late');
    expect(await outcome(client('hub'), taskId)).toBe(text);
    expect(await outcome(client('hub'), taskId)).toBe(text);
    await site.restart();
    expect(await outcome(client(), taskId)).toContain('its call was sent');
    expect([text, denied, used].map((one) => site.sent(one).length)).toEqual([1, 0, 1]);
  });
});
