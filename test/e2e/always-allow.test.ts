import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Gateway, startGateway, toolgate } from '../kit/gateway.ts';
import { type HttpClient, httpClient } from '../kit/http-client.ts';
import type { Obj } from '../kit/json-rpc.ts';
import { started } from '../kit/started.ts';
import { AGENT, arrived, eventually, OTHER, recordingCommand } from './rig.ts';

const ANN = 'token-of-ann-token-of-ann';
const kit = started();
let folder: string;
let record: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'toolgate-always-'));
  record = join(folder, 'record');
});

afterEach(async () => {
  await kit.endAll();
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
});

const POLICY = `# ours
version: "1"
default: deny
tools:
  echo: { action: require_approval } # careful
`;

async function start(other: Obj = { version: '1', default: 'deny' }): Promise<{
  readonly gateway: Gateway;
  readonly agent: HttpClient;
  readonly stranger: HttpClient;
}> {
  const config = {
    servers: { recorder: { command: recordingCommand(record) } },
    policies: { careful: 'careful.yaml', other },
    grants: {
      laptop: { owner: 'alice', servers: { recorder: 'careful' }, token: AGENT },
      desk: { owner: 'bob', servers: { recorder: 'careful' }, token: OTHER },
      third: { owner: 'bob', servers: { recorder: 'other' } },
    },
    people: { ann: { roles: ['approver', 'editor'], token: ANN } },
    approvals: { hold: 0 },
  };
  const gateway = kit.add(await startGateway({ config, folder, files: { 'careful.yaml': POLICY } }));
  const agent = kit.add(httpClient(gateway.url('recorder'), AGENT));
  const stranger = kit.add(httpClient(gateway.url('recorder'), OTHER));
  await Promise.all([agent.initialize(), stranger.initialize()]);
  return { gateway, agent, stranger };
}

function always({ base }: Gateway, ...argv: string[]) {
  const env = { TOOLGATE_TOKEN: ANN, TOOLGATE_URL: '' };
  return toolgate(['approvals', 'always', ...argv, '--url', base], { cwd: folder, env });
}

async function said(client: HttpClient, args: Obj): Promise<string> {
  const { content } = (await client.call('echo', args))['result'] as { content: { text: string }[] };
  return content.map(({ text }) => text).join('\n');
}

function idIn(text: string): string {
  return /ap_[\w-]{22}/.exec(text)?.[0] ?? '';
}

function policyNow(): string {
  return readFileSync(join(folder, 'careful.yaml'), 'utf8');
}

it('a wider rule with a limit of its own: what fits it passes so often, and nothing else does', async () => {
  const { gateway, agent, stranger } = await start();
  const id = idIn(await said(agent, { text: 'job-1' }));
  const wish = ['--widen', 'text=begins with job-', '--max', '2', '--window', 'day'];
  const shown = await always(gateway, id, ...wish);
  expect(shown.stdout).toContain(
    '"text" beginning with "job-" and no other argument pass without asking, at most 2 calls in "day"',
  );
  expect(policyNow()).toBe(POLICY);
  const digest = /--adopt ([\w-]+)/.exec(shown.stdout)?.[1] ?? '';
  const written = await always(gateway, id, ...wish, '--adopt', digest);
  expect([written.code, written.stderr]).toEqual([0, '']);
  expect(policyNow()).toMatch(/^# ours\nversion: "1"\ndefault: deny\ntools:\n {2}echo:\n/);
  expect(readdirSync(folder).filter((name) => name.includes('careful'))).toEqual(['careful.yaml']);
  await eventually('the rule is in force', async () => (await said(agent, { text: 'job-2' })) === 'job-2');
  expect(await said(agent, { text: 'job-3', loud: true })).toContain('[APPROVAL REQUIRED]');
  expect(await said(agent, { text: 'other' })).toContain('[APPROVAL REQUIRED]');
  expect(await said(stranger, { text: 'job-3' })).toContain('[APPROVAL REQUIRED]');
  expect(await said(agent, { text: 'job-3' })).toBe('job-3');
  expect(await said(agent, { text: 'job-4' })).toContain('[APPROVAL REQUIRED]');
  const texts = arrived(record, 'tools/call').map(({ params }) => (params as { arguments: Obj }).arguments['text']);
  expect(texts).toEqual(['job-2', 'job-3']);
});

it('a policy that was changed since it was shown is not overwritten', async () => {
  const { gateway, agent } = await start();
  const id = idIn(await said(agent, { text: 'a' }));
  const digest = /--adopt ([\w-]+)/.exec((await always(gateway, id)).stdout)?.[1] ?? '';
  const changed = POLICY.replace('careful', 'more than careful').replace('deny', 'allow');
  writeFileSync(join(folder, 'careful.yaml'), changed);
  const refused = await always(gateway, id, '--adopt', digest);
  expect(refused.code).toBe(1);
  expect(policyNow()).toBe(changed);
  expect(await said(agent, { text: 'a' })).toContain('[APPROVAL REQUIRED]');
});

it('a counter that another policy of the server has is not taken for the new limit', async () => {
  const limits = [{ counter: 'echo_always', window: 'minute', max: 5 }];
  const { gateway, agent } = await start({ version: '1', default: 'deny', tools: { echo: { limits } } });
  const id = idIn(await said(agent, { text: 'a' }));
  const shown = await always(gateway, id, '--max', '2', '--window', 'day');
  expect(shown.stdout).toContain('echo_always_2');
});
