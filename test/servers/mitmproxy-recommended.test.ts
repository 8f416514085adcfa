import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterEach, describe, expect, test } from 'vitest';
import { FRONTS, type Site } from '../e2e/site.ts';
import { isObj, type Obj, objAt, textOf } from '../kit/json-rpc.ts';
import { examplesOf, recommendedPolicy } from '../kit/recommended.ts';
import { started } from '../kit/started.ts';
import { flowsIn, orderThrough } from './capture.ts';
import { mitmproxy } from './commands.ts';
import { folderFor, freePort } from './ground.ts';
import { openTill, type Till } from './till.ts';

const kit = started();
afterEach(() => kit.endAll());

const EXAMPLES = examplesOf('mitmproxy');
const HIDDEN = EXAMPLES.filter((one) => one.class === 'destructive').map(({ tool }) => tool);

interface Scene {
  readonly till: Till;
  readonly site: Site;
  readonly client: Client;
  /** The catalogue's example as it is with this proxy and this captured flow. */
  real(args: Obj): Obj;
  call(tool: string, args: Obj): Promise<string>;
}

/** The real server behind the recommended policy; its proxy runs, and one order went through it. */
async function scene(front: (typeof FRONTS)[number], options: readonly string[] = []): Promise<Scene> {
  const [, openSite] = front;
  const folder = folderFor(kit);
  const till = kit.add(await openTill());
  const port = await freePort();
  const policy = await recommendedPolicy('mitmproxy', options);
  const site = kit.add(
    await openSite({ server: 'mitmproxy', command: mitmproxy(folder), env: { HOME: folder }, policy }),
  );
  const client = await site.sdk('alice', (one) =>
    one.setRequestHandler(ElicitRequestSchema, () => ({ action: 'accept', content: { approve: true } })),
  );
  const call = async (name: string, args: Obj): Promise<string> => {
    try {
      return textOf(await client.callTool({ name, arguments: args }));
    } catch (fault) {
      return String(fault);
    }
  };
  expect(await call('start_proxy', { port })).toContain(`${port}`);
  await orderThrough(port, `${till.origin}/orders?qty=1`);
  const [flow = ''] = await flowsIn(client);
  const real = (args: Obj): Obj =>
    JSON.parse(JSON.stringify(args).replaceAll('flow-1', flow).replace('"port":8080', `"port":${port}`));
  return { till, site, client, real, call };
}

/** Tools and arguments of the calls that the server heard since the order was captured. */
function heardSince(site: Site, start: number): readonly Obj[] {
  const calls = site.heard().filter(({ method }) => method === 'tools/call');
  return calls
    .slice(start)
    .map(({ params }) => (isObj(params) ? { tool: params['name'], args: params['arguments'] } : {}));
}

const [HTTP, STDIO] = FRONTS as readonly [(typeof FRONTS)[number], (typeof FRONTS)[number]];

describe('the recommended policy before the real Mitmproxy server', () => {
  test('every tool does what its rule allows, and the server hears of nothing else', async () => {
    const { till, site, client, real, call } = await scene(STDIO);
    const visible = EXAMPLES.filter(({ tool }) => !HIDDEN.includes(tool));
    expect(HIDDEN).toEqual(['load_traffic_file', 'clear_traffic', 'clear_rules']);
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(visible.map(({ tool }) => tool));
    const start = site.called().length;

    for (const { tool, refused } of visible)
      for (const args of refused)
        expect([tool, args, await call(tool, real(args))]).toEqual([
          tool,
          args,
          expect.stringMatching(/^\[POLICY DENIED\] /),
        ]);
    for (const tool of HIDDEN) expect(await call(tool, {})).toContain(`Unknown tool: ${tool}`);
    expect(heardSince(site, start)).toEqual([]);
    expect(till.asked()).toHaveLength(1);

    // The proxy is stopped last, so that what is sent again arrives.
    const last = visible.filter(({ tool }) => tool === 'stop_proxy');
    const passing = [...visible.filter((one) => !last.includes(one)), ...last].flatMap(({ tool, allowed, asked }) =>
      [...allowed, ...asked].map((args) => ({ tool, args: real(args) })),
    );
    expect(new Set(passing.map(({ tool }) => tool)).size).toBe(22);
    for (const { tool, args } of passing)
      expect([tool, args, await call(tool, args)]).not.toEqual([
        tool,
        args,
        expect.stringMatching(/^\[POLICY|Unknown tool/),
      ]);
    expect(heardSince(site, start)).toEqual(passing);
    const replays = passing.filter(({ tool }) => tool === 'replay_flow');
    expect(till.asked().length).toBeGreaterThan(replays.length + 1);
  });

  test('the eleventh replay within a minute reaches neither the server nor the shop', async () => {
    const { till, site, real, call } = await scene(HTTP);
    const replay = (): Promise<string> => call('replay_flow', real({ flow_id: 'flow-1' }));
    for (let n = 1; n <= 10; n += 1) expect(await replay()).toContain('Replayed successfully!');
    expect(await replay()).toMatch(/^\[POLICY DENIED\] .*at most 10 calls per minute/);
    expect(till.asked()).toEqual(Array(11).fill('POST /orders?qty=1'));
    expect(site.called().filter((name) => name === 'replay_flow')).toHaveLength(10);
  });

  test('list_tools tells of no tool that is hidden, in text and structure alike', async () => {
    const { client } = await scene(STDIO);
    const answer = await client.callTool({ name: 'list_tools', arguments: {} });
    expect(JSON.stringify(answer)).toContain('replay_flow');
    for (const name of HIDDEN) expect(JSON.stringify(answer)).not.toContain(name);
    expect(String(objAt(answer, 'structuredContent')['result'])).toContain('replay_flow');
  });

  test('captured credentials come out masked', async () => {
    const { real, call } = await scene(STDIO);
    for (const tool of ['inspect_flow', 'inspect_flows', 'generate_scraper_code']) {
      const args = tool === 'inspect_flow' ? { flow_id: 'flow-1' } : { flow_ids: 'flow-1' };
      const seen = await call(tool, real(args));
      expect(seen).not.toContain('captured-token');
    }
  });

  test('destructive tools wait for a person where they are asked for, and act once', async () => {
    const { site, client, call } = await scene(STDIO, ['--destructive', 'approve']);
    expect(await flowsIn(client)).toHaveLength(1);
    expect(await call('load_traffic_file', { file_path: 'captures/a.har' })).toMatch(/^\[POLICY DENIED\] .*append/);
    expect(await flowsIn(client)).toHaveLength(1);
    expect(site.called()).not.toContain('load_traffic_file');
    await call('clear_traffic', {});
    expect(await flowsIn(client)).toEqual([]);
  });
});
