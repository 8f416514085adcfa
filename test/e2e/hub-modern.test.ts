import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Obj, objAt, textOf } from '../kit/json-rpc.ts';
import { type HubSite, modernHeaders, modernMessage, namesIn, openHub } from './hub-site.ts';
import { eventually } from './rig.ts';

const SUBSCRIPTION = 'io.modelcontextprotocol/subscriptionId';
let site: HubSite;

beforeAll(async () => {
  site = await openHub({
    servers: {
      git: {
        name: 'git',
        era: 'modern',
        tools: ['echo', 'hang', 'grow', 'touch', 'steps', 'need', 'task'],
        prompts: ['greet'],
        resources: ['file:///a.txt', 'file:///both.txt'],
      },
      mail: {
        name: 'mail',
        era: 'modern',
        tools: ['echo', 'grow', 'touch', 'task'],
        resources: ['mail://inbox', 'file:///both.txt'],
      },
      old: {
        name: 'old',
        era: 'legacy',
        tools: ['echo', 'ask', 'log', 'steps', 'hang', 'grow', 'touch'],
        prompts: ['greet'],
        resources: ['old://one'],
      },
    },
  });
});

afterAll(() => site.stop());

async function listening(
  id: string,
  notifications: Obj,
): Promise<{ readonly messages: Obj[]; readonly leave: AbortController }> {
  const leave = new AbortController();
  const messages: Obj[] = [];
  const headers = modernHeaders('subscriptions/listen', {});
  const response = await fetch(`${site.gateway.base}/mcp`, {
    method: 'POST',
    signal: leave.signal,
    headers: {
      ...headers,
      authorization: 'Bearer agent-token-agent-token',
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body: modernMessage(id, 'subscriptions/listen', { notifications }),
  });
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  const read = async (): Promise<void> => {
    for (let part = await reader?.read(); part !== undefined && !part.done; part = await reader?.read()) {
      text += decoder.decode(part.value, { stream: true });
      const lines = text.split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) if (line.startsWith('data:')) messages.push(JSON.parse(line.slice(5)));
    }
  };
  void read().catch(() => undefined);
  return { messages, leave };
}

describe('a client of the stateless era at /mcp', () => {
  it('is told what all servers can do, of either era, by the gateway itself', async () => {
    const told = objAt(await site.modern().request('server/discover'), 'result');
    expect(told['supportedVersions']).toContain('2026-07-28');
    expect(told).toMatchObject({
      resultType: 'complete',
      ttlMs: 0,
      cacheScope: 'private',
      capabilities: { tools: { listChanged: true }, resources: { subscribe: true }, prompts: {}, logging: {} },
      _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'toolgate' } },
    });
    for (const name of ['git', 'mail', 'old']) expect(told['instructions']).toContain(`Ask ${name} nicely.`);
    expect(told['capabilities']).not.toHaveProperty('tasks');
    expect(objAt(told['capabilities'], 'extensions')).toEqual({ 'io.modelcontextprotocol/tasks': {} });
  });

  it('lists and calls the tools of all of them', async () => {
    const client = site.modern();
    const listed = await client.request('tools/list');
    expect(listed['result']).toMatchObject({ resultType: 'complete', ttlMs: 0, cacheScope: 'private' });
    const names = namesIn(listed, 'tools');
    expect(names).toContain('git__echo');
    expect(names).toContain('old__echo');
    expect(namesIn(await client.request('prompts/list'), 'prompts')).toEqual(['git__greet', 'old__greet']);
    const called = objAt(await client.request('tools/call', { name: 'git__echo', arguments: { a: 1 } }), 'result');
    const heard: Obj = JSON.parse(textOf(called));
    expect(heard).toMatchObject({ by: 'git', tool: 'echo', args: { a: 1 } });
    expect(objAt(heard, 'meta')['io.modelcontextprotocol/protocolVersion']).toBe('2026-07-28');
  });

  it("calls a tool of an older server in that server's words", async () => {
    const client = site.modern();
    const called = objAt(await client.request('tools/call', { name: 'old__echo', arguments: { a: 2 } }), 'result');
    expect(called['resultType']).toBe('complete');
    expect(JSON.parse(textOf(called))).toEqual({ by: 'old', tool: 'echo', args: { a: 2 }, meta: null });
    expect(site.heard('old', 'initialize')).toHaveLength(1);
    expect(site.heard('old', 'initialize')[0]).toMatchObject({ params: { capabilities: {} } });
    expect(site.heard('old', 'notifications/initialized')).toHaveLength(1);
    expect(await client.request('resources/read', { uri: 'old://one' })).toMatchObject({
      result: { resultType: 'complete', ttlMs: 0, cacheScope: 'private' },
    });
  });

  it('has its headers held to the public name, and made anew for the server', async () => {
    const client = site.modern();
    const params = { name: 'git__echo', arguments: {} };
    const wrong = await client.post('tools/call', params, { 'mcp-name': 'echo' });
    expect(wrong.status).toBe(400);
    expect(objAt(wrong.messages[0], 'error')['code']).toBe(-32020);
  });

  it('gets "unknown" for names that no server has', async () => {
    const answer = await site.modern().request('tools/call', { name: 'git__nothing', arguments: {} });
    expect(answer['error']).toEqual({ code: -32602, message: 'Unknown tool: git__nothing' });
    expect(site.called('git')).not.toContain('nothing');
  });

  it('is refused what two servers claim, and neither is asked', async () => {
    const client = site.modern();
    expect(namesIn(await client.request('resources/list'), 'resources', 'uri')).toEqual([
      'file:///a.txt',
      'mail://inbox',
      'old://one',
    ]);
    const refused = objAt(await client.request('resources/read', { uri: 'file:///both.txt' }), 'error');
    expect(refused['message']).toContain('git and mail both claim');
    expect(JSON.stringify([site.heard('git', 'resources/read'), site.heard('mail', 'resources/read')])).not.toContain(
      'both.txt',
    );
  });

  it('answers what a server needs in a second round', async () => {
    const client = site.modern();
    const first = objAt(await client.request('tools/call', { name: 'git__need', arguments: {} }), 'result');
    expect(first['resultType']).toBe('input_required');
    const second = await client.request('tools/call', {
      name: 'git__need',
      arguments: {},
      inputResponses: { name: { action: 'accept', content: {} } },
      requestState: first['requestState'],
    });
    expect(textOf(second['result'])).toContain('given');
    const changed = await client.request('tools/call', {
      name: 'git__echo',
      arguments: {},
      inputResponses: {},
      requestState: first['requestState'],
    });
    expect(objAt(changed, 'error')['message']).toContain('another call');
  });

  it('follows a task at the server that began it; an id that two servers gave is refused', async () => {
    const client = site.modern();
    const begin = (server: string): Promise<Obj> =>
      client.request('tools/call', { name: `${server}__task`, arguments: { id: 'one' } });
    expect(objAt(await begin('git'), 'result')['resultType']).toBe('task');
    expect(JSON.stringify(await client.request('tasks/get', { taskId: 'one' }))).toContain('task of git');
    await begin('mail');
    const asked = site.heard('git', 'tasks/get').length;
    const refused = objAt(await client.request('tasks/get', { taskId: 'one' }), 'error');
    expect(refused['message']).toContain('git and mail both gave');
    expect(objAt(await client.request('tasks/cancel', { taskId: 'two' }), 'error')['message']).toBe(
      'Unknown task: two',
    );
    expect(site.heard('git', 'tasks/get')).toHaveLength(asked);
  });

  it('cancels by leaving, and the one server at work hears of it', async () => {
    const client = site.modern();
    for (const server of ['git', 'old']) {
      const leave = new AbortController();
      const params = { name: `${server}__hang`, arguments: {} };
      const before = site.heard(server, 'notifications/cancelled').length;
      const hanging = client.http.raw(
        modernMessage(`h-${server}`, 'tools/call', params),
        modernHeaders('tools/call', params),
        {
          signal: leave.signal,
        },
      );
      const calls = (): readonly unknown[] => site.called(server).filter((name) => name === 'hang');
      await eventually('the call hangs', () => calls().length === 1);
      leave.abort();
      await expect(hanging).rejects.toThrow();
      await eventually('the server is told', () => site.heard(server, 'notifications/cancelled').length === before + 1);
    }
  });

  it('hears progress and, where it asked for them, logs of an older server', async () => {
    const client = site.modern();
    const steps = await client.post('tools/call', { name: 'old__steps', arguments: {}, _meta: { progressToken: 'p' } });
    expect(steps.messages.map((one) => objAt(one, 'params')['progressToken'])).toContain('p');
    const quiet = await client.post('tools/call', { name: 'old__log', arguments: {} });
    expect(quiet.messages).toHaveLength(1);
    const _meta = { 'io.modelcontextprotocol/logLevel': 'info' };
    const loud = await client.post('tools/call', { name: 'old__log', arguments: {}, _meta });
    expect(loud.messages.map((one) => one['method'])).toContain('notifications/message');
    expect(site.heard('old', 'logging/setLevel')).toHaveLength(1);
  });

  it('is not asked by an older server in the middle of a call; that server is told why', async () => {
    const answer = await site.modern().request('tools/call', { name: 'old__ask', arguments: {} });
    expect(textOf(answer['result'])).toContain('cannot be asked here');
    await eventually('the operator is told', () => site.gateway.stderr().includes('it was declined'));
  });
});

describe('subscriptions at /mcp', () => {
  it('are split over the servers, acknowledged once, and told under the id of the client', async () => {
    const { messages, leave } = await listening('listen:0', {
      toolsListChanged: true,
      resourceSubscriptions: ['mail://inbox', 'old://one', 'file:///both.txt', 'nobody://s'],
    });
    await eventually('the acknowledgement', () => messages.length === 1);
    expect(messages[0]).toMatchObject({
      method: 'notifications/subscriptions/acknowledged',
      params: {
        notifications: { toolsListChanged: true, resourceSubscriptions: expect.any(Array) },
        _meta: { [SUBSCRIPTION]: 'listen:0' },
      },
    });
    // Whichever server answers first stands first.
    const honoured = objAt(objAt(messages[0], 'params'), 'notifications')['resourceSubscriptions'] as string[];
    expect(honoured.toSorted()).toEqual(['mail://inbox', 'old://one']);
    expect(site.heard('old', 'resources/subscribe')).toHaveLength(1);
    const client = site.modern();
    await client.request('tools/call', { name: 'mail__touch', arguments: { uri: 'mail://inbox' } });
    await client.request('tools/call', { name: 'old__touch', arguments: { uri: 'old://one' } });
    await client.request('tools/call', { name: 'old__grow', arguments: { name: 'sprout' } });
    await eventually('all news', () => messages.length === 4);
    expect(messages.slice(1).map((one) => [one['method'], objAt(one, 'params')['uri']])).toEqual([
      ['notifications/resources/updated', 'mail://inbox'],
      ['notifications/resources/updated', 'old://one'],
      ['notifications/tools/list_changed', undefined],
    ]);
    for (const one of messages) expect(objAt(objAt(one, 'params'), '_meta')[SUBSCRIPTION]).toBe('listen:0');
    expect(namesIn(await client.request('tools/list'), 'tools')).toContain('old__sprout');
    leave.abort();
    await eventually('the older server is told', () => site.heard('old', 'resources/unsubscribe').length === 1);
  });

  it('tell when the policy of one server changes what can be seen', async () => {
    const { messages, leave } = await listening('policy', { toolsListChanged: true });
    await eventually('the acknowledgement', () => messages.length === 1);
    site.writePolicy('mail', { version: '1', default: 'allow', hide: ['echo'], tools: {} });
    await eventually('the news', () => messages.length > 1);
    expect(messages[1]).toMatchObject({ method: 'notifications/tools/list_changed' });
    expect(namesIn(await site.modern().request('tools/list'), 'tools')).not.toContain('mail__echo');
    leave.abort();
  });
});
