import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { toolgate } from '../kit/gateway.ts';
import { objAt, readObj, textOf } from '../kit/json-rpc.ts';
import { started } from '../kit/started.ts';
import { readTools } from '../kit/upstream-tools.ts';
import { FLOWFORGE, MITMPROXY } from './servers.ts';
import { FRONTS, type OpenSite } from './site.ts';

const kit = started();
afterEach(() => kit.endAll());

/** Two policies as their authors wrote them: they load unchanged and mean what they say. */
const MITMPROXY_POLICY = `{"version":"1","default":"deny","tools":{"replay_flow":{"limits":[
  {"counter":"replay_flow_rate","window":"minute","max":10,"scope":"grant"}]}}}
`;
const FLOWFORGE_POLICY = `{"version":"1","default":"deny","tools":{"flowforge_replay_run":{"limits":[
  {"counter":"flowforge_replay_run_rate","window":"minute","max":10,"scope":"grant"}]}}}
`;

const STONES = [
  {
    server: 'mitmproxy',
    command: MITMPROXY,
    policy: MITMPROXY_POLICY,
    tool: 'replay_flow',
    args: { flow_id: 'flow-1' },
    file: 'mitmproxy.tools.json',
    offered: 25,
  },
  {
    server: 'flowforge',
    command: FLOWFORGE,
    policy: FLOWFORGE_POLICY,
    tool: 'flowforge_replay_run',
    args: { run_id: 'run-1' },
    file: 'flowforge.tools.json',
    offered: 49,
  },
] as const;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'toolgate-stones-'));
  kit.add({ stop: async () => rmSync(folder, { recursive: true, force: true }) });
});

/** The tools whose calls the stand-in has on record. */
function recorded(file: string): readonly unknown[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return lines.map((line) => readObj(line)?.['tool']);
}

describe.each(STONES)('the policy for $server', ({ server, command, policy, tool, args, file, offered }) => {
  test('is valid as it stands', async () => {
    const path = join(folder, 'policy.json');
    writeFileSync(path, policy);
    expect(await toolgate(['policy', 'check', path])).toMatchObject({ code: 0, stderr: '' });
  });

  test.each(FRONTS)(
    'lets its one tool through ten times a minute, and nothing else, %s',
    async (_name, openSite: OpenSite) => {
      const record = join(folder, 'calls.jsonl');
      const site = kit.add(await openSite({ server, command: [...command, '--record', record], policy }));
      const client: Client = await site.sdk();
      expect((await client.listTools()).tools.map(({ name }) => name)).toEqual([tool]);

      const all = readTools(file).tools.map(({ name }) => name);
      expect(all).toHaveLength(offered);
      for (const name of all.filter((one) => one !== tool)) {
        const refused = await client.callTool({ name, arguments: {} });
        expect([name, refused['isError'], textOf(refused).startsWith('[POLICY DENIED] ')]).toEqual([name, true, true]);
      }
      expect(recorded(record)).toEqual([]);

      for (let n = 1; n <= 10; n += 1) {
        const passed = await client.callTool({ name: tool, arguments: args });
        expect([n, passed['isError'], textOf(passed).includes('[POLICY')]).toEqual([n, undefined, false]);
      }
      const eleventh = await client.callTool({ name: tool, arguments: args });
      const verdict = objAt(objAt(eleventh, '_meta'), 'toolgate/decision');
      expect(eleventh['isError']).toBe(true);
      expect(verdict).toMatchObject({ decision: 'deny', rule: `/tools/${tool}/limits/0` });
      expect(verdict['retryAfterSeconds']).toBeGreaterThanOrEqual(1);
      expect(verdict['retryAfterSeconds']).toBeLessThanOrEqual(61);
      await client.listTools();
      expect(recorded(record)).toEqual(Array(10).fill(tool));
    },
  );
});
