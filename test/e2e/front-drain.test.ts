import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Gateway, startGateway } from '../kit/gateway.ts';
import { type HttpClient, httpClient } from '../kit/http-client.ts';
import { objAt, textOf } from '../kit/json-rpc.ts';
import { started } from '../kit/started.ts';
import { openEvents } from './front-events.ts';
import { AGENT, arrived, eventually, OPEN_POLICY, recordingCommand } from './rig.ts';

const kit = started();
let folder: string;
let record: string;
let gateway: Gateway;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'toolgate-drain-'));
  record = join(folder, 'record.jsonl');
  const servers = { recorder: { command: recordingCommand(record) } };
  const grants = { agent: { owner: 'alice', servers: { recorder: 'open' }, token: AGENT } };
  gateway = kit.add(
    await startGateway({
      config: { servers, policies: { open: { ...OPEN_POLICY, requests: { sampling: 'allow' } } }, grants },
    }),
  );
});

afterEach(async () => {
  await kit.endAll();
  rmSync(folder, { recursive: true, force: true });
});

async function openClient(): Promise<HttpClient> {
  const client = kit.add(httpClient(gateway.url('recorder'), AGENT));
  await client.initialize();
  return client;
}

const calls = (name: string): number =>
  arrived(record, 'tools/call').filter((message) => objAt(message, 'params')['name'] === name).length;

describe('a gateway that is told to stop while calls are under way', () => {
  it('lets them come to their end, and turns new ones away', async () => {
    const [busy, newcomer] = [await openClient(), kit.add(httpClient(gateway.url('recorder'), AGENT))];
    const slow = busy.call('slow', { ms: 2_500 });
    await eventually('the call is under way', () => calls('slow') === 1);
    process.kill(gateway.pid, 'SIGTERM');
    await eventually('it is not ready any more', async () => (await fetch(`${gateway.base}/readyz`)).status === 503);
    const params = { name: 'echo', arguments: { text: 'x' } };
    for (const client of [busy, newcomer]) {
      const late = await client.post({ jsonrpc: '2.0', id: 7, method: 'tools/call', params });
      expect(late.status).toBe(503);
      expect(late.headers['retry-after']).toMatch(/^\d+$/);
      expect(late.messages[0]).toMatchObject({ id: 7, error: { message: expect.stringContaining('stopping') } });
    }
    expect((await newcomer.stream()).status).toBe(404);
    expect((await busy.stream()).status).toBe(503);
    expect(calls('echo')).toBe(0);
    expect(textOf(objAt(await slow, 'result'))).toBe('waited 2500 ms');
    expect(await gateway.exited).toBe(0);
  });

  it('takes the answers that they wait for', async () => {
    const client = kit.add(httpClient(gateway.url('recorder'), AGENT));
    await client.initialize({ sampling: {} });
    const question = { method: 'sampling/createMessage', params: { messages: [], maxTokens: 1 } };
    const headers = {
      authorization: `Bearer ${AGENT}`,
      'mcp-session-id': String(client.sessionId),
      'mcp-protocol-version': '2025-11-25',
    };
    const message = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'ask', arguments: question } };
    const stream = await openEvents(gateway.url('recorder'), headers, message);
    const asked = await stream.next('the question', (event) => event.message?.['method'] === question.method);
    process.kill(gateway.pid, 'SIGTERM');
    await eventually('it is not ready any more', async () => (await fetch(`${gateway.base}/readyz`)).status === 503);
    const answer = { role: 'assistant', model: 'm', content: { type: 'text', text: 'in time' } };
    expect((await client.post({ jsonrpc: '2.0', id: asked.message?.['id'], result: answer })).status).toBe(202);
    const told = await stream.next('the answer', (event) => event.message?.['id'] === 1);
    expect(textOf(objAt(told.message, 'result'))).toContain('in time');
    expect(await gateway.exited).toBe(0);
  });
});
