import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGateway } from '../kit/gateway.ts';
import { httpClient } from '../kit/http-client.ts';
import { isObj, type Obj, objAt, readObj } from '../kit/json-rpc.ts';
import { started } from '../kit/started.ts';
import { logFolder } from './small-log.ts';

const kit = started();
const folder = mkdtempSync(join(tmpdir(), 'toolgate-complete-'));
const heard = join(folder, 'heard.txt');
const AGENT = 'a-token-that-the-agent-was-given';
const ANN = 'a-token-that-ann-was-given-here';
const SERVER = fileURLToPath(new URL('./hearing-server.ts', import.meta.url));

const CONFIG: Obj = {
  servers: { notes: { command: [process.execPath, SERVER, heard, 'hush'] } },
  policies: {
    rules: {
      version: '1',
      default: 'deny',
      hide: ['secret'],
      tools: {
        note: {
          limits: [{ counter: 'notes', window: 'hour', max: 3, scope: 'grant' }],
          approve_if: [{ conditions: [{ path: 'args.text', op: 'eq', value: 'asked' }] }],
        },
      },
    },
  },
  grants: { agent: { owner: 'alice', servers: { notes: 'rules' }, token: AGENT } },
  people: { ann: { roles: ['approver'], token: ANN } },
  approvals: { hold: 0 },
};

let records: readonly Obj[] = [];

beforeAll(async () => {
  writeFileSync(heard, '');
  const gateway = kit.add(await startGateway({ folder, config: CONFIG }));
  const stranger = httpClient(gateway.url('notes'), 'a-token-that-nobody-was-given');
  await stranger.raw('{}');
  const agent = httpClient(gateway.url('notes'), AGENT);
  await agent.initialize();
  await agent.raw('{"jsonrpc":"2.0","id":1,');
  await agent.raw('[{"jsonrpc":"2.0","id":1,"method":"ping"}]');
  await agent.call('secret', { text: 'hidden' });
  await agent.call('other', { text: 'unknown' });
  await agent.call('note', { text: 'allowed' });
  await agent.call('note', { text: 'asked' });
  const asked = await fetch(`${gateway.base}/api/approvals`, { headers: { Authorization: `Bearer ${ANN}` } });
  const id = /"id":"(ap_[^"]+)"/.exec(await asked.text())?.[1] ?? '';
  const answered = await fetch(`${gateway.base}/api/approvals/${id}/approve`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${ANN}`, 'Content-Type': 'application/json' },
    body: '{}',
  });
  expect(answered.status).toBe(200);
  await agent.call('note', { text: 'asked' });
  const quiet = agent.post({
    jsonrpc: '2.0',
    id: 77,
    method: 'tools/call',
    params: { name: 'note', arguments: { text: 'hush' } },
  });
  while (!readFileSync(heard, 'utf8').includes('hush')) await sleep(5);
  await agent.notify('notifications/cancelled', { requestId: 77 });
  await agent.call('note', { text: 'beyond the limit' });
  await agent.stop();
  await quiet.catch(() => {});
  await stranger.stop();
  await gateway.stop();
  const { out } = await logFolder(gateway.data).audit('list', '--jsonl', '--all', '--limit', '1000');
  records = out.trimEnd().split('\n').map(readObj).filter(isObj).toReversed();
});
afterAll(async () => {
  await kit.endAll();
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
});

function withText(text: string): readonly Obj[] {
  return records.filter(({ args }) => isObj(args) && args['text'] === text);
}

test('who was refused before anybody knew who it was', () => {
  expect(records).toContainEqual(
    expect.objectContaining({
      kind: 'refused',
      decision: 'deny',
      source: expect.stringContaining('127.0.0.1'),
      count: 1,
    }),
  );
});

test('what was no message, and a batch', () => {
  const refused = records.filter(({ kind, grant }) => kind === 'refused' && grant === 'agent');
  expect(refused).toMatchObject([
    { decision: 'deny', owner: 'alice', reason: expect.stringMatching(/JSON/) },
    { decision: 'deny', owner: 'alice', reason: expect.stringMatching(/batch|array/i) },
  ]);
});

test('what is hidden, what nobody lists, and what a limit refused: no outcome, since no server heard of it', () => {
  expect(withText('hidden')).toMatchObject([{ kind: 'call', tool: 'secret', decision: 'deny', rule: '(hidden)' }]);
  expect(withText('unknown')).toMatchObject([{ kind: 'call', tool: 'other', decision: 'deny', rule: '(unknown)' }]);
  expect(withText('beyond the limit')).toMatchObject([
    { kind: 'call', decision: 'deny', rule: '/tools/note/limits/0' },
  ]);
  for (const record of ['hidden', 'unknown', 'beyond the limit'].flatMap(withText))
    expect(record['outcome']).toBeUndefined();
});

test('what was allowed, and what came of it', () => {
  expect(withText('allowed')).toMatchObject([{ kind: 'call', decision: 'allow', outcome: { kind: 'ok' } }]);
});

test('what a person was asked, what they said, and the call that used it', () => {
  const [stopped, sent] = withText('asked');
  expect(stopped).toMatchObject({ kind: 'call', rule: '/tools/note/approve_if/0' });
  expect(stopped?.['decision']).not.toBe('allow');
  expect(stopped?.['outcome']).toBeUndefined();
  expect(sent).toMatchObject({ kind: 'call', decision: 'allow', outcome: { kind: 'ok' } });
  const told = records.filter(({ event }) => String(event).startsWith('approval ')).map(({ event }) => event);
  expect(told).toEqual(expect.arrayContaining(['approval asked', 'approval answered', 'approval used']));
});

test('what its client called off', () => {
  const [call] = withText('hush');
  expect(call).toMatchObject({ kind: 'call', decision: 'allow' });
  expect(objAt(call, 'outcome')['kind']).toBe('cancelled');
});

test('and the server heard of nothing that is not on record as allowed', () => {
  const texts = readFileSync(heard, 'utf8').trimEnd().split('\n');
  expect(texts).toEqual(['allowed', 'asked', 'hush']);
  for (const text of texts) expect(withText(text).filter(({ decision }) => decision === 'allow')).toHaveLength(1);
});
