import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Gateway, startGateway, toolgate } from '../kit/gateway.ts';
import { httpClient } from '../kit/http-client.ts';
import { isObj, type Obj, readObj, textOf } from '../kit/json-rpc.ts';
import { started } from '../kit/started.ts';
import { MITMPROXY } from './servers.ts';
import { FRONTS, type Site } from './site.ts';

const kit = started();
afterEach(() => kit.endAll());

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'toolgate-backtest-'));
  kit.add({ stop: async () => rmSync(folder, { recursive: true, force: true }) });
});

function atMost(max: number): Obj {
  return {
    version: '1',
    default: 'deny',
    tools: { replay_flow: { limits: [{ counter: 'replay_flow_rate', window: 'minute', max, scope: 'grant' }] } },
  };
}

function listAt(holder: Obj | undefined, key: string): readonly Obj[] {
  const list = holder?.[key];
  return Array.isArray(list) ? list.filter(isObj) : [];
}

/** Runs the draft over the last hour of the site's log. */
async function backtest(site: Site, draft: Obj, ...more: readonly string[]): ReturnType<typeof toolgate> {
  const file = join(folder, 'draft.json');
  writeFileSync(file, JSON.stringify(draft));
  return toolgate(['policy', 'backtest', file, '--since', '1h', '--data', site.data, ...more]);
}

async function told(site: Site, draft: Obj): Promise<Obj> {
  const { code, stdout, stderr } = await backtest(site, draft, '--json');
  expect([code, stderr]).toEqual([0, '']);
  return readObj(stdout) ?? {};
}

test.each(FRONTS)(
  'a draft is tried on what agents did, %s',
  async (_name, openSite) => {
    const site = kit.add(await openSite({ server: 'mitmproxy', command: MITMPROXY, policy: atMost(10) }));
    const client = await site.sdk();
    const passed: boolean[] = [];
    for (let call = 0; call < 11; call++) {
      const answer = await client.callTool({ name: 'replay_flow', arguments: { flow_id: `flow-${call}` } });
      passed.push(!textOf(answer).startsWith('[POLICY DENIED]'));
    }
    expect(passed).toEqual([...Array.from({ length: 10 }, () => true), false]);

    const same = await told(site, atMost(10));
    expect(same).toMatchObject({ calls: 11, unchanged: 11, looser: 0, tighter: 0, cannotTell: 0, changes: [] });

    const tighter = await told(site, atMost(5));
    expect(tighter).toMatchObject({ calls: 11, unchanged: 6, looser: 0, tighter: 5, cannotTell: 0 });
    const [change] = listAt(tighter, 'changes');
    expect(change).toMatchObject({
      direction: 'tighter',
      server: 'mitmproxy',
      name: 'replay_flow',
      count: 5,
      grants: 1,
      recorded: { effect: 'allow', rule: '/tools/replay_flow' },
      draft: { effect: 'deny', rule: '/tools/replay_flow/limits/0' },
    });
    expect(listAt(change, 'examples').map(({ args }) => args)).toEqual(
      [5, 6, 7].map((call) => `{"flow_id":"flow-${call}"}`),
    );

    const looser = await told(site, atMost(20));
    expect(looser).toMatchObject({ calls: 11, unchanged: 10, looser: 1, tighter: 0, cannotTell: 0 });
    expect(listAt(looser, 'changes')).toMatchObject([
      {
        count: 1,
        examples: [{ args: '{"flow_id":"flow-10"}' }],
        recorded: { effect: 'deny' },
        draft: { effect: 'allow' },
      },
    ]);

    const words = await backtest(site, atMost(5), '--fail-on', 'tighter');
    expect(words.code).toBe(1);
    expect(words.stdout).toContain('11 calls, ');
    expect(words.stdout).toContain('5 tighter, 0 looser, 6 unchanged, 0 cannot be told, 0 not judged by a policy');
    expect(words.stdout).toContain(
      '+ tool replay_flow of mitmproxy: allowed by /tools/replay_flow → denied by /tools/replay_flow/limits/0',
    );
    expect((await backtest(site, atMost(5), '--fail-on', 'looser')).code).toBe(0);
    expect((await backtest(site, atMost(20), '--fail-on', 'looser')).code).toBe(1);
    expect((await backtest(site, atMost(10), '--fail-on', 'any')).code).toBe(0);
    // A misspelt name compares nothing, which is no good news.
    expect((await backtest(site, atMost(10), '--fail-on', 'any', '--grant', 'nobody')).code).toBe(1);
  },
  60_000,
);

const VIC = 'token-of-vic-with-enough-characters';
const BOB = 'token-of-bob-with-enough-characters';

interface Answered {
  readonly status: number;
  readonly body: Obj;
}

async function ask(gateway: Gateway, wish: unknown, token = VIC): Promise<Answered> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const answer = await fetch(`${gateway.base}/api/policy/backtest`, {
    method: 'POST',
    headers,
    body: JSON.stringify(wish),
  });
  return { status: answer.status, body: (await answer.json()) as Obj };
}

test('the same by the API, for whoever may look, while agents go on', { timeout: 60_000 }, async () => {
  const gateway = kit.add(
    await startGateway({
      config: {
        servers: { mitmproxy: { command: MITMPROXY } },
        policies: { careful: atMost(10) },
        grants: { bob: { owner: 'bob', servers: { mitmproxy: 'careful' }, token: BOB } },
        people: { vic: { roles: ['viewer'], token: VIC } },
      },
    }),
  );
  const bob = kit.add(httpClient(gateway.url('mitmproxy'), BOB));
  await bob.initialize();
  for (let call = 0; call < 11; call++) await bob.call('replay_flow', { flow_id: `flow-${call}` });

  // The whole configuration, and one policy of it.
  const args = ['policy', 'backtest', gateway.configFile, '--since', '1h', '--data', gateway.data, '--json'];
  for (const more of [[], ['--policy', 'careful']]) {
    const { code, stdout, stderr } = await toolgate([...args, ...more]);
    expect([code, stderr, readObj(stdout)]).toMatchObject([0, '', { calls: 11, unchanged: 11 }]);
  }

  const wish = { policy: atMost(5), since: '1h' };
  const { status, body } = await ask(gateway, wish);
  expect([status, body]).toMatchObject([200, { calls: 11, unchanged: 6, tighter: 5, looser: 0, cannotTell: 0 }]);
  expect(listAt(body, 'changes')).toMatchObject([{ direction: 'tighter', name: 'replay_flow', count: 5 }]);
  // What rules in shadow would have said is told too.
  const shadow = await ask(gateway, { policy: { ...atMost(5), mode: 'shadow' }, since: '1h', server: 'mitmproxy' });
  expect(shadow.body).toMatchObject({
    looser: 1,
    tighter: 0,
    shadow: { recorded: [], draft: [{ name: 'replay_flow', would: { effect: 'deny' }, count: 6 }] },
  });
  expect((await ask(gateway, { ...wish, grant: 'somebody' })).body).toMatchObject({ calls: 0 });

  const wrong = await ask(gateway, { policy: { version: '1', defualt: 'deny' }, since: 'yesterday' });
  expect(wrong.status).toBe(422);
  const problems = listAt(wrong.body['error'] as Obj, 'problems');
  expect(problems.map(({ pointer }) => pointer)).toEqual(expect.arrayContaining(['/since', '/policy/defualt']));
  expect((await ask(gateway, { ...wish, policies: 1 })).body).toMatchObject({
    error: { message: '/policies is not known here.' },
  });
  expect((await ask(gateway, wish, BOB)).status).toBe(403);
  expect((await ask(gateway, wish, 'nobody')).status).toBe(401);

  // No more than two at a time; the gateway answers agents meanwhile.
  const answers = await Promise.all([1, 2, 3, 4].map(() => ask(gateway, wish)));
  const told = answers.map((answer) => answer.status).sort();
  expect(told).toEqual([200, 200, 503, 503]);
});
