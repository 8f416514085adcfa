import { fileURLToPath } from 'node:url';
import { systemClock } from '../src/compose/clock.ts';
import { systemCrypto } from '../src/compose/system-crypto.ts';
import type { Viewer } from '../src/gateway/approvals/approval-desk.ts';
import { LocalDesk } from '../src/gateway/approvals/local-desk.ts';
import { openSqliteStore } from '../src/store/sqlite/open.ts';
import { type Child, startChild } from '../test/kit/child.ts';
import { type Gateway, startGateway } from '../test/kit/gateway.ts';
import { type HttpClient, httpClient } from '../test/kit/http-client.ts';
import { objAt, textOf } from '../test/kit/json-rpc.ts';
import type { Started } from '../test/kit/started.ts';
import { ARGUMENTS, benchPolicy, CALLED, TOOLS, toolName } from './call.ts';
import { table } from './figures.ts';
import { cpuSeconds } from './processes.ts';

const QUESTIONS = 1_000;
const GRANTS = 50;
/** Characters of each call's arguments. */
const SIZE = 2_048;
const BOUND_MS = 50;
const LISTS = 100;
const ANSWERS = 200;
const CALLS = 1_000;
const PERSON = 'tgp_a-person-of-the-bench-and-nobody-else';
/** A tool about which a person is asked: another than the one that is called otherwise. */
const ASKED = toolName(TOOLS / 2 + 1);

/** Milliseconds. */
interface Times {
  readonly p50: number;
  readonly p95: number;
  /** CPU time of who did it, on average: what the same would take on a machine that nobody else uses. */
  readonly cpu: number;
}

/** CPU time so far, ms. */
type Meter = () => number;

interface ApprovalFigures {
  readonly rows: readonly (Times & { readonly name: string; readonly isBound: boolean })[];
  /** What took longer than it may. */
  readonly slow: readonly string[];
  readonly text: string;
}

/** What people wait for with a thousand questions open, and what agents pay for it of whom nobody asks anything. */
export async function benchApprovals(kit: Started): Promise<ApprovalFigures> {
  const upstream = kit.add(startChild(process.execPath, [fileURLToPath(new URL('upstream.ts', import.meta.url))]));
  const gateway = kit.add(await startGateway({ config: configFor(await firstLine(upstream)) }));
  const agents: HttpClient[] = [];
  for (let n = 0; n < GRANTS; n += 1) {
    const agent = kit.add(httpClient(gateway.url('bench'), tokenOf(n)));
    await agent.initialize();
    await agent.request('tools/list');
    agents.push(agent);
  }
  const [first] = agents;
  const ofGateway: Meter = () => cpuSeconds(gateway.pid) * 1_000;
  if (first === undefined) throw new Error('the bench has no agent');
  await timed(ofGateway, CALLS, () => passes(first, CALLED, ARGUMENTS));
  const before = await timed(ofGateway, CALLS, () => passes(first, CALLED, ARGUMENTS));
  const asking = await askAll(agents, ofGateway);
  const after = await timed(ofGateway, CALLS, () => passes(first, CALLED, ARGUMENTS));

  const desk = await openDesk(kit, gateway);
  const viewer: Viewer = { person: { name: 'ann', roles: new Set(['approver']) }, channel: 'api', credential: 'ann' };
  const listAtDesk = async (): Promise<void> =>
    counted((await desk.list({ which: 'waiting', limit: QUESTIONS })).length);
  const listOverHttp = async (): Promise<void> => {
    const { approvals } = (await api(gateway, `approvals?limit=${QUESTIONS}`)) as { approvals: readonly unknown[] };
    counted(approvals.length);
  };
  // Until the code is compiled for good the figures would be those of the compiler.
  await timed(own, LISTS / 5, listAtDesk);
  const listed = await timed(own, LISTS, listAtDesk);
  await timed(ofGateway, LISTS / 5, listOverHttp);
  const overHttp = await timed(ofGateway, LISTS, listOverHttp);
  const ids = asking.calls.map(({ id }) => id);
  const atDesk = await timed(own, ANSWERS, async (n) => {
    const answered = await desk.answer(at(ids, n), { said: 'deny', note: 'no', arguments: undefined }, viewer);
    if (answered.kind !== 'answered') throw new Error(`a question cannot be answered: ${answered.reason}`);
  });
  const byApi = await timed(ofGateway, ANSWERS, (n) => api(gateway, `approvals/${at(ids, ANSWERS + n)}/approve`, '{}'));
  const used = await timed(ofGateway, ANSWERS, (n) => {
    const { agent, args } = at(asking.calls, ANSWERS + n);
    return passes(agent, ASKED, args);
  });

  const rows = [
    row(`list ${QUESTIONS}: desk over the store`, listed, 'bound'),
    row(`list ${QUESTIONS}: GET /api/approvals`, overHttp, 'bound'),
    row('answer: desk over the store', atDesk, 'bound'),
    row('answer: POST /api/approvals/…/approve', byApi, 'bound'),
    row('a call that asks', asking.times, 'free'),
    row('a call that uses an approval', used, 'free'),
    row('a call that needs none, nothing open', before, 'free'),
    row(`a call that needs none, ${QUESTIONS} open`, after, 'free'),
  ];
  const slow = rows.filter(({ isBound, p95 }) => isBound && p95 > BOUND_MS).map(({ name }) => name);
  return { rows, slow, text: print(rows) };
}

function configFor(port: string): Record<string, unknown> {
  const policy = benchPolicy();
  const tools = {
    ...(policy['tools'] as object),
    [ASKED]: { action: 'require_approval', reason: 'A person decides.' },
  };
  const grant = (n: number): [string, object] => [
    `agent-${n}`,
    { owner: 'bench', servers: { bench: 'bench' }, token: tokenOf(n) },
  ];
  return {
    servers: { bench: { url: `http://127.0.0.1:${port}/mcp` } },
    policies: { bench: { ...policy, tools } },
    grants: Object.fromEntries(Array.from({ length: GRANTS }, (_, n) => grant(n))),
    people: { ann: { roles: ['approver'], token: PERSON } },
    approvals: { hold: 0, open: QUESTIONS / GRANTS, open_per_tool: QUESTIONS / GRANTS },
  };
}

const tokenOf = (n: number): string => `a-token-for-the-bench-and-nothing-else-${n}`;

interface AskedCall {
  readonly agent: HttpClient;
  readonly args: Record<string, unknown>;
  readonly id: string;
}

async function askAll(
  agents: readonly HttpClient[],
  meter: Meter,
): Promise<{ readonly calls: readonly AskedCall[]; times: Times }> {
  const calls: AskedCall[] = [];
  const times = await timed(meter, QUESTIONS, async (n) => {
    const agent = at(agents, n % agents.length);
    const args = argumentsOf(n);
    const answer = objAt(await agent.call(ASKED, args), 'result');
    const id = /ap_[\w-]+/.exec(textOf(answer))?.[0];
    if (id === undefined) throw new Error(`nobody was asked: ${JSON.stringify(answer)}`);
    calls.push({ agent, args, id });
  });
  return { calls, times };
}

/** Of this process. */
const own: Meter = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};

/** Arguments of a payment with its lines, all different. */
function argumentsOf(n: number): Record<string, unknown> {
  const lines: object[] = [];
  const whole = (): Record<string, unknown> => ({ ...ARGUMENTS, order: `order-${n}`, lines });
  while (JSON.stringify(whole()).length < SIZE) {
    const line = lines.length + 1;
    lines.push({ line, article: `article-${n * 31 + line}`, amount: 12.5 * line, note: 'as agreed last week' });
  }
  return whole();
}

async function passes(agent: HttpClient, name: string, args: Record<string, unknown>): Promise<void> {
  const answer = objAt(await agent.call(name, args), 'result');
  if (answer['isError'] === true) throw new Error(`a call does not pass: ${JSON.stringify(answer)}`);
}

async function openDesk(kit: Started, { data }: Gateway): Promise<LocalDesk> {
  const clock = systemClock();
  const store = await openSqliteStore({ folder: data, sync: 'before-send', clock, onFault() {}, mode: 'join' });
  kit.add({ stop: () => store.close() });
  const none = { kind: 'none', reason: 'the bench proposes nothing' } as const;
  return new LocalDesk({
    store,
    clock,
    crypto: systemCrypto(data),
    herald: { tell: () => [] },
    exceptions: { propose: async () => none, adopt: async () => none },
    whyUnfit: async () => undefined,
    marks: async () => (name) => name,
    onChange() {},
  });
}

async function api({ base }: Gateway, path: string, body?: string): Promise<unknown> {
  const headers = { authorization: `Bearer ${PERSON}`, 'content-type': 'application/json' };
  const sent = body === undefined ? { headers } : { method: 'POST', headers, body };
  const answer = await fetch(`${base}/api/${path}`, sent);
  const text = await answer.text();
  if (!answer.ok) throw new Error(`/api/${path} answers ${answer.status}: ${text}`);
  return JSON.parse(text);
}

function counted(found: number): void {
  if (found !== QUESTIONS) throw new Error(`${found} questions are listed instead of ${QUESTIONS}`);
}

async function timed(meter: Meter, times: number, action: (n: number) => Promise<unknown>): Promise<Times> {
  const took: number[] = [];
  const before = meter();
  for (let n = 0; n < times; n += 1) {
    const began = performance.now();
    await action(n);
    took.push(performance.now() - began);
  }
  const cpu = (meter() - before) / times;
  took.sort((a, b) => a - b);
  const quantile = (part: number): number =>
    took[Math.min(took.length - 1, Math.floor(took.length * part))] ?? Number.NaN;
  return { p50: quantile(0.5), p95: quantile(0.95), cpu };
}

function at<T>(list: readonly T[], n: number): T {
  const found = list[n];
  if (found === undefined) throw new Error('the bench asked too few questions');
  return found;
}

function firstLine(child: Child): Promise<string> {
  return new Promise((resolve, reject) => {
    child.onOutput(() => {
      const [line, rest] = child.stdout().split('\n');
      if (rest !== undefined) resolve(line ?? '');
    });
    void child.finished.then(() => reject(new Error(`the upstream did not start: ${child.stderr()}`)));
  });
}

function row(name: string, times: Times, kind: 'bound' | 'free'): ApprovalFigures['rows'][number] {
  return { name, ...times, isBound: kind === 'bound' };
}

function print(rows: ApprovalFigures['rows']): string {
  const ms = (value: number): string => value.toFixed(2);
  const head = ['approvals', 'p50 ms', 'p95 ms', 'CPU ms', `within ${BOUND_MS} ms`];
  const verdict = ({ isBound, p95 }: (typeof rows)[number]): string =>
    isBound ? (p95 <= BOUND_MS ? 'yes' : 'NO') : '';
  return table([head, ...rows.map((one) => [one.name, ms(one.p50), ms(one.p95), ms(one.cpu), verdict(one)])]);
}
