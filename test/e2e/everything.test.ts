import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
  LoggingMessageNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Obj, objAt, textOf } from '../kit/json-rpc.ts';
import { started } from '../kit/started.ts';
import { EVERYTHING, RECORDING } from './servers.ts';
import { FRONTS, type OpenSite, type Site } from './site.ts';

const SERVER = { server: 'everything', command: EVERYTHING };

const CAREFUL: Obj = {
  version: '1',
  default: 'deny',
  hide: ['get-env'],
  tools: {
    echo: {
      deny_if: [
        {
          conditions: [{ path: 'args.message', op: 'contains', value: 'secret' }],
          on_deny: 'Secrets are not echoed.',
          id: 'no-secrets',
        },
      ],
    },
    'get-sum': {
      require: [
        {
          conditions: [{ path: 'args.a', op: 'lte', value: 1000 }],
          on_deny: 'Only numbers up to 1000 are added here.',
        },
      ],
    },
    'trigger-long-running-operation': {},
    'toggle-simulated-logging': {},
    'trigger-sampling-request': {},
    'trigger-elicitation-request': {},
    'get-roots-list': {},
  },
};

const OPEN: Obj = { version: '1', default: 'allow', tools: {} };

/** What the agent is told of a refusal. */
function verdictOf(result: unknown): Obj {
  return objAt(objAt(result, '_meta'), 'toolgate/decision');
}

describe.each(FRONTS)('server-everything behind a careful policy, %s', (_name, openSite: OpenSite) => {
  let site: Site;
  let client: Client;
  beforeAll(async () => {
    site = await openSite({ ...SERVER, policy: CAREFUL });
    client = await site.sdk();
  });
  afterAll(() => site.stop());

  /** Calls that reached the server while `story` was told. An allowed call ends it: whatever was sent before it has arrived then. */
  async function reachedDuring(story: () => Promise<void>): Promise<readonly unknown[]> {
    const before = site.called().length;
    await story();
    await client.callTool({ name: 'echo', arguments: { message: 'the end' } });
    const reached = site.called().slice(before);
    expect(reached.at(-1)).toBe('echo');
    return reached.slice(0, -1);
  }

  test('what the policy allows is answered by the server', async () => {
    const reached = await reachedDuring(async () => {
      const echoed = await client.callTool({ name: 'echo', arguments: { message: 'hello' } });
      expect(echoed).toEqual({ content: [{ type: 'text', text: 'Echo: hello' }] });
      expect(textOf(await client.callTool({ name: 'get-sum', arguments: { a: 1000, b: 5000 } }))).toContain('6000');
    });
    expect(reached).toEqual(['echo', 'get-sum']);
  });

  test('what it does not speak of is refused, and the agent is told so', async () => {
    const reached = await reachedDuring(async () => {
      const refused = await client.callTool({ name: 'get-tiny-image', arguments: {} });
      expect(refused['isError']).toBe(true);
      expect(textOf(refused)).toMatch(/^\[POLICY DENIED\] ./);
      expect(verdictOf(refused)).toEqual({
        decision: 'deny',
        rule: '(default deny)',
        reason: textOf(refused).replace('[POLICY DENIED] ', ''),
        requestId: expect.stringMatching(/^\S{20,}$/),
      });
    });
    expect(reached).toEqual([]);
  });

  test.each([
    [
      'a requirement',
      'get-sum',
      { a: 1001, b: 1 },
      'Only numbers up to 1000 are added here.',
      '/tools/get-sum/require/0',
    ],
    ['a requirement on what is missing', 'get-sum', { b: 1 }, 'Only numbers up to 1000', '/tools/get-sum/require/0'],
    ['a forbidden word', 'echo', { message: 'a secret word' }, 'Secrets are not echoed.', '/tools/echo/deny_if/0'],
    ['what cannot be judged', 'echo', { message: { text: 'secret' } }, 'Secrets are not', '/tools/echo/deny_if/0'],
  ])('an allowed tool is refused by its arguments: %s', async (_why, name, args, told, rule) => {
    const reached = await reachedDuring(async () => {
      const refused = await client.callTool({ name, arguments: args });
      expect(refused['isError']).toBe(true);
      expect(textOf(refused)).toContain(`[POLICY DENIED] ${told}`);
      expect(verdictOf(refused)).toMatchObject({ decision: 'deny', rule });
    });
    expect(reached).toEqual([]);
  });

  test('the list shows what can be reached, and nothing else', async () => {
    const names = (await client.listTools()).tools.map(({ name }) => name);
    expect(names.sort()).toEqual(['echo', 'get-sum', 'toggle-simulated-logging', 'trigger-long-running-operation']);
  });

  test('a hidden tool cannot be told from one that does not exist', async () => {
    const raw = await site.raw();
    await raw.initialize();
    const answerTo = (name: string): Promise<string> =>
      raw.answerTo({ jsonrpc: '2.0', id: 'a call', method: 'tools/call', params: { name, arguments: {} } });
    const reached = await reachedDuring(async () => {
      const hidden = await answerTo('get-env');
      expect(hidden).toContain('-32602');
      expect(hidden).toContain('Unknown tool: get-env');
      expect(hidden.replace('get-env', 'get-foo')).toBe(await answerTo('get-foo'));
    });
    expect(reached).toEqual([]);
  });

  test('progress reaches the client under its own token', async () => {
    const seen: unknown[] = [];
    const ran = await client.callTool(
      { name: 'trigger-long-running-operation', arguments: { duration: 0.6, steps: 3 } },
      undefined,
      { onprogress: ({ progress, total }) => seen.push([progress, total]) },
    );
    expect(textOf(ran)).toContain('completed');
    // The SDK loses progress that comes in one piece with the answer, as the last step may.
    expect(seen.slice(0, 2)).toEqual([
      [1, 3],
      [2, 3],
    ]);
  });

  test('log messages of the server reach the client', async () => {
    const logged = new Promise<unknown>((resolve) =>
      client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) => resolve(params.data)),
    );
    await client.setLoggingLevel('debug');
    await client.callTool({ name: 'toggle-simulated-logging', arguments: {} });
    expect(await logged).toMatch(/level[- ]message/i);
    await client.callTool({ name: 'toggle-simulated-logging', arguments: {} });
  });

  test('the server never learns that the client could be asked something', async () => {
    const shaken = site.heard().filter((message) => message['method'] === 'initialize');
    expect(shaken.length).toBeGreaterThan(0);
    for (const message of shaken) expect(objAt(message, 'params')['capabilities']).toEqual({});
    // The server offers these tools only to clients that can be asked; the policy allows them.
    const call = client.callTool({ name: 'trigger-sampling-request', arguments: { prompt: 'two and two?' } });
    await expect(call).rejects.toThrow('Unknown tool: trigger-sampling-request');
  });

  test('resources and prompts are not shown, and refused', async () => {
    expect(await client.listResources()).toMatchObject({ resources: [] });
    expect(await client.listResourceTemplates()).toMatchObject({ resourceTemplates: [] });
    expect(await client.listPrompts()).toMatchObject({ prompts: [] });
    const uri = 'demo://resource/static/document/features.md';
    for (const call of [
      () => client.readResource({ uri }),
      () => client.subscribeResource({ uri }),
      () => client.getPrompt({ name: 'simple-prompt' }),
    ]) {
      await expect(call()).rejects.toThrow('[POLICY DENIED]');
    }
    await client.listTools();
    const heard = site.heard().map((message) => String(message['method']));
    expect(heard.filter((method) => /^(resources\/(read|subscribe)|prompts\/get)$/.test(method))).toEqual([]);
  });

  test('a client of the next SDK falls back to what is spoken here', async () => {
    const modern = await site.modern();
    expect(modern.getServerVersion()?.name).toBe('mcp-servers/everything');
    const reached = await reachedDuring(async () => {
      expect(textOf(await modern.callTool({ name: 'echo', arguments: { message: 'hello' } }))).toBe('Echo: hello');
      const refused = await modern.callTool({ name: 'get-tiny-image', arguments: {} });
      expect(textOf(refused)).toContain('[POLICY DENIED]');
      await expect(modern.callTool({ name: 'get-env', arguments: {} })).rejects.toThrow('Unknown tool: get-env');
    });
    expect(reached).toEqual(['echo']);
  });
});

describe.each(FRONTS)('server-everything behind an open policy, %s', (_name, openSite: OpenSite) => {
  let site: Site;
  let client: Client;
  beforeAll(async () => {
    site = await openSite({ ...SERVER, policy: OPEN });
    client = await site.sdk('alice', (fresh) => {
      fresh.setRequestHandler(CreateMessageRequestSchema, ({ params }) => ({
        model: 'a-model',
        role: 'assistant',
        content: { type: 'text', text: `four, to: ${JSON.stringify(params.messages)}` },
      }));
      fresh.setRequestHandler(ElicitRequestSchema, () => ({ action: 'accept', content: { name: 'Ada' } }));
      fresh.setRequestHandler(ListRootsRequestSchema, () => ({ roots: [{ uri: 'file:///garden', name: 'Garden' }] }));
    });
  });
  afterAll(() => site.stop());

  test('the server asks the client, and gets the answers', async () => {
    const asked = { name: 'trigger-sampling-request', arguments: { prompt: 'two and two?' } };
    expect(textOf(await client.callTool(asked))).toMatch(/four, to: .*two and two\?/);
    expect(textOf(await client.callTool({ name: 'trigger-elicitation-request', arguments: {} }))).toContain(
      'Name: Ada',
    );
    expect(textOf(await client.callTool({ name: 'get-roots-list', arguments: {} }))).toContain('file:///garden');
  });

  test('resources and prompts work', async () => {
    const { resources } = await client.listResources();
    const uri = resources.find((one) => one.uri.endsWith('features.md'))?.uri ?? '';
    const read = await client.readResource({ uri });
    expect(JSON.stringify(read.contents)).toContain('Everything Server');
    const { prompts } = await client.listPrompts();
    expect(prompts.map(({ name }) => name)).toContain('simple-prompt');
    const prompt = await client.getPrompt({ name: 'simple-prompt' });
    expect(prompt.messages[0]?.content).toMatchObject({ text: expect.stringContaining('simple prompt') });
  });
});

describe.each(FRONTS)('each on a site of its own, %s', (_name, openSite: OpenSite) => {
  const kit = started();
  afterEach(() => kit.endAll());

  test('ten calls a minute for each grant: the eleventh is refused, another grant passes, and death forgets nothing', async () => {
    const limits = [{ counter: 'echo_rate', window: 'minute', max: 10, scope: 'grant' }];
    const policy = { version: '1', default: 'deny', tools: { echo: { limits } } };
    const site = kit.add(await openSite({ ...SERVER, policy }));
    const echo = (client: Client) => client.callTool({ name: 'echo', arguments: { message: 'hello' } });

    const alice = await site.sdk('alice');
    for (let n = 1; n <= 10; n += 1) expect(textOf(await echo(alice))).toBe('Echo: hello');
    const eleventh = await echo(alice);
    expect(textOf(eleventh)).toMatch(/^\[POLICY DENIED\] .*echo_rate/);
    expect(verdictOf(eleventh)).toMatchObject({ rule: '/tools/echo/limits/0', decision: 'deny' });
    expect(verdictOf(eleventh)['retryAfterSeconds']).toBeGreaterThanOrEqual(1);
    // At most the window and a sixtieth of it.
    expect(verdictOf(eleventh)['retryAfterSeconds']).toBeLessThanOrEqual(61);
    expect(textOf(await echo(await site.sdk('bob')))).toBe('Echo: hello');

    await site.crash();
    const again = await site.sdk('alice');
    expect(verdictOf(await echo(again))).toMatchObject({ rule: '/tools/echo/limits/0', decision: 'deny' });
    expect(textOf(await echo(await site.sdk('bob')))).toBe('Echo: hello');
    expect(site.called()).toHaveLength(12);
  });

  test('a server that asks although it may not is refused, and the client hears nothing of it', async () => {
    const policy = { version: '1', default: 'deny', tools: { ask: {} } };
    const site = kit.add(await openSite({ server: 'recording', command: RECORDING, policy }));
    const client = await site.raw();
    const questions: unknown[] = [];
    const methods = ['sampling/createMessage', 'elicitation/create', 'roots/list'];
    for (const method of methods) {
      client.answering(method, (params) => {
        questions.push(params);
        return {};
      });
    }
    await client.initialize({ sampling: {}, elicitation: {}, roots: {} });
    for (const method of methods) {
      const { result } = await client.call('ask', { method, params: {} });
      expect(textOf(result)).toContain('[POLICY DENIED]');
    }
    expect(questions).toEqual([]);
  });
});
