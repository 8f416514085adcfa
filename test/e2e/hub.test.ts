import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { objAt, textOf } from '../kit/json-rpc.ts';
import { type HubSite, namesIn, openHub } from './hub-site.ts';
import { eventually, OTHER } from './rig.ts';

let site: HubSite;

beforeAll(async () => {
  site = await openHub({
    servers: {
      git: {
        name: 'git',
        era: 'legacy',
        tools: ['echo', 'hang', 'grow', 'touch', 'link', 'log', 'steps', 'ask', 'task', 'page', 'secret'],
        prompts: ['greet', 'part'],
        resources: ['file:///a.txt', 'file:///both.txt', 'file:///b.txt'],
        templates: ['repo://{owner}/{name}'],
      },
      mail: {
        name: 'mail',
        era: 'legacy',
        tools: ['echo', 'send', 'steps', 'ask', 'task', 'log', 'hang', 'touch', 'bad name', 'ö'],
        prompts: ['greet'],
        resources: ['file:///both.txt', 'mail://inbox'],
        templates: ['mail://box/{name}'],
      },
      notes: { name: 'notes', era: 'legacy', tools: ['echo'] },
    },
    policies: { git: { version: '1', default: 'allow', hide: ['secret'], tools: {} } },
    others: ['mail'],
  });
});

afterAll(() => site.stop());

describe('a client of all servers of its grant at once', () => {
  it('is met by the gateway itself, with what all of them can do and say', async () => {
    const client = site.fresh();
    const met = objAt(await client.initialize(), 'result');
    expect(met['serverInfo']).toMatchObject({ name: 'toolgate' });
    expect(met['protocolVersion']).toBe('2025-11-25');
    expect(met['capabilities']).toMatchObject({
      tools: { listChanged: true },
      prompts: { listChanged: true },
      resources: { subscribe: true, listChanged: true },
      logging: {},
      completions: {},
    });
    expect(met['instructions']).toContain('# Of the server git\n> Ask git nicely.');
    expect(met['instructions']).toContain('# Of the server mail\n> Ask mail nicely.');
    await client.delete();
  });

  it('sees their tools and prompts on one page, under the names of their servers, in the order of the configuration', async () => {
    const client = await site.legacy();
    const tools = namesIn(await client.request('tools/list'), 'tools');
    expect(tools.slice(0, 2)).toEqual(['git__echo', 'git__hang']);
    expect(tools.indexOf('mail__echo')).toBeGreaterThan(tools.indexOf('git__page'));
    expect(tools.at(-1)).toBe('notes__echo');
    expect(namesIn(await client.request('prompts/list'), 'prompts')).toEqual([
      'git__greet',
      'git__part',
      'mail__greet',
    ]);
    expect(objAt(await client.request('tools/list', { cursor: 'rest' }), 'error')['code']).toBe(-32602);
  });

  it('calls each at its own server, which hears its own name', async () => {
    const client = await site.legacy();
    const answer = await client.call('mail__echo', { text: 'hi' });
    expect(JSON.parse(textOf(answer['result']))).toMatchObject({ by: 'mail', tool: 'echo', args: { text: 'hi' } });
    const prompt = await client.request('prompts/get', { name: 'git__greet' });
    expect(JSON.stringify(prompt)).toContain('greet by git');
    const completed = await client.request('completion/complete', {
      ref: { type: 'ref/prompt', name: 'mail__greet' },
      argument: { name: 'a', value: 'b' },
    });
    expect(JSON.stringify(completed)).toContain('by mail');
    expect(JSON.stringify(site.heard('mail', 'completion/complete'))).toContain('"name":"greet"');
  });

  it('gets "unknown" for what no server has, what is hidden, and what is no name; no server hears of it', async () => {
    const client = await site.legacy();
    for (const name of [
      'echo',
      'nowhere__echo',
      'git__nothing',
      'git__secret',
      'mail__bad name',
      'git__',
      `git__${'x'.repeat(200)}`,
    ]) {
      const answer = await client.call(name);
      expect(answer['error']).toEqual({ code: -32602, message: `Unknown tool: ${name}` });
    }
    expect(site.called('git')).not.toContain('secret');
    expect(site.called('git')).not.toContain('nothing');
    expect(site.called('mail')).not.toContain('bad name');
  });

  it('has names left out that clients cannot take, and the operator is told once', async () => {
    const client = await site.legacy();
    const listed = JSON.stringify(await client.request('tools/list'));
    expect(listed).not.toContain('bad name');
    expect(listed).not.toContain('ö');
    await client.request('tools/list');
    expect(site.gateway.stderr().split('"bad name" is left out').length).toBe(2);
  });

  it('has a session id that is worth nothing to others, nor at a server of its own', async () => {
    const client = await site.legacy();
    const thief = site.fresh(OTHER);
    thief.sessionId = client.sessionId;
    expect((await thief.post({ jsonrpc: '2.0', id: 1, method: 'tools/list' })).status).toBe(404);
  });

  it('sees only the servers of its own grant', async () => {
    const client = await site.legacy(OTHER);
    expect(JSON.stringify(await client.request('tools/list'))).not.toContain('git__');
    expect((await client.call('git__echo'))['error']).toMatchObject({ message: 'Unknown tool: git__echo' });
  });
});

describe('the address', () => {
  it('is told at the start to whose grant has several servers, and to nobody else', () => {
    const told = site.gateway.stdout();
    expect(told).toContain(`Grant agent on its 3 servers together\n  MCP address     ${site.gateway.base}/mcp\n`);
    expect(told).not.toContain('Grant other on its');
  });

  it('is nothing to those without a token, nor beside it', async () => {
    const hello = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: {} });
    expect((await site.fresh('wrong-token-wrong-token').raw(hello)).status).toBe(401);
    const beside = await fetch(`${site.gateway.base}/mcps`, {
      headers: { authorization: 'Bearer agent-token-agent-token' },
    });
    expect(beside.status).toBe(404);
  });
});

describe('resources at /mcp', () => {
  it('keep their URIs, and are read where they are listed, templated, linked, or the page of a tool', async () => {
    const client = await site.legacy();
    const reads = async (uri: string): Promise<string> =>
      JSON.stringify(await client.request('resources/read', { uri }));
    expect(await reads('file:///a.txt')).toContain('read by git');
    expect(await reads('mail://inbox')).toContain('read by mail');
    expect(await reads('repo://me/mine')).toContain('read by git');
    expect(await reads('mail://box/sent')).toContain('read by mail');
    expect(await reads('ui://git/page')).toContain('read by git');
    expect(await reads('linked://one')).toContain('No server of the grant lists');
    await client.call('git__link', { uri: 'linked://one' });
    expect(await reads('linked://one')).toContain('read by git');
  });

  it('that two servers claim are left out and refused, and neither server is asked', async () => {
    const client = await site.legacy();
    const listed = namesIn(await client.request('resources/list'), 'resources', 'uri');
    expect(listed).toEqual(['file:///a.txt', 'file:///b.txt', 'mail://inbox']);
    const refused = objAt(await client.request('resources/read', { uri: 'file:///both.txt' }), 'error');
    expect(refused['message']).toContain('git and mail both claim');
    expect(refused['message']).toContain('/mcp/<server>');
    const asked = [...site.heard('git', 'resources/read'), ...site.heard('mail', 'resources/read')];
    expect(JSON.stringify(asked)).not.toContain('both.txt');
    expect(site.gateway.stderr()).toContain('git and mail claim it');
  });

  it('are subscribed to at their server, whose news come under the same URI', async () => {
    const client = await site.legacy();
    const stream = await client.stream();
    expect(await client.request('resources/subscribe', { uri: 'mail://inbox' })).toMatchObject({ result: {} });
    await client.call('mail__touch', { uri: 'mail://inbox' });
    const news = await stream.next('the news', (one) => one['method'] === 'notifications/resources/updated');
    expect(news['params']).toEqual({ uri: 'mail://inbox' });
    expect(await client.request('resources/unsubscribe', { uri: 'mail://inbox' })).toMatchObject({ result: {} });
    expect(site.heard('mail', 'resources/unsubscribe')).toHaveLength(1);
    stream.close();
  });
});

describe('what servers say to a client of many', () => {
  it('questions of two servers with one id are answered to whom they belong', async () => {
    const client = await site.legacy();
    const seen: unknown[] = [];
    client.answering('sampling/createMessage', (params) => {
      seen.push(params);
      return { role: 'assistant', content: { type: 'text', text: `answer ${seen.length}` }, model: 'm' };
    });
    const [one, two] = await Promise.all([client.call('git__ask'), client.call('mail__ask')]);
    expect([textOf(one['result']), textOf(two['result'])].map((text) => text.includes('answer')).sort()).toEqual([
      true,
      true,
    ]);
    expect(textOf(one['result'])).not.toBe(textOf(two['result']));
  });

  it('an answer to a question that nobody asked reaches no server', async () => {
    const client = await site.legacy();
    const before = site.heard('git', 'tools/call').length;
    expect((await client.post({ jsonrpc: '2.0', id: 'git:1', result: {} })).status).toBe(202);
    expect((await client.post({ jsonrpc: '2.0', id: 'gate-1', result: {} })).status).toBe(202);
    expect(site.heard('git', 'tools/call')).toHaveLength(before);
  });

  it('progress comes under the token of the client', async () => {
    const client = await site.legacy();
    const answer = await client.post({
      jsonrpc: '2.0',
      id: 7,
      method: 'tools/call',
      params: { name: 'git__steps', arguments: {}, _meta: { progressToken: 'mine' } },
    });
    expect(answer.messages.map((one) => objAt(one, 'params')['progressToken'] ?? one['id'])).toEqual(['mine', 7]);
  });

  it('a cancellation reaches the one server that is at work', async () => {
    const client = await site.legacy();
    const cancels = (): number => site.heard('git', 'notifications/cancelled').length;
    const before = cancels();
    const calls = site.heard('git', 'tools/call').length;
    const others = site.heard('mail', 'notifications/cancelled').length;
    const hanging = client.post({
      jsonrpc: '2.0',
      id: 'h',
      method: 'tools/call',
      params: { name: 'git__hang', arguments: {} },
    });
    await eventually('the call hangs', () => site.heard('git', 'tools/call').length === calls + 1);
    await client.notify('notifications/cancelled', { requestId: 'h' });
    expect((await hanging).status).toBe(202);
    await eventually('the server is told', () => cancels() === before + 1);
    expect(site.heard('mail', 'notifications/cancelled')).toHaveLength(others);
  });

  it('the level of logs goes to all of them', async () => {
    const client = await site.legacy();
    const before = site.heard('mail', 'logging/setLevel').length;
    expect(await client.request('logging/setLevel', { level: 'info' })).toMatchObject({ result: {} });
    expect(site.heard('mail', 'logging/setLevel')).toHaveLength(before + 1);
  });

  it('two clients do not hear what is meant for the other', async () => {
    const [one, two] = [await site.legacy(), await site.legacy()];
    const [mine, theirs] = [await one.stream(), await two.stream()];
    await one.call('git__grow', { name: 'sprout' });
    await mine.next('the change', (message) => message['method'] === 'notifications/tools/list_changed');
    expect(namesIn(await one.request('tools/list'), 'tools')).toContain('git__sprout');
    expect(namesIn(await two.request('tools/list'), 'tools')).not.toContain('git__sprout');
    expect(theirs.messages).toEqual([]);
    mine.close();
    theirs.close();
  });
});

describe('tasks at /mcp', () => {
  it('belong to the server whose call began them; an id that two servers gave is refused', async () => {
    const client = await site.legacy();
    await client.call('git__task', { id: 'one' });
    expect(JSON.stringify(await client.request('tasks/get', { taskId: 'one' }))).toContain('task of git');
    expect(namesIn(await client.request('tasks/list'), 'tasks', 'taskId')).toEqual(['one']);
    expect(objAt(await client.request('tasks/get', { taskId: 'two' }), 'error')['message']).toBe('Unknown task: two');
    await client.call('mail__task', { id: 'one' });
    const asked = site.heard('git', 'tasks/get').length;
    const refused = objAt(await client.request('tasks/get', { taskId: 'one' }), 'error');
    expect(refused['message']).toContain('git and mail both gave');
    expect(site.heard('git', 'tasks/get')).toHaveLength(asked);
    const stranger = await site.legacy();
    expect(objAt(await stranger.request('tasks/get', { taskId: 'one' }), 'error')['message']).toBe('Unknown task: one');
  });
});
