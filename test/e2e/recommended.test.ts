import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterEach, describe, expect, test } from 'vitest';
import { type Obj, textOf } from '../kit/json-rpc.ts';
import { type Examples, examplesOf, recommendedPolicy, type Touchstone } from '../kit/recommended.ts';
import { started } from '../kit/started.ts';
import { FLOWFORGE, MITMPROXY } from './servers.ts';
import { FRONTS, type Site } from './site.ts';

const kit = started();
afterEach(() => kit.endAll());

const STONES = [
  { server: 'mitmproxy', command: MITMPROXY, offered: 25, replay: 'replay_flow', args: { flow_id: 'flow-1' } },
  { server: 'flowforge', command: FLOWFORGE, offered: 49, replay: 'flowforge_replay_run', args: { run_id: 'run-1' } },
] as const;
const [HTTP, STDIO] = FRONTS;

interface Scene {
  readonly site: Site;
  /** Tools and arguments of all calls that the server has on record. */
  record(): readonly Obj[];
}

async function scene(server: Touchstone, command: readonly string[], policy: Obj, front = STDIO): Promise<Scene> {
  const [, openSite] = front ?? [];
  if (openSite === undefined) throw new Error('no front');
  const folder = mkdtempSync(join(tmpdir(), 'toolgate-stones-'));
  kit.add({ stop: async () => rmSync(folder, { recursive: true, force: true }) });
  const file = join(folder, 'calls.jsonl');
  const site = kit.add(await openSite({ server, command: [...command, '--record', file], policy }));
  return { site, record: () => linesIn(file) };
}

function linesIn(file: string): readonly Obj[] {
  try {
    return readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => {
        const { tool, arguments: args } = JSON.parse(line);
        return { tool, args };
      });
  } catch {
    return [];
  }
}

/** The person at the client says this to every question. */
const saying =
  (approve: boolean) =>
  (client: Client): void =>
    client.setRequestHandler(ElicitRequestSchema, () => ({ action: 'accept', content: { approve } }));

/** What becomes of a call: `answered`, `refused`, or `unknown` as for a tool that does not exist. */
async function fate(client: Client, name: string, args: Obj): Promise<string> {
  try {
    const result = await client.callTool({ name, arguments: args });
    return textOf(result).startsWith('[POLICY DENIED] ') ? 'refused' : 'answered';
  } catch (fault) {
    return String(fault).includes(`Unknown tool: ${name}`) ? 'unknown' : `fault: ${fault}`;
  }
}

type Kind = 'allowed' | 'asked' | 'refused';
const callsOf = (examples: readonly Examples[], kind: Kind) =>
  examples.flatMap((one) => one[kind].map((args) => ({ tool: one.tool, args })));

describe.each(STONES)('the recommended policy for $server', ({ server, command, offered, replay, args }) => {
  test('lets every kind of ordinary call of every tool through, and no other; what destroys is not there', async () => {
    const examples = examplesOf(server);
    expect(examples).toHaveLength(offered);
    const { site, record } = await scene(server, command, await recommendedPolicy(server));
    const client = await site.sdk('alice', saying(true));

    const hidden = examples.filter((one) => one.class === 'destructive').map(({ tool }) => tool);
    expect(hidden.length).toBeGreaterThan(2);
    const visible = examples.filter(({ tool }) => !hidden.includes(tool));
    const listed = (await client.listTools()).tools.map(({ name }) => name);
    expect(listed).toEqual(visible.map(({ tool }) => tool));

    for (const { tool, args } of callsOf(visible, 'refused'))
      expect([tool, args, await fate(client, tool, args)]).toEqual([tool, args, 'refused']);
    for (const tool of hidden) expect([tool, await fate(client, tool, {})]).toEqual([tool, 'unknown']);
    expect(record()).toEqual([]);

    const passing = [...callsOf(visible, 'allowed'), ...callsOf(visible, 'asked')];
    expect(new Set(passing.map(({ tool }) => tool))).toEqual(new Set(listed));
    for (const { tool, args } of passing)
      expect([tool, args, await fate(client, tool, args)]).toEqual([tool, args, 'answered']);
    expect(record()).toEqual(passing);
  });

  test('asks a person where the catalogue says so, destructive tools on request among them; a no reaches nothing', async () => {
    const examples = examplesOf(server);
    const { site, record } = await scene(
      server,
      command,
      await recommendedPolicy(server, ['--destructive', 'approve']),
    );
    const asked = callsOf(examples, 'asked');
    const tools = new Set(asked.map(({ tool }) => tool));
    for (const one of examples.filter((one) => one.class === 'destructive')) expect(tools).toContain(one.tool);

    const declined = await site.sdk('bob', saying(false));
    for (const { tool, args } of asked) expect([tool, await fate(declined, tool, args)]).toEqual([tool, 'refused']);
    expect(record()).toEqual([]);

    const approved = await site.sdk('alice', saying(true));
    for (const { tool, args } of callsOf(examples, 'refused'))
      expect([tool, args, await fate(approved, tool, args)]).toEqual([tool, args, 'refused']);
    expect(record()).toEqual([]);
    for (const { tool, args } of asked) expect([tool, await fate(approved, tool, args)]).toEqual([tool, 'answered']);
    expect(record()).toEqual(asked);
  });

  test('stops the eleventh replay within a minute, over HTTP', async () => {
    const { site, record } = await scene(server, command, await recommendedPolicy(server), HTTP);
    const client = await site.sdk();
    const fates: string[] = [];
    for (let n = 1; n <= 11; n += 1) fates.push(await fate(client, replay, args));
    expect(fates).toEqual([...Array(10).fill('answered'), 'refused']);
    expect(record()).toEqual(Array(10).fill({ tool: replay, args }));
  });
});

test('what list_tools answers names no tool that is hidden', async () => {
  const { site } = await scene('mitmproxy', MITMPROXY, await recommendedPolicy('mitmproxy'));
  const answer = JSON.stringify(await (await site.sdk()).callTool({ name: 'list_tools', arguments: {} }));
  for (const name of ['load_traffic_file', 'clear_traffic', 'clear_rules']) expect(answer).not.toContain(name);
  expect(answer).toContain('replay_flow');
});
