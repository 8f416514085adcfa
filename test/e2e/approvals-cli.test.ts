import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startChild } from '../kit/child.ts';
import { type Gateway, startGateway, toolgate, wrap } from '../kit/gateway.ts';
import { type HttpClient, httpClient } from '../kit/http-client.ts';
import type { Obj } from '../kit/json-rpc.ts';
import { started } from '../kit/started.ts';
import { AGENT, arrived, eventually, recordingCommand } from './rig.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const ANN = 'token-of-ann-token-of-ann';
const BEN = 'token-of-ben-token-of-ben';
const VERA = 'token-of-vera-token-of-vera';
const kit = started();
let folder: string;
let record: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'toolgate-answers-'));
  record = join(folder, 'record');
});

afterEach(async () => {
  await kit.endAll();
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
});

const PEOPLE = {
  ann: { roles: ['approver', 'editor'], token: ANN },
  ben: { roles: ['approver'], token: BEN },
  vera: { roles: ['viewer'], token: VERA },
};

async function start(approvals: Obj = {}): Promise<{ readonly gateway: Gateway; readonly agent: HttpClient }> {
  const config = {
    servers: { recorder: { command: recordingCommand(record) } },
    policies: {
      careful: { version: '1', default: 'deny', tools: { echo: { action: 'require_approval' } }, approvals },
    },
    grants: { laptop: { owner: 'alice', servers: { recorder: 'careful' }, token: AGENT } },
    people: PEOPLE,
    approvals: { hold: 0 },
  };
  const gateway = kit.add(await startGateway({ config, folder }));
  const agent = kit.add(httpClient(gateway.url('recorder'), AGENT));
  await agent.initialize();
  return { gateway, agent };
}

/** How a person reaches the questions: the data folder, or the running gateway. */
type Way = 'data folder' | 'url';

function placeOf(gateway: Gateway, way: Way): readonly string[] {
  return way === 'url' ? ['--url', gateway.base] : ['--data', gateway.data, '--config', gateway.configFile];
}

function says(gateway: Gateway, way: Way, argv: readonly string[], token?: string) {
  const env = { TOOLGATE_TOKEN: token ?? '', TOOLGATE_URL: '' };
  return toolgate(['approvals', ...argv, ...placeOf(gateway, way)], { cwd: folder, env });
}

function textOf(answer: Obj): string {
  const { content } = answer['result'] as { content: { text: string }[] };
  return content.map(({ text }) => text).join('\n');
}

function idIn(text: string): string {
  const id = /ap_[\w-]{22}/.exec(text)?.[0];
  if (id === undefined) throw new Error(`no id in: ${text}`);
  return id;
}

/** The texts with which the tool was really called. */
function echoed(): readonly unknown[] {
  return arrived(record, 'tools/call').map(({ params }) => (params as { arguments: Obj }).arguments['text']);
}

describe.each<Way>(['data folder', 'url'])('a person answers by the %s', (way) => {
  it('sees what is asked, approves, and the same call is sent, once', async () => {
    const { gateway, agent } = await start();
    const id = idIn(textOf(await agent.call('echo', { text: 'hello' })));
    const list = await says(gateway, way, ['list'], ANN);
    expect([list.code, list.stdout]).toEqual([0, expect.stringContaining(id)]);
    const show = await says(gateway, way, ['show', id.slice(0, 10)], ANN);
    expect(show.stdout).toContain('  {\n    "text": "hello"\n  }\n');
    expect(show.stdout).toContain('  You          may answer\n');
    const approve = await says(gateway, way, ['approve', id.slice(0, 10), '--note', 'fine'], ANN);
    expect([approve.code, approve.stdout, approve.stderr]).toEqual([
      0,
      expect.stringContaining('Approved: echo on recorder may be called once'),
      '',
    ]);
    expect(echoed()).toEqual([]);
    expect(textOf(await agent.call('echo', { text: 'hello' }))).toBe('hello');
    expect(textOf(await agent.call('echo', { text: 'hello' }))).toContain('[APPROVAL REQUIRED]');
    expect(echoed()).toEqual(['hello']);
    const again = await says(gateway, way, ['approve', id], BEN);
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('not open any more: used')]);
  });

  it('denies, and the agent is told why', async () => {
    const { gateway, agent } = await start();
    const id = idIn(textOf(await agent.call('echo', { text: 'hello' })));
    const denied = await says(gateway, way, ['deny', id, '--reason', 'not on a Sunday'], ANN);
    expect([denied.code, denied.stdout]).toEqual([0, 'Denied: echo on recorder is not called.\n']);
    expect(textOf(await agent.call('echo', { text: 'hello' }))).toContain('not on a Sunday');
    expect(echoed()).toEqual([]);
  });

  it('approves with other arguments; these are sent', async () => {
    const { gateway, agent } = await start();
    const id = idIn(textOf(await agent.call('echo', { text: 'rm -rf /' })));
    const changed = await says(gateway, way, ['approve', id, '--args', '{"text": "ls"}'], ANN);
    expect([changed.code, changed.stderr]).toEqual([
      0,
      'What differs from what the agent gave:\n  /text: "rm -rf /" → "ls"\n',
    ]);
    expect(textOf(await agent.call('echo', { text: 'rm -rf /' }))).toContain('ls');
    expect(echoed()).toEqual(['ls']);
  });

  it('four eyes: two people, each with a token of their own', async () => {
    const { gateway, agent } = await start({ count: 2 });
    const id = idIn(textOf(await agent.call('echo', { text: 'hello' })));
    expect((await says(gateway, way, ['approve', id], ANN)).stdout).toContain('Counted: 1 of 2');
    expect((await says(gateway, way, ['approve', id], ANN)).stderr).toContain('ann has answered already');
    expect(textOf(await agent.call('echo', { text: 'hello' }))).toContain('[APPROVAL REQUIRED]');
    expect((await says(gateway, way, ['approve', id], BEN)).stdout).toContain('Approved');
    expect(textOf(await agent.call('echo', { text: 'hello' }))).toBe('hello');
    expect(echoed()).toEqual(['hello']);
  });

  it('nobody else does: no token, a grant’s, a viewer’s; the server is not reached', async () => {
    const { gateway, agent } = await start();
    const id = idIn(textOf(await agent.call('echo', { text: 'hello' })));
    for (const [token, why] of [
      [undefined, "a person's own token or passphrase is needed"],
      [AGENT, way === 'url' ? 'grant’s token answers no questions' : 'this token is no person’s but that of the grant'],
      ['somebody-somebody-somebody', 'this token is no person’s'],
      [VERA, 'neither the role approver nor admin'],
    ] as const) {
      const { code, stdout, stderr } = await says(gateway, way, ['approve', id], token);
      expect([code, stdout, stderr.toLowerCase()]).toEqual([1, '', expect.stringContaining(why.toLowerCase())]);
    }
    expect(textOf(await agent.call('echo', { text: 'hello' }))).toContain(id);
    expect(echoed()).toEqual([]);
  });

  it('"always": the rule is shown, written as it was shown, and the like passes by itself', async () => {
    const { gateway, agent } = await start();
    const id = idIn(textOf(await agent.call('echo', { text: 'hello' })));
    const shown = await says(gateway, way, ['always', id], ANN);
    expect([shown.code, shown.stderr]).toEqual([0, '']);
    const digest = /--adopt ([\w-]+)/.exec(shown.stdout)?.[1] ?? '';
    expect(shown.stdout).toContain('What is written into the policy careful:');
    const refused = await says(gateway, way, ['always', id, '--adopt', digest], BEN);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('neither the role editor nor admin')]);
    const written = await says(gateway, way, ['always', id, '--adopt', digest], ANN);
    expect([written.code, written.stdout]).toEqual([0, expect.stringContaining('Written: policy careful')]);
    await eventually(
      'the rule is in force',
      async () => textOf(await agent.call('echo', { text: 'hello' })) === 'hello',
    );
    expect(textOf(await agent.call('echo', { text: 'other' }))).toContain('[APPROVAL REQUIRED]');
    expect(new Set(echoed())).toEqual(new Set(['hello']));
  });

  it('watch tells of each question and what becomes of it, until it is stopped', async () => {
    const { gateway, agent } = await start();
    const env = { TOOLGATE_TOKEN: ANN, TOOLGATE_URL: '' };
    const watcher = kit.add(
      startChild(process.execPath, [MAIN, 'approvals', 'watch', ...placeOf(gateway, way)], { env }),
    );
    await eventually('it watches', () => watcher.stderr().includes('Watching'));
    const id = idIn(textOf(await agent.call('echo', { text: 'hello' })));
    await eventually('asked', () => watcher.stdout().includes(`${id}  asked: may laptop call echo on recorder`));
    await says(gateway, way, ['approve', id], ANN);
    await eventually('approved', () => watcher.stdout().includes(`${id}  approved by ann`));
    await agent.call('echo', { text: 'hello' });
    await eventually('used', () => watcher.stdout().includes(`${id}  used: echo on recorder`));
    process.kill(watcher.pid, 'SIGINT');
    expect(await watcher.exited).toBe(0);
  });
});

describe('beside the answers', () => {
  it('the log tells who answered through what; doctor finds the tokens in the clear', async () => {
    const { gateway, agent } = await start();
    const id = idIn(textOf(await agent.call('echo', { text: 'hello' })));
    await says(gateway, 'data folder', ['approve', id], ANN);
    await agent.call('echo', { text: 'hello' });
    const log = await toolgate(['audit', 'list', '--data', gateway.data]);
    const events = log.stdout.split('\n').filter((line) => line.includes('approval '));
    expect(events.flatMap((line) => / (approval \w+(?:: \w+)?) /.exec(line)?.[1] ?? [])).toEqual([
      'approval used',
      'approval answered: approve',
      'approval shown',
      'approval asked',
    ]);
    expect(log.stdout).toContain('by ann (command line)');
    expect((await toolgate(['audit', 'verify', '--data', gateway.data])).stdout).toContain('ok: ');
    const doctor = await toolgate(['doctor', '--data', gateway.data, '--config', gateway.configFile]);
    expect(doctor.stdout).toContain('warning  The token of ann (approver, editor) stands in the clear');
    expect(doctor.stdout).toContain('ok       The store opens');
    expect(doctor.stdout).toContain(
      'ok       What the policy careful asks can be answered by ann, ben; one is enough.',
    );
    for (const token of [ANN, BEN, AGENT]) expect(doctor.stdout).not.toContain(token);
  });

  it('a configuration of somebody’s own makes nobody a person; the server is not reached', async () => {
    const { gateway, agent } = await start();
    const id = idIn(textOf(await agent.call('echo', { text: 'hello' })));
    const own = join(folder, 'own.json');
    for (const people of [{ eve: { roles: ['admin'], token: BEN } }, { ann: { roles: ['approver'], token: AGENT } }]) {
      writeFileSync(own, JSON.stringify({ servers: {}, people }));
      const env = { TOOLGATE_TOKEN: 'eve' in people ? BEN : AGENT, TOOLGATE_URL: '' };
      const ran = await toolgate(['approvals', 'approve', id, '--data', gateway.data, '--config', own], { env });
      expect([ran.code, ran.stdout, ran.stderr]).toEqual([
        1,
        '',
        expect.stringContaining('no gateway on the data folder'),
      ]);
    }
    expect(textOf(await agent.call('echo', { text: 'hello' }))).toContain(id);
    expect(echoed()).toEqual([]);
  });

  it('what a wrapped server asks is answered in the same way, by people of a configuration', async () => {
    const policy = join(folder, 'careful.json');
    const config = join(folder, 'people.json');
    const data = join(folder, 'data');
    writeFileSync(
      policy,
      JSON.stringify({ version: '1', default: 'deny', tools: { echo: { action: 'require_approval' } } }),
    );
    writeFileSync(config, JSON.stringify({ servers: {}, people: PEOPLE, approvals: { hold: 0 } }));
    const args = ['--policy', policy, '--config', config, '--data', data, '--', ...recordingCommand(record)];
    const agent = kit.add(wrap(args, { cwd: folder }));
    await agent.initialize();
    const id = idIn(textOf(await agent.call('echo', { text: 'hello' })));
    const at = ['--data', data, '--config', config];
    const env = { TOOLGATE_TOKEN: ANN, TOOLGATE_URL: '' };
    expect(
      (await toolgate(['approvals', 'show', id, ...at], { env: { ...env, TOOLGATE_TOKEN: '' } })).stdout,
    ).toContain('"text": "hello"');
    expect((await toolgate(['approvals', 'approve', id, ...at], { env })).stdout).toContain('Approved');
    expect(textOf(await agent.call('echo', { text: 'hello' }))).toBe('hello');
    expect(echoed()).toEqual(['hello']);
  });
});
