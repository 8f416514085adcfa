import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toolgate } from '../kit/gateway.ts';
import { type Obj, objAt, readObj, textOf } from '../kit/json-rpc.ts';
import { EVERYTHING, RECORDING } from './servers.ts';
import { FRONTS, type OpenSite, type Site } from './site.ts';

const RULES: Obj = {
  version: '1',
  default: 'deny',
  hide: ['die'],
  tools: {
    echo: {
      validate: 'strict',
      approve_if: [{ id: 'shouting', conditions: [{ path: 'args.text', op: 'regex', value: '^[A-Z!]+$' }] }],
      deny_if: [
        {
          id: 'after-log',
          on_deny: 'Nothing is echoed after the log was read.',
          conditions: [{ path: 'grant.calls["log"]', op: 'gt', value: 0, within: '1h' }],
        },
      ],
    },
    log: {},
    sum: {
      limits: [
        { id: 'budget', counter: 'budget', window: 'day', max: 10.5, amount: 'args.a', per: 'args.b', scope: 'owner' },
      ],
    },
    slow: { mode: 'shadow', action: 'deny', reason: 'Too slow for us.' },
    twice: { action: 'require_approval' },
    huge: { limits: [{ counter: 'huge', window: 'day', max: 0, on_exceed: 'require_approval', reset: 'calendar' }] },
  },
  classes: { financial: {} },
};

/** What the agent is told of a refusal, in one line. */
function verdict(answer: Obj): string {
  const result = objAt(answer, 'result');
  const { decision, rule } = objAt(objAt(result, '_meta'), 'toolgate/decision');
  return decision === undefined ? 'passed' : `${decision} ${rule}`;
}

describe.each(FRONTS)('the language in front of a server, %s', (_front, openSite: OpenSite) => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite({ server: 'recording', command: RECORDING, policy: RULES });
  });
  afterAll(() => site.stop());

  test('arguments that the tool does not name do not reach it', async () => {
    const client = await site.raw();
    await client.initialize();
    expect(verdict(await client.call('echo', { text: 'hello' }))).toBe('passed');
    expect(verdict(await client.call('echo', { text: 'hello', bcc: 'eve' }))).toBe('deny /tools/echo/validate');
    expect(verdict(await client.call('echo', { text: 5 }))).toBe('deny /tools/echo/validate');
    expect(site.called()).toEqual(['echo']);
  });

  test('what a person must approve is told so and does not reach the server', async () => {
    const before = site.called().length;
    const client = await site.raw();
    await client.initialize();
    const asked = await client.call('echo', { text: 'HELP!' });
    expect(verdict(asked)).toBe('require_approval /tools/echo/approve_if/0');
    expect(textOf(asked['result'])).toMatch(/^\[APPROVAL REQUIRED\] /);
    expect(verdict(await client.call('twice'))).toBe('require_approval /tools/twice/action');
    expect(verdict(await client.call('huge', { bytes: 5 }))).toBe('require_approval /tools/huge/limits/0');
    expect(site.called()).toHaveLength(before);
  });

  test('what stands in shadow passes, is listed, and is on record as what it would have been', async () => {
    const client = await site.raw('bob');
    await client.initialize();
    expect(verdict(await client.call('slow', { ms: 1 }))).toBe('passed');
    const listed = objAt(await client.request('tools/list'), 'result')['tools'] as readonly Obj[];
    expect(listed.map((tool) => tool['name']).sort()).toEqual(['echo', 'huge', 'log', 'slow', 'sum', 'twice']);
    const { stdout } = await toolgate(['audit', 'list', '--jsonl', '--data', site.data]);
    const record = stdout
      .split('\n')
      .map(readObj)
      .find((one) => one?.['tool'] === 'slow');
    expect(record).toMatchObject({
      decision: 'allow',
      wouldHave: { decision: 'deny', rule: '/tools/slow/action', reason: 'Too slow for us.' },
    });
  });

  test('an amount is summed exactly, for each value apart, and over a crash', async () => {
    const client = await site.raw('bob');
    await client.initialize();
    const before = site.called().length;
    expect(verdict(await client.call('sum', { a: 10.4, b: 1 }))).toBe('passed');
    expect(verdict(await client.call('sum', { a: 0.2, b: 1 }))).toBe('deny /tools/sum/limits/0');
    expect(verdict(await client.call('sum', { a: 10.5, b: 2 }))).toBe('passed');
    expect(verdict(await client.call('sum', { a: -5, b: 1 }))).toBe('deny /tools/sum/limits/0');
    expect(verdict(await client.call('sum', { a: '1', b: 1 }))).toBe('deny /tools/sum/limits/0');
    await site.crash();
    const again = await site.raw('bob');
    await again.initialize();
    expect(verdict(await again.call('sum', { a: 0.2, b: 1 }))).toBe('deny /tools/sum/limits/0');
    expect(verdict(await again.call('sum', { a: 0.1, b: 1 }))).toBe('passed');
    expect(site.called().slice(before)).toEqual(['sum', 'sum', 'sum']);
  });

  test('an earlier call changes what may be called, for its grant alone, and over a crash', async () => {
    const bob = await site.raw('bob');
    await bob.initialize();
    expect(verdict(await bob.call('echo', { text: 'before' }))).toBe('passed');
    expect(verdict(await bob.call('log'))).toBe('passed');
    expect(verdict(await bob.call('echo', { text: 'after' }))).toBe('deny /tools/echo/deny_if/0');
    await site.crash();
    const again = await site.raw('bob');
    await again.initialize();
    expect(verdict(await again.call('echo', { text: 'after' }))).toBe('deny /tools/echo/deny_if/0');
    const alice = await site.raw('alice');
    await alice.initialize();
    expect(verdict(await alice.call('echo', { text: 'hers' }))).toBe('passed');
  });
});

describe.each(FRONTS)(
  'resources, prompts and requests in front of server-everything, %s',
  (_front, openSite: OpenSite) => {
    const policy: Obj = {
      version: '1',
      default: 'deny',
      tools: { 'trigger-sampling-request': {}, 'trigger-elicitation-request': {}, 'get-roots-list': {} },
      resources: {
        'demo://resource/static/*': {},
        'demo://resource/static/document/features.md': { action: 'deny', reason: 'Not this one.' },
      },
      prompts: {
        'args-prompt': { require: [{ conditions: [{ path: 'args.city', op: 'in', value: ['Rome', 'Oslo'] }] }] },
      },
      requests: { sampling: 'allow', elicitation: 'deny' },
    };
    let site: Site;
    beforeAll(async () => {
      site = await openSite({ server: 'everything', command: EVERYTHING, policy });
    });
    afterAll(() => site.stop());

    /** The code of the error, or `passed`. */
    function outcome(answer: Obj): unknown {
      return answer['error'] === undefined ? 'passed' : objAt(answer, 'error')['code'];
    }

    test('resources pass, are refused and are listed by their own table', async () => {
      const client = await site.raw();
      await client.initialize();
      const listed = objAt(await client.request('resources/list'), 'result')['resources'] as readonly Obj[];
      const uris = listed.map((one) => String(one['uri']));
      expect(uris.length).toBeGreaterThan(0);
      expect(uris.every((uri) => uri.startsWith('demo://resource/static/'))).toBe(true);
      expect(uris).not.toContain('demo://resource/static/document/features.md');
      const [uri = ''] = uris;
      expect(outcome(await client.request('resources/read', { uri }))).toBe('passed');
      const read = async (other: string): Promise<unknown> =>
        outcome(await client.request('resources/read', { uri: other }));
      expect(await read('demo://resource/static/document/features.md')).toBe(-32010);
      expect(await read('demo://resource/dynamic/text/1')).toBe(-32010);
      expect(await read(`${uri}/%2e%2e/features.md`)).toBe(-32010);
      const heard = site.heard().filter((message) => message['method'] === 'resources/read');
      expect(heard.map((message) => objAt(message, 'params')['uri'])).toEqual([uri]);
    });

    test('prompts pass by their arguments', async () => {
      const client = await site.raw();
      await client.initialize();
      const prompt = (city: string) => client.request('prompts/get', { name: 'args-prompt', arguments: { city } });
      expect(outcome(await prompt('Rome'))).toBe('passed');
      expect(outcome(await prompt('Paris'))).toBe(-32010);
      expect(outcome(await client.request('prompts/get', { name: 'simple-prompt' }))).toBe(-32010);
      const heard = site.heard().filter((message) => message['method'] === 'prompts/get');
      expect(heard).toHaveLength(1);
    });

    test('the server is offered only what it may ask for', async () => {
      const client = await site.raw();
      client.answering('sampling/createMessage', () => ({
        model: 'm',
        role: 'assistant',
        content: { type: 'text', text: 'four' },
      }));
      await client.initialize({ sampling: {}, elicitation: {}, roots: {} });
      const hello = site.heard().findLast((message) => message['method'] === 'initialize');
      expect(objAt(objAt(hello, 'params'), 'capabilities')).toEqual({ sampling: {} });
      const asked = await client.call('trigger-sampling-request', { prompt: 'two and two?' });
      expect(textOf(asked['result'])).toContain('four');
    });
  },
);
