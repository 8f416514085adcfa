import { Client as NextClient } from '@modelcontextprotocol/client';
import { createTaskSessionFromClient, resultFromTaskOutcome } from '@modelcontextprotocol/ext-tasks/client';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import {
  CallToolResultSchema,
  CreateTaskResultSchema,
  ElicitRequestSchema,
  TaskStatusNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { afterEach, describe, expect, it } from 'vitest';
import { type Obj, textOf } from '../kit/json-rpc.ts';
import { started } from '../kit/started.ts';
import { everything, openPlace, type Place, WAYS } from './place.ts';
import { eventually } from './rig.ts';

const OPEN: Obj = { version: '1', default: 'allow', requests: { elicitation: 'allow' }, tools: {} };
const TOOL = 'simulate-research-query';

const kit = started();
afterEach(() => kit.endAll());

async function connect(place: Place, grant: 'alice' | 'bob' = 'alice'): Promise<{ client: Client; told: string[] }> {
  const client = new Client({ name: 'core-tasks', version: '1.0.0' }, { capabilities: { elicitation: {} } });
  const told: string[] = [];
  client.setRequestHandler(ElicitRequestSchema, () => ({
    action: 'accept',
    content: { interpretation: 'historical' },
  }));
  client.setNotificationHandler(TaskStatusNotificationSchema, ({ params }) => void told.push(params.taskId));
  await client.connect(place.oldTransport(grant));
  kit.add({ stop: () => client.close() });
  return { client, told };
}

async function begin(client: Client, topic: string): Promise<string> {
  const params = { name: TOOL, arguments: { topic, ambiguous: false }, task: { ttl: 60_000 } };
  const { task } = await client.request({ method: 'tools/call', params }, CreateTaskResultSchema);
  return task.taskId;
}

describe.each(WAYS)('tasks of 2025-11-25 with server-everything, $front in front and $back behind', (ways) => {
  const open = async (policy: Obj = OPEN): Promise<Place> =>
    kit.add(await openPlace({ ...ways, server: everything, policy }));

  it('are begun, told of, answered when they ask, and give their result', async () => {
    const place = await open();
    const { client, told } = await connect(place);
    await client.listTools();
    const seen: string[] = [];
    let text = '';
    const call = { name: TOOL, arguments: { topic: 'python', ambiguous: true } };
    for await (const message of client.experimental.tasks.callToolStream(call, CallToolResultSchema, {
      task: { ttl: 60_000 },
    })) {
      seen.push(message.type);
      if (message.type === 'error') throw message.error;
      if (message.type === 'result') text = textOf(message.result);
    }
    expect(text).toContain('**Clarification**: historical');
    expect(seen[0]).toBe('taskCreated');
    await eventually('its status was told', () => told.length > 0);
    const methods = (await place.log()).map(({ method }) => method);
    expect(methods.filter((method) => method === 'elicitation/create')).toHaveLength(1);
  });

  it('are listed and cancelled by whose they are; to another session they do not exist', async () => {
    const place = await open();
    const [{ client: alice }, { client: again }, { client: bob }] = [
      await connect(place),
      await connect(place),
      await connect(place, 'bob'),
    ];
    const taskId = await begin(alice, 'gardens');
    const theirs = await begin(again, 'bridges');
    expect((await alice.experimental.tasks.listTasks()).tasks.map((task) => task.taskId)).toEqual([taskId]);
    expect((await again.experimental.tasks.listTasks()).tasks.map((task) => task.taskId)).toEqual([theirs]);
    expect((await bob.experimental.tasks.listTasks()).tasks).toEqual([]);
    for (const other of [again, bob]) {
      await expect(other.experimental.tasks.getTask(taskId)).rejects.toThrow(`Unknown task: ${taskId}`);
      await expect(other.experimental.tasks.getTaskResult(taskId)).rejects.toThrow('Unknown task');
      await expect(other.experimental.tasks.cancelTask(taskId)).rejects.toThrow('Unknown task');
    }
    if (ways.back === 'stdio') {
      const asked = place.heard().filter(({ method }) => /^tasks\/(get|result|cancel)$/.test(String(method)));
      expect(asked).toEqual([]);
    }
    expect((await alice.experimental.tasks.getTask(taskId)).status).toBe('working');
    expect((await alice.experimental.tasks.cancelTask(taskId)).status).toBe('cancelled');
    const events = (await place.log()).filter(({ event }) => event === 'tasks/cancel');
    expect(events).toMatchObject([{ grant: 'alice', tool: TOOL, task: taskId }]);
  });

  it('are out of reach, and out of the list, once the policy denies their tool', async () => {
    const place = await open();
    const { client } = await connect(place);
    const taskId = await begin(client, 'gardens');
    place.edit({ ...OPEN, tools: { [TOOL]: { action: 'deny' } } });
    await eventually(
      'the edit is in force',
      async () => (await client.experimental.tasks.listTasks()).tasks.length === 0,
    );
    await expect(client.experimental.tasks.getTask(taskId)).rejects.toThrow('Unknown task');
    await expect(client.experimental.tasks.getTaskResult(taskId)).rejects.toThrow('Unknown task');
  });
});

describe.each([{ front: 'HTTP' }, { front: 'stdio' }] as const)('the extension package over $front', ({ front }) => {
  it('runs tasks of a session too', async () => {
    const place = kit.add(await openPlace({ front, back: 'stdio', server: everything, policy: OPEN }));
    const client = new NextClient({ name: 'ext', version: '1.0.0' }, { capabilities: { elicitation: {} } });
    await client.connect(place.transport());
    const session = createTaskSessionFromClient(client, { endpointId: 'core' });
    kit.add({ stop: () => client.close() });
    const declaration = { name: TOOL, inputSchema: {}, taskSupport: 'required' as const };
    const execution = await session.callTool(TOOL, { topic: 'gardens', ambiguous: false }, { declaration });
    const { outcome } = await execution.settle();
    expect(textOf(resultFromTaskOutcome(outcome))).toContain('# Research Report: gardens');
    await session.close();
  });
});
