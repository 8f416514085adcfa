import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixtureCommand, startPrinting } from '../conformance/fixture.ts';
import { type Gateway, startGateway } from '../kit/gateway.ts';
import { type HttpClient, httpClient } from '../kit/http-client.ts';
import { type Obj, objAt, textOf } from '../kit/json-rpc.ts';
import { startRecordingServer } from '../kit/recording-http-server.ts';
import { started } from '../kit/started.ts';
import { type HubSite, namesIn, openHub } from './hub-site.ts';
import { AGENT, eventually, OPEN_POLICY } from './rig.ts';
import { connectHttp, connectModernHttp } from './sdk.ts';
import { EVERYTHING } from './servers.ts';

describe('a client of the initialize era, with a server of the stateless one among its own', () => {
  let site: HubSite;
  let client: HttpClient;

  beforeAll(async () => {
    site = await openHub({
      servers: {
        old: { name: 'old', era: 'legacy', tools: ['echo'] },
        young: {
          name: 'young',
          era: 'modern',
          tools: ['echo', 'need', 'grow', 'touch', 'steps', 'log', 'hang'],
          prompts: ['greet'],
          resources: ['young://one', 'young://two'],
        },
      },
    });
    client = await site.legacy();
  });

  afterAll(() => site.stop());

  it('meets both', async () => {
    const met = objAt(await site.fresh().initialize(), 'result');
    expect(met['instructions']).toContain('Ask young nicely.');
    expect(met['capabilities']).toMatchObject({ prompts: {}, resources: { subscribe: true } });
    const tools = await client.request('tools/list');
    expect(namesIn(tools, 'tools')).toContain('young__echo');
    for (const key of ['resultType', 'ttlMs', 'cacheScope']) expect(objAt(tools, 'result')).not.toHaveProperty(key);
  });

  it('calls it in its own words, which carry who asks', async () => {
    const result = objAt(await client.call('young__echo', { a: 1 }), 'result');
    expect(Object.keys(result)).toEqual(['content']);
    const heard: Obj = JSON.parse(textOf(result));
    expect(heard).toMatchObject({ by: 'young', tool: 'echo', args: { a: 1 } });
    expect(heard['meta']).toEqual({
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientCapabilities': {},
      'io.modelcontextprotocol/clientInfo': { name: 'http-client', version: '1.0.0' },
    });
    const read = await client.request('resources/read', { uri: 'young://one' });
    expect(read['result']).toEqual({ contents: [{ uri: 'young://one', text: 'read by young' }] });
  });

  it('is told plainly where that server needs input', async () => {
    const refused = objAt(await client.call('young__need'), 'error');
    expect(refused['message']).toContain('The server young needs input from the user');
    expect(refused['message']).toContain('2026-07-28');
  });

  it('hears of changes, and of the resources to which it subscribed', async () => {
    const stream = await client.stream();
    await client.call('young__grow', { name: 'sprout' });
    const changed = await stream.next('the change', (one) => one['method'] === 'notifications/tools/list_changed');
    expect(changed['params'] ?? {}).toEqual({});
    for (const uri of ['young://one', 'young://two']) {
      expect(await client.request('resources/subscribe', { uri })).toMatchObject({ result: {} });
    }
    await client.request('resources/unsubscribe', { uri: 'young://two' });
    await client.call('young__touch', { uri: 'young://one' });
    const news = await stream.next('the news', (one) => one['method'] === 'notifications/resources/updated');
    expect(news['params']).toEqual({ uri: 'young://one' });
    await eventually('old subscriptions are left', () => site.heard('young', 'notifications/cancelled').length >= 2);
    stream.close();
  });

  it('has its progress, its level of logs and its cancellations', async () => {
    const steps = await client.post({
      jsonrpc: '2.0',
      id: 'p',
      method: 'tools/call',
      params: { name: 'young__steps', arguments: {}, _meta: { progressToken: 'mine' } },
    });
    expect(objAt(steps.messages[0], 'params')['progressToken']).toBe('mine');
    expect(await client.request('logging/setLevel', { level: 'info' })).toMatchObject({ result: {} });
    const heard: Obj = JSON.parse(textOf((await client.call('young__echo'))['result']));
    expect(objAt(heard, 'meta')['io.modelcontextprotocol/logLevel']).toBe('info');
    const before = site.heard('young', 'notifications/cancelled').length;
    const hanging = client.post({ jsonrpc: '2.0', id: 'h', method: 'tools/call', params: { name: 'young__hang' } });
    await eventually('the call hangs', () => site.called('young').includes('hang'));
    await client.notify('notifications/cancelled', { requestId: 'h' });
    expect((await hanging).status).toBe(202);
    await eventually('the server is told', () => site.heard('young', 'notifications/cancelled').length === before + 1);
  });

  it('sends no server a method of the other era', () => {
    for (const method of ['ping', 'logging/setLevel', 'resources/subscribe', 'notifications/initialized']) {
      expect(site.heard('young', method)).toEqual([]);
    }
    expect(site.heard('old', 'subscriptions/listen')).toEqual([]);
  });
});

describe('real servers of both eras, over HTTP and stdio, behind one address', () => {
  const kit = started();
  let gateway: Gateway;
  let remote: Awaited<ReturnType<typeof startRecordingServer>>;

  beforeAll(async () => {
    const young = kit.add(await startPrinting(fixtureCommand('modern', 'http')));
    remote = kit.add(await startRecordingServer());
    const names = ['everything', 'young', 'young-stdio', 'remote'];
    const config = {
      servers: {
        everything: { command: EVERYTHING },
        young: { url: young.url },
        'young-stdio': { command: fixtureCommand('modern', 'stdio') },
        remote: { url: remote.url },
      },
      policies: { open: OPEN_POLICY },
      grants: {
        agent: { owner: 'alice', servers: Object.fromEntries(names.map((name) => [name, 'open'])), token: AGENT },
      },
    };
    gateway = kit.add(await startGateway({ config }));
  });

  afterAll(() => kit.endAll());

  it.each(['v1, 2025-11-25', 'v2, 2026-07-28'])(
    'the official client %s lists, calls, reads and prompts',
    async (which) => {
      const url = `${gateway.base}/mcp`;
      const client = which.startsWith('v1')
        ? await connectHttp(url, AGENT, () => {})
        : await connectModernHttp(url, AGENT);
      kit.add({ stop: () => client.close() });
      expect(client.getServerVersion()?.name).toBe('toolgate');
      const names = (await client.listTools()).tools.map(({ name }) => name);
      for (const name of [
        'everything__echo',
        'young__test_simple_text',
        'young-stdio__test_simple_text',
        'remote__sum',
      ]) {
        expect(names).toContain(name);
      }
      const echo = await client.callTool({ name: 'everything__echo', arguments: { message: 'hi' } });
      expect(textOf(echo)).toContain('hi');
      const sum = await client.callTool({ name: 'remote__sum', arguments: { a: 1, b: 2 } });
      expect(textOf(sum)).toBe('3');
      for (const server of ['young', 'young-stdio']) {
        expect(textOf(await client.callTool({ name: `${server}__test_simple_text`, arguments: {} }))).not.toBe('');
        const arguments_ = { region: 'eu', question: 'where?' };
        const region = await client.callTool({ name: `${server}__test_custom_header`, arguments: arguments_ });
        expect(textOf(region)).toBe('region eu');
      }
      const prompts = (await client.listPrompts()).prompts.map(({ name }) => name);
      expect(prompts).toContain('everything__simple-prompt');
      const prompt = await client.getPrompt({ name: 'young__test_simple_prompt' });
      expect(JSON.stringify(prompt)).toContain('simple prompt');
      const { resources } = await client.listResources();
      const own = resources.find(({ uri }) => uri.startsWith('demo://'));
      expect(own).toBeDefined();
      expect((await client.readResource({ uri: own?.uri ?? '' })).contents).toHaveLength(1);
      // Both of the young ones claim these.
      expect(resources.map(({ uri }) => uri)).not.toContain('test://static-text');
      await expect(client.readResource({ uri: 'test://static-text' })).rejects.toThrow('both claim');
    },
  );

  it('the end of a session ends those behind it, at remote servers too', async () => {
    const client = kit.add(httpClient(`${gateway.base}/mcp`, AGENT));
    const before = new Set(remote.sessions.keys());
    await client.initialize();
    const own = [...remote.sessions.keys()].filter((id) => !before.has(id));
    expect(own).toHaveLength(1);
    await client.delete();
    expect(own.some((id) => remote.sessions.has(id))).toBe(false);
  });

  it('an answer to a raw client is whole', async () => {
    const client = kit.add(httpClient(`${gateway.base}/mcp`, AGENT));
    await client.initialize();
    const tools = objAt(await client.request('tools/list'), 'result')['tools'];
    const listed = Array.isArray(tools)
      ? tools.find((tool: Obj) => tool['name'] === 'young__json_schema_2020_12_tool')
      : {};
    expect(JSON.stringify(listed)).toContain('$defs');
  });
});
