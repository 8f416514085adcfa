import { createApplicationInputHandler, resultFromTaskOutcome } from '@modelcontextprotocol/ext-tasks/client';
import { afterEach, describe, expect, it } from 'vitest';
import { type Obj, objAt, textOf } from '../kit/json-rpc.ts';
import { started } from '../kit/started.ts';
import { openPlace, type Place, program, WAYS } from './place.ts';
import { eventually } from './rig.ts';
import { type TaskClient, taskClient } from './task-client.ts';

const SERVER = program('../conformance/fixtures/tasks-server.ts');
const ASK_ALL = { sampling: 'allow', elicitation: 'allow', roots: 'allow' };
const OPEN: Obj = { version: '1', default: 'allow', requests: ASK_ALL, tools: {} };

const kit = started();
afterEach(() => kit.endAll());

const answers = createApplicationInputHandler({
  elicitation: () => ({ action: 'accept', content: { confirm: true, name: 'Ada' } }),
  sampling: () => ({ model: 'm', role: 'assistant', content: { type: 'text', text: 'garden' } }),
  roots: () => ({ roots: [] }),
});

async function connect(place: Place, grant: 'alice' | 'bob' = 'alice'): Promise<TaskClient> {
  return kit.add(await taskClient(place.transport(grant), { onInputRequest: answers }));
}

/** Calls a tool by the extension's client, and waits for what becomes of its task. */
async function run({ session }: TaskClient, name: string, args: Obj = {}): Promise<string> {
  const execution = await session.callTool(name, args as never);
  expect(execution.kind).toBe('task');
  const { outcome } = await execution.settle();
  return textOf(resultFromTaskOutcome(outcome));
}

/** Begins a task, and leaves it to itself. */
async function begin(client: TaskClient, name: string, args: Obj = {}): Promise<string> {
  const { result } = await client.request('tools/call', { name, arguments: args });
  expect(objAt({ result }, 'result')['resultType']).toBe('task');
  return String(objAt({ result }, 'result')['taskId']);
}

const received = (place: Place, method: string): readonly Obj[] =>
  place.heard().filter((one) => one['method'] === method);
/** How many messages about tasks reached the server. */
const ofTasks = (place: Place): number =>
  place.heard().filter(({ method }) => String(method).startsWith('tasks/')).length;
const statusOf = async (client: TaskClient, taskId: string): Promise<unknown> =>
  objAt(await client.request('tasks/get', { taskId }), 'result')['status'];

describe.each(WAYS)('tasks of the extension, $front in front and $back behind', (ways) => {
  const open = async (policy: Obj = OPEN): Promise<Place> =>
    kit.add(await openPlace({ ...ways, server: SERVER, policy }));

  it('are begun, looked at, given what they ask for, and cancelled, by the official client', async () => {
    const place = await open();
    const client = await connect(place);
    expect(await run(client, 'slow_compute', { seconds: 0.2, label: 'pi' })).toBe('computed pi');
    expect(await run(client, 'confirm_delete', { filename: 'a.txt' })).toBe('deleted a.txt');
    expect(await run(client, 'multi_input')).toBe('answers to one and two');
    expect(await run(client, 'ask_model')).toContain('garden');
    expect(await run(client, 'test_tool_with_task')).toBe('Hello, Ada!');

    const long = await client.session.callTool('slow_compute', { seconds: 60, label: 'never' });
    await long.cancel();
    expect((await long.settle()).outcome.status).toBe('cancelled');
    const failed = await (await client.session.callTool('protocol_error_job')).settle();
    expect(failed.outcome.status).toBe('failed');

    const log = await place.log();
    const methods = log.map(({ method, event }) => method ?? event);
    expect(methods.filter((method) => method === 'tools/call')).toHaveLength(8);
    // To look is not recorded, to change is; what a task asks is on record once, however often it was looked at.
    expect(methods.filter((method) => method === 'tasks/get')).toEqual([]);
    expect(methods.filter((method) => method === 'tasks/cancel')).toHaveLength(1);
    expect(methods.filter((method) => method === 'tasks/update').length).toBe(received(place, 'tasks/update').length);
    expect(methods.filter((method) => method === 'elicitation/create')).toHaveLength(4);
    expect(methods.filter((method) => method === 'sampling/createMessage')).toHaveLength(1);
    const cancelled = log.find(({ event }) => event === 'tasks/cancel');
    expect(cancelled).toMatchObject({ grant: 'alice', server: 'tested', tool: 'slow_compute' });
  });

  it('are told of to whoever listens for them, and for no others', async () => {
    const place = await open();
    const client = await connect(place);
    const mine = await begin(client, 'confirm_delete', { filename: 'a.txt' });
    const other = await begin(client, 'slow_compute', { seconds: 0.1, label: 'b' });
    void client.listen({ taskIds: [mine, 'made-up'] });
    const acknowledged = await client.news.next('the acknowledgement', ({ method }) =>
      String(method).endsWith('acknowledged'),
    );
    expect(objAt(acknowledged, 'params')['notifications']).toEqual({ taskIds: [mine] });
    await client.request('tasks/update', {
      taskId: mine,
      inputResponses: { confirm: { action: 'accept', content: { confirm: true } } },
    });
    const done = await client.news.next('the news', (one) => objAt(one, 'params')['status'] === 'completed');
    expect(objAt(done, 'params')['taskId']).toBe(mine);
    expect(textOf(objAt(objAt(done, 'params'), 'result'))).toBe('deleted a.txt');
    await eventually('the other is done', async () => (await statusOf(client, other)) === 'completed');
    expect(client.news.messages.filter((one) => objAt(one, 'params')['taskId'] === other)).toEqual([]);
  });

  it('belong to the grant whose call began them: to another they do not exist, and the server does not hear of it', async () => {
    const place = await open();
    const alice = await connect(place);
    const taskId = await begin(alice, 'confirm_delete', { filename: 'a.txt' });
    const bob = await connect(place, 'bob');
    const before = ofTasks(place);
    for (const method of ['tasks/get', 'tasks/update', 'tasks/cancel']) {
      const answer = await bob.request(method, { taskId, inputResponses: {} });
      expect(answer['error']).toMatchObject({ code: -32602, message: `Unknown task: ${taskId}` });
    }
    expect(ofTasks(place)).toBe(before);
    expect(await statusOf(alice, taskId)).toBe('input_required');
  });

  it('are out of reach once the policy denies their tool', async () => {
    const place = await open();
    const client = await connect(place);
    const taskId = await begin(client, 'slow_compute', { seconds: 0.1, label: 'secret plans' });
    place.edit({ ...OPEN, tools: { slow_compute: { action: 'deny' } } });
    await eventually('the edit is in force', async () => {
      return objAt(await client.request('tasks/get', { taskId }), 'error')['code'] === -32602;
    });
    const before = ofTasks(place);
    for (const method of ['tasks/get', 'tasks/update', 'tasks/cancel']) {
      expect(await client.request(method, { taskId, inputResponses: {} })).toHaveProperty('error');
    }
    expect(ofTasks(place)).toBe(before);
  });

  it('give back results that are masked like those of a call', async () => {
    const place = await open({ ...OPEN, results: { redact: [{ regex: 'PIN [0-9]{4}', replace: 'PIN ****' }] } });
    const client = await connect(place);
    expect(await run(client, 'slow_compute', { seconds: 0.1, label: 'PIN 1234' })).toBe('computed PIN ****');
  });

  it('may not ask what the policy forbids: the client gets the reason, the server no answer', async () => {
    const place = await open({ ...OPEN, requests: { ...ASK_ALL, sampling: 'deny' } });
    const client = await connect(place);
    const taskId = await begin(client, 'ask_model');
    const look = (): Promise<Obj> => client.request('tasks/get', { taskId });
    await eventually('the task asks', async () => objAt(await look(), 'error')['code'] === -32010);
    expect(objAt(await look(), 'error')['message']).toMatch(
      /^\[POLICY DENIED\] The server asks .* sampling\/createMessage/,
    );
    expect(received(place, 'tasks/update')).toEqual([]);
  });
});

describe('a task of one server', () => {
  it('does not exist at another, though both addresses lead to one process', async () => {
    const place = kit.add(await openPlace({ front: 'HTTP', back: 'HTTP', server: SERVER, policy: OPEN }));
    const client = await connect(place);
    const taskId = await begin(client, 'slow_compute', { seconds: 60, label: 'a' });
    place.configure((config) => {
      const servers = objAt(config, 'servers');
      const grants = objAt(config, 'grants');
      const alice = { ...objAt(grants, 'alice'), servers: { tested: 'rules', other: 'rules' } };
      return { ...config, servers: { ...servers, other: servers['tested'] }, grants: { ...grants, alice } };
    });
    await eventually('the other server is there', () => place.gateway?.stderr().includes('took up') === true);
    const elsewhere = kit.add(await taskClient(place.transport('alice', 'other')));
    const before = ofTasks(place);
    for (const method of ['tasks/get', 'tasks/update', 'tasks/cancel']) {
      const { error } = await elsewhere.request(method, { taskId, inputResponses: {} });
      expect(error).toMatchObject({ code: -32602, message: `Unknown task: ${taskId}` });
    }
    expect(ofTasks(place)).toBe(before);
    expect(await statusOf(client, taskId)).toBe('working');
  });
});
