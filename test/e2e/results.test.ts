import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LoggingMessageNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startGateway, toolgate } from '../kit/gateway.ts';
import { httpClient } from '../kit/http-client.ts';
import { isObj, type Obj, objAt, textOf } from '../kit/json-rpc.ts';
import { startRecordingServer } from '../kit/recording-http-server.ts';
import { FRONTS, type OpenSite, type Site } from './site.ts';

const TOKEN = `ghp_${'a1B2c3D4e5'.repeat(4)}`;
const KEY = `AKIA${'Q7'.repeat(8)}`;
const CARD = 'customer 4711-0815';
const REDACT = [{ secrets: true }, { regex: 'customer [0-9-]+', replace: 'customer ####' }];
const POLICY = {
  version: '1',
  default: 'allow',
  results: { max_bytes: 4_000, redact: REDACT },
};
const blob = Buffer.from(`token ${TOKEN}`).toString('base64');
const LEAKS = {
  'resources/read': {
    contents: [
      { uri: 'file:///a', mimeType: 'text/plain', text: `token ${TOKEN}` },
      { uri: 'file:///b', mimeType: 'text/plain', blob },
    ],
  },
  'prompts/get': { messages: [{ role: 'user', content: { type: 'text', text: `Use ${TOKEN} for ${CARD}` } }] },
  'completion/complete': { completion: { values: [TOKEN, 'harmless'] } },
};

const folder = mkdtempSync(join(tmpdir(), 'toolgate-results-'));
const leaksFile = join(folder, 'leaks.json');
writeFileSync(leaksFile, JSON.stringify(LEAKS));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const LEAKY = [process.execPath, fileURLToPath(new URL('./leaky-server.ts', import.meta.url)), leaksFile];

const text = (...texts: readonly string[]): Obj => ({ content: texts.map((one) => ({ type: 'text', text: one })) });

describe.each(FRONTS)('what a server answers, behind rules for results, %s', (_name, openSite: OpenSite) => {
  let site: Site;
  let client: Awaited<ReturnType<Site['raw']>>;
  beforeAll(async () => {
    site = await openSite({ server: 'leaky', command: LEAKY, policy: POLICY });
    client = await site.raw();
    await client.initialize({ sampling: {} });
  });
  afterAll(() => site.stop());

  const leak = async (result: Obj): Promise<Obj> => objAt(await client.call('leak', { result }), 'result');
  const outcomes = async (): Promise<readonly Obj[]> => {
    const { stdout } = await toolgate(['audit', 'list', '--data', site.data, '--json', '--limit', '100']);
    const all: unknown = JSON.parse(stdout);
    return Array.isArray(all) ? all.filter(isObj).map((one) => objAt(one, 'outcome')) : [];
  };

  test('secrets are masked in text, in structured content, in metadata and in keys', async () => {
    const answer = await leak({
      ...text(`The token is ${TOKEN}.`, `and ${CARD} pays`),
      structuredContent: { rows: [{ password: 'hunter2', user: 'bob', count: 4711 }], [KEY]: 1 },
      _meta: { note: TOKEN },
    });
    expect(textOf(answer)).toBe('The token is [redacted].and customer #### pays');
    expect(answer['structuredContent']).toEqual({
      rows: [{ password: '[redacted]', user: 'bob', count: 4711 }],
      '[redacted]': 1,
    });
    expect(answer['_meta']).toEqual({ note: '[redacted]' });
  });

  test('an ordinary result arrives as it was sent', async () => {
    const ordinary = {
      ...text('commit 9fceb02d0ae598e95dc970b74767f19372d61af8 by bob <bob@example.com>'),
      structuredContent: { id: '3f0c9c2e-8a1b-4a2b-9a1c-2b7d9c0e1f22', nextPageToken: 'CAoQAA', tokens: 12 },
    };
    expect(await leak(ordinary)).toEqual(ordinary);
  });

  test('a secret that is cut into two blocks is not found', async () => {
    const halves = text(TOKEN.slice(0, 20), TOKEN.slice(20));
    expect(await leak(halves)).toEqual(halves);
  });

  test('a result beyond the ceiling is withheld, and the agent is told that the call took effect', async () => {
    const answer = await leak(text('x'.repeat(4_000)));
    expect(answer['isError']).toBe(true);
    expect(textOf(answer)).toMatch(/^\[POLICY DENIED\] The call was carried out, and its result is withheld/);
    expect(objAt(objAt(answer, '_meta'), 'toolgate/decision')).toMatchObject({
      decision: 'deny',
      rule: '/results/max_bytes',
    });
    expect(site.called().length).toBeGreaterThan(0);
    expect(textOf(await leak(text('x'.repeat(3_900))))).toHaveLength(3_900);
  });

  test('resources, prompts and completions are masked too, texts in base64 among them', async () => {
    const read = objAt(await client.request('resources/read', { uri: 'file:///a' }), 'result');
    const seen = JSON.stringify(read);
    expect(seen).toContain(Buffer.from('token [redacted]').toString('base64'));
    expect(seen).toContain('"text":"token [redacted]"');
    const prompt = objAt(await client.request('prompts/get', { name: 'any' }), 'result');
    expect(prompt['messages']).toEqual([
      { role: 'user', content: { type: 'text', text: 'Use [redacted] for customer ####' } },
    ]);
    const ref = { type: 'ref/prompt', name: 'any' };
    const completed = await client.request('completion/complete', { ref, argument: { name: 'a', value: 'b' } });
    expect(objAt(completed, 'result')['completion']).toEqual({ values: ['[redacted]', 'harmless'] });
  });

  test('an error is masked, and withheld beyond the ceiling', async () => {
    const error = { code: -32_000, message: `cannot use ${TOKEN}`, data: { password: 'hunter2', tries: 3 } };
    expect((await client.call('leak', { error }))['error']).toEqual({
      code: -32_000,
      message: 'cannot use [redacted]',
      data: { password: '[redacted]', tries: 3 },
    });
    const long = await client.call('leak', { error: { code: -32_000, message: 'x'.repeat(5_000) } });
    expect(long['error']).toMatchObject({ code: -32_010, message: expect.stringContaining('withheld') });
  });

  test('so are progress and log messages on their way through the stream; one beyond the ceiling is dropped', async () => {
    const sdk = await site.sdk('bob');
    const heard: unknown[] = [];
    sdk.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) => void heard.push(params.data));
    const before = [
      { method: 'notifications/progress', params: { progress: 1, message: `uploading with ${TOKEN}` } },
      { method: 'notifications/message', params: { level: 'info', data: { env: `API_KEY=${TOKEN}`, password: 'pw' } } },
      { method: 'notifications/message', params: { level: 'info', data: 'x'.repeat(5_000) } },
    ];
    const options = { onprogress: (progress: unknown) => void heard.push(progress) };
    await sdk.callTool({ name: 'leak', arguments: { before, result: text('done') } }, undefined, options);
    expect(heard).toContainEqual({ progress: 1, message: 'uploading with [redacted]' });
    expect(heard).toContainEqual({ env: 'API_KEY=[redacted]', password: '[redacted]' });
    expect(JSON.stringify(heard)).not.toContain('xxxx');
  });

  test('the log says how much was masked or that it was withheld, and never what', async () => {
    const all = await outcomes();
    expect(all).toContainEqual(expect.objectContaining({ kind: 'ok', masked: 5 }));
    expect(all).toContainEqual(expect.objectContaining({ kind: 'ok', withheld: '/results/max_bytes' }));
    expect(all).toContainEqual(expect.objectContaining({ kind: 'error', masked: 2 }));
    expect(JSON.stringify(all)).not.toContain(TOKEN);
  });
});

describe.each(FRONTS)('rules for results of a policy in shadow, %s', (_name, openSite: OpenSite) => {
  test('change nothing', async () => {
    const site = await openSite({ server: 'leaky', command: LEAKY, policy: { ...POLICY, mode: 'shadow' } });
    const client = await site.raw();
    await client.initialize();
    const result = text(`The token is ${TOKEN}.`);
    expect(objAt(await client.call('leak', { result }), 'result')).toEqual(result);
    await site.stop();
  });
});

test('a server behind HTTP that answers by an event stream is masked in every message', async () => {
  const server = await startRecordingServer();
  const gateway = await startGateway({
    config: {
      servers: { remote: { url: server.url } },
      policies: { rules: 'policy.json' },
      grants: { alice: { owner: 'alice', servers: { remote: 'rules' }, token: 'a-token-that-alice-was-given' } },
    },
    files: { 'policy.json': JSON.stringify(POLICY) },
  });
  const client = httpClient(gateway.url('remote'), 'a-token-that-alice-was-given');
  await client.initialize({ sampling: {} });
  const asked: unknown[] = [];
  client.answering('sampling/createMessage', (params) => {
    asked.push(params);
    return { role: 'assistant', model: 'm', content: { type: 'text', text: 'fine' } };
  });
  const content = { type: 'text', text: `Summarise: password=${TOKEN}` };
  const params = { messages: [{ role: 'user', content }], maxTokens: 10 };
  const answer = await client.call('ask', { method: 'sampling/createMessage', params });
  expect(asked).toEqual([
    { messages: [{ role: 'user', content: { type: 'text', text: 'Summarise: password=[redacted]' } }], maxTokens: 10 },
  ]);
  expect(textOf(answer['result'])).toContain('fine');
  expect(textOf((await client.call('echo', { text: `see ${KEY}` }))['result'])).toBe('see [redacted]');
  await client.stop();
  await gateway.stop();
  await server.stop();
});
