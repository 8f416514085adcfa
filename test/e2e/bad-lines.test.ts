import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wrap } from '../kit/gateway.ts';
import { objAt } from '../kit/json-rpc.ts';
import type { LineClient } from '../kit/line-client.ts';
import { started } from '../kit/started.ts';
import { BAD_MESSAGES, CALL, stillServes } from './bad-messages.ts';
import { linesIn, OPEN_POLICY, recordingCommand } from './rig.ts';

const kit = started();
const folder = mkdtempSync(join(tmpdir(), 'toolgate-bad-'));
const record = join(folder, 'record.jsonl');

afterAll(async () => {
  await kit.endAll();
  rmSync(folder, { recursive: true, force: true });
});

describe('over stdio, through wrap', () => {
  let client: LineClient;
  const again = (): Promise<unknown> => client.call('echo', { text: 'still here' });

  beforeAll(async () => {
    const policy = join(folder, 'open.json');
    writeFileSync(policy, JSON.stringify(OPEN_POLICY));
    const args = ['--policy', policy, '--data', join(folder, 'data'), '--', ...recordingCommand(record)];
    client = kit.add(wrap(args));
    const early = client.next('the refusal', (message) => message['id'] === 'early');
    client.send({ jsonrpc: '2.0', id: 'early', method: 'tools/call', params: { name: 'echo', arguments: {} } });
    expect(objAt(await early, 'error')['message']).toContain('send initialize first');
    await client.initialize();
  });

  it.each(BAD_MESSAGES)('$title: refused with $code, and the next line is read', async ({ bytes, code }) => {
    const before = linesIn(record);
    const refusal = client.next('the refusal', (message) => message['error'] !== undefined);
    client.raw(bytes);
    client.raw('\n');
    expect(objAt(await refusal, 'error')['code']).toBe(code);
    await stillServes(record, again, before);
  });

  it('a line of 20 MB: refused, and the next line is read', async () => {
    const before = linesIn(record);
    const refusal = client.next('the refusal', (message) => message['error'] !== undefined);
    client.raw(`${CALL.replace('hostile', 'hostile '.repeat(2_600_000))}\n`);
    expect(objAt(await refusal, 'error')).toMatchObject({
      code: -32700,
      message: expect.stringContaining('longer than'),
    });
    await stillServes(record, again, before);
  });

  it('a bare carriage return does not end a line: what follows it is no message of its own', async () => {
    const before = linesIn(record);
    const refusal = client.next('the refusal', (message) => message['error'] !== undefined);
    client.raw(`{"jsonrpc":"2.0","method":"notifications/initialized"}\r${CALL}\n`);
    expect(objAt(await refusal, 'error')['code']).toBe(-32700);
    await stillServes(record, again, before);
  });

  it('empty lines and carriage returns before line feeds harm nobody', async () => {
    const before = linesIn(record);
    client.raw('\n\r\n   \n');
    await stillServes(record, again, before);
    expect(client.noise).toEqual([]);
  });

  it('a second initialize, an answer nobody asked for: as over HTTP', async () => {
    const before = linesIn(record);
    const refusal = client.next('the refusal', (message) => message['id'] === 'again');
    client.send({ jsonrpc: '2.0', id: 'again', method: 'initialize', params: { protocolVersion: '2025-11-25' } });
    expect(objAt(await refusal, 'error')['code']).toBe(-32600);
    client.send({ jsonrpc: '2.0', id: 'gate-1', result: { hostile: true } });
    await stillServes(record, again, before);
  });
});
