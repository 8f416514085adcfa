import { mkdtempSync, rmSync } from 'node:fs';
import { type ClientRequest, request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { type Gateway, startGateway } from '../kit/gateway.ts';
import { httpClient } from '../kit/http-client.ts';
import { started } from '../kit/started.ts';
import { AGENT, arrived, eventually, OPEN_POLICY, OTHER, recordingCommand } from './rig.ts';

const kit = started();
const folder = mkdtempSync(join(tmpdir(), 'toolgate-bodies-'));
const record = join(folder, 'record.jsonl');
const unfinished: ClientRequest[] = [];
afterEach(async () => {
  for (const one of unfinished.splice(0)) one.destroy();
  await kit.endAll();
  rmSync(folder, { recursive: true, force: true });
});

const MOST = Buffer.alloc(3_900_000, 0x20);

/** Sends most of a message of four million bytes, and never the end; tells the status if there is one all the same. */
function sendMost({ port }: Gateway, answered: (status: number) => void): void {
  const request = httpRequest({
    port,
    host: '127.0.0.1',
    method: 'POST',
    path: '/mcp/recorder',
    agent: false,
    headers: { authorization: `Bearer ${AGENT}`, 'content-type': 'application/json', 'content-length': 4_000_000 },
  });
  unfinished.push(request);
  request.on('error', () => {});
  request.on('response', (response) => {
    answered(response.statusCode ?? 0);
    response.resume();
  });
  request.write(MOST);
}

it('large messages that never end fill no memory: beyond 32 MiB of a grant they are turned away, small ones and other grants go on', async () => {
  const servers = { recorder: 'open' };
  const gateway = kit.add(
    await startGateway({
      config: {
        servers: { recorder: { command: recordingCommand(record) } },
        policies: { open: OPEN_POLICY },
        grants: { agent: { owner: 'alice', servers, token: AGENT }, other: { owner: 'bob', servers, token: OTHER } },
      },
    }),
  );
  const statuses: number[] = [];
  for (let at = 0; at < 16; at++) sendMost(gateway, (status) => statuses.push(status));
  // Of these sixteen eight fit, and what is turned away makes no room for what comes after it.
  await eventually('those without room are turned away', () => statuses.length >= 8);
  expect(new Set(statuses)).toEqual(new Set([429]));
  expect(statuses.length).toBeLessThan(16);
  for (const token of [AGENT, OTHER]) {
    const client = kit.add(httpClient(gateway.url('recorder'), token));
    await client.initialize();
    expect(await client.call('echo', { text: 'still here' })).toHaveProperty('result');
  }
  expect(arrived(record, 'tools/call')).toHaveLength(2);
  for (const one of unfinished.splice(0)) one.destroy();
  const large = kit.add(httpClient(gateway.url('recorder'), AGENT));
  await large.initialize();
  await eventually('what is gone leaves its room', async () => {
    const answer = await large.raw(
      JSON.stringify({ jsonrpc: '2.0', id: 7, method: 'ping', params: { x: 'x'.repeat(3_900_000) } }),
    );
    return answer.status === 200;
  });
});
