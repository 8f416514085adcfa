import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { startGateway, toolgate } from '../kit/gateway.ts';
import { httpClient } from '../kit/http-client.ts';
import { type Obj, objAt, textOf } from '../kit/json-rpc.ts';
import { started } from '../kit/started.ts';
import { AGENT } from './rig.ts';
import { RECORDING } from './servers.ts';

const ANN = 'token-of-ann-token-of-ann';
const kit = started();
const folder = mkdtempSync(join(tmpdir(), 'toolgate-suggest-'));
afterAll(async () => {
  await kit.endAll();
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
});

test('what a person approved of is asked about again, and what nobody approved of gives no rule', async () => {
  const large = { conditions: [{ path: 'args.a', op: 'gt', value: 10 }] };
  const gateway = kit.add(
    await startGateway({
      folder,
      config: {
        servers: { recording: { command: RECORDING } },
        policies: {
          careful: {
            version: '1',
            default: 'allow',
            tools: { sum: { approve_if: [large] }, echo: { action: 'require_approval' } },
          },
        },
        grants: { laptop: { owner: 'alice', servers: { recording: 'careful' }, token: AGENT } },
        people: { ann: { roles: ['approver'], token: ANN } },
        approvals: { hold: 0 },
      },
    }),
  );
  const agent = kit.add(httpClient(gateway.url('recording'), AGENT));
  await agent.initialize();
  const call = async (tool: string, args: Obj): Promise<string> =>
    textOf(objAt(await agent.call(tool, args), 'result'));
  const place = ['--data', gateway.data, '--config', gateway.configFile];
  const approve = async (asked: string): Promise<void> => {
    const id = /ap_[\w-]{22}/.exec(asked)?.[0] ?? '';
    const env = { TOOLGATE_TOKEN: ANN };
    expect(await toolgate(['approvals', 'approve', id, ...place], { cwd: folder, env })).toMatchObject({ code: 0 });
  };

  for (let a = 1; a <= 8; a += 1) expect(await call('sum', { a, b: 1 })).toBe(String(a + 1));
  // Asked again and again while it waits: one call all the same.
  for (let n = 0; n < 5; n += 1) expect(await call('sum', { a: 500, b: 1 })).toContain('[APPROVAL REQUIRED]');
  await approve(await call('sum', { a: 500, b: 1 }));
  expect(await call('sum', { a: 500, b: 1 })).toBe('501');
  await approve(await call('echo', { text: 'hello' }));
  expect(await call('echo', { text: 'hello' })).toBe('hello');
  expect(await call('sum', { a: 70_000, b: 1 })).toContain('[APPROVAL REQUIRED]');

  const { stdout, code } = await toolgate(['policy', 'suggest', '--from-log', '--json', '--data', gateway.data]);
  expect(code).toBe(0);
  const { policy } = JSON.parse(stdout) as { policy: { tools: Record<string, Obj> } };
  const { sum, echo } = policy.tools;
  expect(echo).toMatchObject({ action: 'require_approval' });
  const a = (op: string, value: unknown) => ({ path: 'args.a', op, value });
  expect(sum?.['require']).toContainEqual({ conditions: [a('type', 'integer'), a('gte', 1), a('lte', 500)] });
  expect(sum?.['approve_if']).toEqual([
    { conditions: [{ not: { all: [a('type', 'integer'), a('gte', 1), a('lte', 8)] } }] },
  ]);
  // Nine calls passed.
  expect(sum?.['limits']).toEqual([{ counter: 'sum_per_day', window: 'day', max: 15, scope: 'grant' }]);
});
