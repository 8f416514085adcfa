import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { afterEach, describe, expect, test } from 'vitest';
import { FRONTS, type OpenSite, type Site } from '../e2e/site.ts';
import { isObj, type Obj, objAt, textOf } from '../kit/json-rpc.ts';
import { started } from '../kit/started.ts';
import { flowsIn, orderThrough } from './capture.ts';
import { mitmproxy } from './commands.ts';
import { folderFor, freePort } from './ground.ts';
import { openTill, type Till } from './till.ts';

const kit = started();
afterEach(() => kit.endAll());

/** What was captured may be looked at and sent again, as it was and three times an hour. */
function replaying(port: number): Obj {
  return {
    version: '1',
    default: 'deny',
    hide: ['list_tools', 'generate_scraper_code'],
    tools: {
      start_proxy: { require: [{ conditions: [{ path: 'args.port', op: 'eq', value: port }] }] },
      get_traffic_summary: {},
      inspect_flow: {},
      replay_flow: {
        deny_if: [
          { conditions: [{ path: 'args.timeout', op: 'gt', value: 10 }], on_deny: 'Ten seconds at most.' },
          { conditions: [{ path: 'args.headers_json', op: 'exists', value: true }], on_deny: 'As it was captured.' },
          { conditions: [{ path: 'args.body', op: 'exists', value: true }], on_deny: 'As it was captured.' },
        ],
        limits: [{ counter: 'replays', window: 'hour', max: 3, scope: 'grant' }],
      },
      load_traffic_file: { action: 'deny', reason: 'What was captured is kept.' },
      'clear_*': { action: 'deny', reason: 'What was captured is kept.' },
      fuzz_endpoint: { action: 'deny', reason: 'Nobody is attacked from here.' },
    },
    results: { redact: [{ regex: 'Bearer [A-Za-z0-9-]+', replace: 'Bearer [redacted]' }] },
  };
}

const OPEN: Obj = { version: '1', default: 'allow', tools: {} };

interface Scene {
  readonly till: Till;
  readonly site: Site;
  readonly client: Client;
  /** The order that a customer sent through the proxy. */
  readonly flow: string;
  call(name: string, args?: Obj): Promise<unknown>;
}

/** The proxy runs, and a customer has ordered once through it. */
async function scene(openSite: OpenSite, policyFor: (port: number) => Obj): Promise<Scene> {
  const folder = folderFor(kit);
  const till = kit.add(await openTill());
  const port = await freePort();
  const server = { server: 'mitmproxy', command: mitmproxy(folder), env: { HOME: folder } };
  const site = kit.add(await openSite({ ...server, policy: policyFor(port) }));
  const client = await site.sdk();
  const call = (name: string, args: Obj = {}): Promise<unknown> => client.callTool({ name, arguments: args });
  expect(textOf(await call('start_proxy', { port }))).toBe(`Started proxy on port ${port}`);
  await orderThrough(port, `${till.origin}/orders?qty=1`);
  const [flow = ''] = await flowsIn(client);
  expect(till.asked()).toEqual(['POST /orders?qty=1']);
  return { till, site, client, flow, call };
}

describe.each(FRONTS)('the Mitmproxy server, %s', (_name, openSite: OpenSite) => {
  test('an order is sent again three times, and the shop hears of no fourth', async () => {
    const { till, site, flow, call } = await scene(openSite, replaying);
    const replay = async (more: Obj = {}): Promise<string> =>
      textOf(await call('replay_flow', { flow_id: flow, ...more }));

    for (const more of [{}, { timeout: 5 }, {}]) expect(await replay(more)).toContain('Replayed successfully!');
    expect(till.asked()).toEqual(Array(4).fill('POST /orders?qty=1'));
    const asCaptured = { authorization: 'Bearer captured-token', body: '{"qty":1}' };
    expect(till.received()).toEqual(Array(4).fill(asCaptured));

    expect(await replay()).toMatch(/^\[POLICY DENIED\] .*replays/);
    expect(till.asked()).toHaveLength(4);
    expect(site.called().filter((name) => name === 'replay_flow')).toHaveLength(3);
  });

  test('arguments that the server would bend are refused, and the shop hears nothing', async () => {
    const { till, site, flow, call } = await scene(openSite, replaying);
    for (const [more, told] of [
      // The server takes a number in a text for the number: what it would bend cannot be judged as one.
      [{ timeout: '60' }, 'Ten seconds at most.'],
      [{ timeout: '5' }, 'Ten seconds at most.'],
      [{ timeout: 60 }, 'Ten seconds at most.'],
      [{ headers_json: '{"Host":"elsewhere"}' }, 'As it was captured.'],
      [{ body: '__omit__' }, 'As it was captured.'],
    ] as const) {
      expect(textOf(await call('replay_flow', { flow_id: flow, ...more }))).toBe(`[POLICY DENIED] ${told}`);
    }
    expect(till.asked()).toHaveLength(1);
    expect(site.called()).not.toContain('replay_flow');
  });

  test('what was captured stays, and nobody is attacked', async () => {
    const { till, site, client, flow, call } = await scene(openSite, replaying);
    const kept = '[POLICY DENIED] What was captured is kept.';
    for (const args of [{ file_path: '/etc/passwd' }, { file_path: '/nowhere.har', append: true }]) {
      expect(textOf(await call('load_traffic_file', args))).toBe(kept);
    }
    expect(textOf(await call('clear_traffic'))).toBe(kept);
    const attack = { flow_id: flow, target_param: 'qty', param_type: 'query', payload_category: 'sqli' };
    expect(textOf(await call('fuzz_endpoint', attack))).toBe('[POLICY DENIED] Nobody is attacked from here.');

    expect(await flowsIn(client)).toEqual([flow]);
    expect(till.asked()).toEqual(['POST /orders?qty=1']);
    const called = new Set(site.called());
    expect([...called]).toEqual(['start_proxy', 'get_traffic_summary']);
  });

  test('a captured credential is looked at masked', async () => {
    const { flow, call } = await scene(openSite, replaying);
    const seen = JSON.stringify(await call('inspect_flow', { flow_id: flow }));
    expect(seen).toContain('/orders?qty=1');
    expect(seen).toContain('Bearer [redacted]');
    expect(seen).not.toContain('captured-token');
  });

  test('list_tools tells of tools that are not in the list, so it is hidden; those tools stay out of reach', async () => {
    const attack = { target_param: 'qty', param_type: 'query', payload_category: 'sqli' };
    const leaky = (): Obj => ({ ...OPEN, hide: ['fuzz_endpoint'] });
    const { till, client, flow, call } = await scene(openSite, leaky);
    const names = (await client.listTools()).tools.map(({ name }) => name);
    expect(names).toContain('list_tools');
    expect(names).not.toContain('fuzz_endpoint');
    expect(textOf(await call('list_tools'))).toContain('fuzz_endpoint');
    await expect(call('fuzz_endpoint', { flow_id: flow, ...attack })).rejects.toThrow('Unknown tool: fuzz_endpoint');
    expect(till.asked()).toHaveLength(1);

    const careful = await scene(openSite, replaying);
    await expect(careful.call('list_tools')).rejects.toThrow('Unknown tool: list_tools');
    expect(careful.site.called()).not.toContain('list_tools');
  });
});

describe.each(FRONTS)('the manners of the Mitmproxy server, passed on as they are, %s', (_name, openSite: OpenSite) => {
  test('arguments are passed on as they were given: no default is filled in, no null taken away', async () => {
    const { till, site, flow, call } = await scene(openSite, () => OPEN);
    expect(textOf(await call('replay_flow', { flow_id: flow }))).toContain('Replayed successfully!');
    // Its schema offers null as the default, and null is refused by it.
    const refused = await call('replay_flow', { flow_id: flow, method: null });
    expect(refused).toMatchObject({ isError: true });
    expect(textOf(refused)).toContain('Input should be a valid string');
    expect(textOf(await call('replay_flow', { flow_id: flow, timeout: '5' }))).toContain('Replayed successfully!');
    const replays = site.heard().filter(({ params }) => isObj(params) && params['name'] === 'replay_flow');
    expect(replays.map(({ params }) => objAt(params, 'arguments'))).toStrictEqual([
      { flow_id: flow },
      { flow_id: flow, method: null },
      { flow_id: flow, timeout: '5' },
    ]);
    expect(till.asked()).toHaveLength(3);
  });

  test('its failures are successes, and an import empties its memory', async () => {
    const { client, call } = await scene(openSite, () => OPEN);
    const unknown = "Couldn't find that flow";
    expect(await call('replay_flow', { flow_id: 'no such flow' })).toEqual({
      content: [{ type: 'text', text: unknown }],
      structuredContent: { result: unknown },
      isError: false,
    });
    expect(textOf(await call('load_traffic_file', { file_path: '/etc/passwd' }))).toContain('"status": "ok"');
    expect(await flowsIn(client)).toEqual([]);
  });
});
