import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { hashPassphrase } from '../../src/settings/passphrase.ts';
import { AGENT, arrived, recordingCommand } from '../e2e/rig.ts';
import { type Gateway, startGateway } from '../kit/gateway.ts';
import { type HttpClient, httpClient } from '../kit/http-client.ts';
import { type Obj, objAt } from '../kit/json-rpc.ts';
import { started } from '../kit/started.ts';
import { startBrowser } from './browser.ts';

const PASSPHRASE = 'horse battery staple';
const TOKEN = 'tgp_token-of-ann-with-enough-characters';

const kit = started();
let browser: Awaited<ReturnType<typeof startBrowser>>;
let folder: string;
let record: string;
let gateway: Gateway;
let agent: HttpClient;
let page: Page;

beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser.stop());

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'toolgate-page-'));
  record = join(folder, 'record');
  const policy = {
    version: '1',
    default: 'deny',
    tools: { echo: { action: 'require_approval', reason: 'Echoes are heard by a person first.' } },
  };
  const config = {
    servers: { recorder: { command: recordingCommand(record) } },
    policies: { careful: policy },
    grants: { agent: { owner: 'dana', servers: { recorder: 'careful' }, token: AGENT } },
    people: {
      ann: { roles: ['approver'], passphrase: await hashPassphrase(PASSPHRASE) },
      ed: { roles: ['approver', 'editor'], token: TOKEN },
    },
  };
  gateway = kit.add(await startGateway({ config }));
  agent = kit.add(httpClient(gateway.url('recorder'), AGENT));
  await agent.initialize();
  page = await browser.newPage();
});
afterEach(async () => {
  await page?.close();
  await kit.endAll();
  rmSync(folder, { recursive: true, force: true });
});

/** The first question that waits. */
async function asked(): Promise<Obj> {
  let found: Obj | undefined;
  await expect
    .poll(async () => {
      const answer = await fetch(`${gateway.base}/api/approvals`, { headers: { authorization: `Bearer ${TOKEN}` } });
      [found] = ((await answer.json()) as { approvals: Obj[] }).approvals;
      return found;
    })
    .toBeDefined();
  return found ?? {};
}

async function open(id: unknown): Promise<void> {
  await page.goto(`${gateway.base}/approvals/${id}`);
  await page.getByLabel('Name').fill('ann');
  await page.getByLabel('Passphrase or token').fill(PASSPHRASE);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('Signed in as ann').waitFor();
}

it('an agent’s call waits, a person approves of it on the page, and exactly that call is sent', async () => {
  const calling = agent.call('echo', { text: 'hello' });
  const { id } = await asked();
  expect(arrived(record, 'tools/call')).toEqual([]);
  await open(id);
  await page.getByText('Echoes are heard by a person first.').waitFor();
  expect(await page.getByRole('region', { name: 'Arguments' }).innerText()).toContain('"text": "hello"');
  await page.getByRole('button', { name: 'Approve', exact: true }).click();
  await page.getByText('You approved this call.').waitFor();
  expect(objAt(await calling, 'result')['isError']).not.toBe(true);
  expect(arrived(record, 'tools/call').map((call) => objAt(call, 'params'))).toMatchObject([
    { name: 'echo', arguments: { text: 'hello' } },
  ]);
  await page.reload();
  await page.getByText('Approved and sent.').waitFor();
});

it('a person denies, and nothing is sent', async () => {
  const calling = agent.call('echo', { text: 'hello' });
  const { id } = await asked();
  await open(id);
  await page.getByLabel('Note').first().fill('not today');
  await page.getByRole('button', { name: 'Deny' }).click();
  await page.getByText('You denied this call.').waitFor();
  expect(JSON.stringify(await calling)).toContain('not today');
  expect(arrived(record, 'tools/call')).toEqual([]);
});

it('a person changes the arguments, and the changed call is sent', async () => {
  const calling = agent.call('echo', { text: 'hello' });
  const { id } = await asked();
  await open(id);
  await page.getByText('Change the arguments').click();
  await page.getByLabel('Arguments, as JSON').fill('{"text": "good evening"}');
  await page.getByRole('button', { name: 'Approve with these arguments' }).click();
  await page.getByText('changed the arguments.').waitFor();
  expect(JSON.stringify(await calling)).toContain('good evening');
  expect(arrived(record, 'tools/call').map((call) => objAt(call, 'params')['arguments'])).toEqual([
    { text: 'good evening' },
  ]);
});

it('an editor writes the narrowest rule: the same call passes from then on, another one still asks', async () => {
  const calling = agent.call('echo', { text: 'hello' });
  const { id } = await asked();
  await page.goto(`${gateway.base}/approvals/${id}`);
  await page.getByLabel('Passphrase or token').fill(TOKEN);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('link', { name: 'Always allow' }).click();
  await page.getByText('What would pass without a question').waitFor();
  await page.getByRole('button', { name: 'Write this rule and approve this call' }).click();
  await page.getByText('The rule is written (careful). You approved this call.').waitFor();
  expect(objAt(await calling, 'result')['isError']).not.toBe(true);
  await expect.poll(() => gateway.stderr()).toContain('took up the changed configuration');
  expect(objAt(await agent.call('echo', { text: 'hello' }), 'result')['isError']).not.toBe(true);
  const other = agent.call('echo', { text: 'good bye' });
  expect((await asked())['id']).not.toBe(id);
  expect(arrived(record, 'tools/call').length).toBe(2);
  const { id: second } = await asked();
  await page.goto(`${gateway.base}/approvals/${second}`);
  await page.getByRole('button', { name: 'Deny' }).click();
  await other;
});

it('the agent’s own token opens neither the page nor the API', async () => {
  const calling = agent.call('echo', { text: 'hello' });
  const { id } = await asked();
  const authorization = `Bearer ${AGENT}`;
  const answers = await Promise.all([
    fetch(`${gateway.base}/api/approvals/${id}`, { headers: { authorization } }),
    fetch(`${gateway.base}/api/approvals/${id}/approve`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: '{}',
    }),
    fetch(`${gateway.base}/approvals/${id}`, { headers: { authorization } }),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([403, 403, 401]);
  expect((await asked())['state']).toBe('open');
  expect(arrived(record, 'tools/call')).toEqual([]);
  await open(id);
  await page.getByRole('button', { name: 'Deny' }).click();
  await calling;
});
