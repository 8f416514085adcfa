import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Standing } from '../src/gateway/gate.ts';
import { allowedBody, outcomeBody, toldOf } from '../src/gateway/record.ts';
import { compilePolicy } from '../src/policy/compile.ts';
import type { Policies } from '../src/policy/policy.ts';
import { openSqliteStore } from '../src/store/sqlite/open.ts';
import { readCall } from '../src/wire/read-call.ts';
import { toolgate } from '../test/kit/gateway.ts';
import { readObj } from '../test/kit/json-rpc.ts';

const CALLS = 100_000;
const GRANTS = 20;
const BOUND_MS = 2_000;
const WEEK = 7 * 86_400_000;
const AT_ONCE = 500;
const TOOLS = ['send_mail', 'replay_flow', 'search', 'read_file', 'query'] as const;

const IN_FORCE = { version: '1', default: 'allow' };
const DRAFT = {
  version: '1',
  default: 'deny',
  tools: {
    send_mail: {
      deny_if: [{ conditions: [{ path: 'args.to', op: 'regex', value: '@(rival|other)\\.example$' }] }],
      limits: [{ counter: 'mails', window: 'hour', max: 50, scope: 'grant' }],
    },
    replay_flow: { limits: [{ counter: 'replays', window: 'minute', max: 10, scope: 'grant' }] },
    search: { limits: [{ counter: 'searches', window: 'day', max: 500, scope: 'grant', per: 'args.index' }] },
    'read_*': { require: [{ conditions: [{ path: 'args.path', op: 'path_within', value: ['/srv/files'] }] }] },
    query: { approve_if: [{ conditions: [{ path: 'grant.calls["read_file"]', op: 'gte', value: 5, within: '10m' }] }] },
  },
};

/** How long a draft takes over a week's log of 100,000 calls and their outcomes, from the command line. */
export async function benchBacktest(
  rounds: number,
): Promise<{ readonly text: string; readonly ms: number; readonly isSlow: boolean }> {
  const folder = mkdtempSync(join(tmpdir(), 'toolgate-bench-backtest-'));
  try {
    const now = Date.now();
    await fill(folder, now);
    const draft = join(folder, 'draft.json');
    writeFileSync(draft, JSON.stringify(DRAFT));
    const args = ['policy', 'backtest', draft, '--since', '8d', '--data', folder, '--json'];
    const times: number[] = [];
    let told = '';
    for (let round = 0; round < rounds; round += 1) {
      const begin = performance.now();
      const { code, stdout, stderr } = await toolgate(args);
      times.push(performance.now() - begin);
      const found = readObj(stdout);
      if (code !== 0 || found?.['calls'] !== CALLS) throw new Error(`${stderr}${stdout.slice(0, 500)}`);
      told = `${found['tighter']} tighter, ${found['unchanged']} unchanged, ${found['cannotTell']} cannot be told`;
    }
    const ms = times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;
    const text = `A draft over ${CALLS} calls (${told}): ${Math.round(ms)} ms from the command line; at most ${BOUND_MS}`;
    return { text, ms, isSlow: ms > BOUND_MS };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function fill(folder: string, now: number): Promise<void> {
  const store = await openSqliteStore({
    folder,
    sync: 'interval',
    clock: { now: () => Date.now() },
    onFault: (message) => console.error(message),
  });
  try {
    let waiting: Promise<void>[] = [];
    for (let call = 0; call < CALLS; call += 1) {
      const at = Math.floor(now - WEEK + (call / CALLS) * WEEK);
      const id = `call-${call}`;
      waiting.push(store.append({ id, kind: 'call', at, body: bodyOf(call, at) }, undefined));
      waiting.push(store.append({ id, kind: 'outcome', at: at + 40, body: OUTCOME }, undefined));
      if (waiting.length < AT_ONCE) continue;
      await Promise.all(waiting);
      waiting = [];
    }
    await Promise.all(waiting);
  } finally {
    await store.close();
  }
}

const OUTCOME = outcomeBody(
  { outcome: { kind: 'answered', result: {} }, masked: 0, withheld: undefined },
  { decideUs: 40, commitUs: 300, serverUs: 40_000 },
);

function bodyOf(n: number, at: number): string {
  const name = TOOLS[n % TOOLS.length] ?? 'search';
  const read = readCall('tools/call', { name, arguments: argumentsOf(name, n) });
  if (read.kind === 'fault') throw new Error(read.reason);
  const grant = `agent-${n % GRANTS}`;
  const sender = {
    grant,
    owner: `owner-${n % 5}`,
    session: `session-${n % 100}-of-the-bench`,
    client: { name: 'some-agent', version: '1.2.3' },
    server: 'tools',
  };
  const standing: Standing = {
    grant: { name: grant, owner: sender.owner, labels: {} },
    policies: POLICIES,
    policyName: 'everything',
    policyDigest: 'd'.repeat(64),
    baselineDigest: undefined,
    ruleText: () => undefined,
    classes: new Map(),
  };
  const { fields } = toldOf(sender, read.call, 'unknown', standing, 'redacted', () => 'a'.repeat(64), 'b'.repeat(32));
  const committing = { round: 'first', tick: at, said: undefined, waited: undefined } as const;
  return allowedBody(fields, DECISION, undefined, committing);
}

function argumentsOf(name: string, n: number): { readonly [key: string]: string | number } {
  switch (name) {
    case 'send_mail':
      return {
        to: `someone${n % 50}@${n % 9 === 0 ? 'rival' : 'friend'}.example`,
        subject: 'News',
        body: 'Hello. '.repeat(10),
      };
    case 'read_file':
      return { path: n % 7 === 0 ? '/etc/passwd' : `/srv/files/${n % 300}.txt` };
    case 'query':
      return { sql: `select name from people where id = ${n}`, limit: 100 };
    default:
      return { index: `index-${n % 12}`, text: 'what somebody is looking for', page: n % 4 };
  }
}

const POLICIES: Policies = { policy: compiled(), baseline: undefined };
const DECISION = {
  effect: 'allow',
  hidden: false,
  stage: 'default',
  rule: { document: 'policy', pointer: '(default allow)', id: undefined },
  reason: 'Allowed: nothing refuses it.',
  reservations: [],
  tallies: [],
  shadow: undefined,
} as const;

function compiled(): Policies['policy'] {
  const read = compilePolicy(IN_FORCE, 'policy', {});
  if (read.kind === 'problems') throw new Error('the policy of the bench does not load');
  return read.policy;
}
