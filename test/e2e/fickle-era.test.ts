import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { wrap } from '../kit/gateway.ts';
import { objAt } from '../kit/json-rpc.ts';
import { started } from '../kit/started.ts';
import { modern } from '../wire/modern-scene.ts';
import { eventually } from './rig.ts';

const kit = started();
const folder = mkdtempSync(join(tmpdir(), 'toolgate-fickle-'));
const SERVER = fileURLToPath(new URL('fickle-server.ts', import.meta.url));
afterAll(async () => {
  await kit.endAll();
  rmSync(folder, { recursive: true, force: true });
});

it('a server that denies the stateless era in the middle of a call asks nothing by its answer: the call is lost, and says so', async () => {
  const policy = join(folder, 'policy.json');
  writeFileSync(policy, JSON.stringify({ version: '1', default: 'allow', requests: { elicitation: 'deny' } }));
  const place = ['--policy', policy, '--data', join(folder, 'data'), '--server', 'fickle', '--grant', 'me'];
  const client = kit.add(wrap([...place, '--', process.execPath, SERVER]));
  const call = client.request('tools/call', modern({ name: 'ask', arguments: {} }));
  await eventually('the server works on the call', () => client.stderr().includes('the call is here'));
  expect(objAt(await client.request('server/discover', modern({})), 'error')['code']).toBe(-32601);
  const answer = await call;
  expect(String(objAt(answer, 'error')['message'])).toContain('speaks another revision');
  expect(JSON.stringify(client.messages)).not.toContain('evil.example');
});
