// `npm run bench [-- --seconds N --rounds N --only http|stdio|policy|approvals|log|find|backtest|catalogue|sessions]`: what a call, and a decision, costs; as ratios within one run.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { started } from '../test/kit/started.ts';
import { benchApprovals } from './approvals.ts';
import { benchBacktest } from './backtest.ts';
import { benchCatalogue } from './catalogue-load.ts';
import { benchFind } from './find.ts';
import { benchHttp } from './http.ts';
import { benchLog } from './log.ts';
import { benchPolicies } from './policy.ts';
import { benchSessions } from './sessions.ts';
import { benchStdio } from './stdio.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string' },
    sessions: { type: 'string', default: '1000' },
    records: { type: 'string', default: '1000000' },
    children: { type: 'string', default: '100' },
  },
});
const seconds = Number(values.seconds ?? (values.only === 'sessions' ? 60 : 4));
const rounds = Number(values.rounds);
const load = (loadavg()[0] ?? 0).toFixed(1);
const machine = `${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), load ${load} before the run, Node ${process.version}`;

const PARTS: readonly string[] = [
  'http',
  'stdio',
  'policy',
  'approvals',
  'log',
  'find',
  'backtest',
  'catalogue',
  'sessions',
];
const kit = started();
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)
  process.once(signal, () => void kit.endAll().finally(() => process.exit(code)));
try {
  console.log(
    `${machine}; medians of ${rounds} rounds, ${seconds} s each; load, server and gateway share the cores.\n`,
  );
  if (values.only !== undefined && !PARTS.includes(values.only))
    throw new Error(`--only is one of ${PARTS.join(', ')}`);
  const isWanted = (part: string): boolean => values.only === undefined || values.only === part;
  const http = isWanted('http') ? await overHttp() : undefined;
  const stdio = isWanted('stdio') ? await overStdio() : undefined;
  const policy = isWanted('policy') ? await ofDecisions() : undefined;
  const approvals = isWanted('approvals') ? await ofApprovals() : undefined;
  const log = isWanted('log') ? await ofTheLog() : undefined;
  const backtest = isWanted('backtest') ? await ofTheBacktest() : undefined;
  const find = isWanted('find') ? await ofFinding() : undefined;
  const catalogue = isWanted('catalogue') ? await ofTheCatalogue() : undefined;
  // Takes several minutes by itself, so it runs only when it is asked for.
  const sessions = values.only === 'sessions' ? await ofSessions() : undefined;
  const folder = fileURLToPath(new URL('out', import.meta.url));
  const file = `${folder}/${new Date().toISOString().replaceAll(':', '-')}.json`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    file,
    `${JSON.stringify({ machine, seconds, rounds, http, stdio, policy, approvals, log, find, backtest, catalogue, sessions }, undefined, 2)}\n`,
  );
  console.log(`written to ${file}`);
} catch (fault) {
  console.error(fault instanceof Error ? fault.message : fault);
  process.exitCode = 1;
} finally {
  await kit.endAll();
}

async function overHttp(): Promise<object> {
  for (const program of ['nginx', 'wrk']) {
    if (spawnSync(program, ['-v']).error)
      throw new Error(`${program} is not installed: apt-get install nginx-light wrk`);
  }
  const { text, ...figures } = await benchHttp(kit, seconds, rounds);
  console.log(`${text}\n  gateway, peak memory: ${figures.gatewayPeakMb} MB\n`);
  return figures;
}

async function overStdio(): Promise<object> {
  const { text, ...figures } = await benchStdio(kit, rounds);
  console.log(`${text}\n`);
  return figures;
}

async function ofDecisions(): Promise<object> {
  const { texts, ...figures } = await benchPolicies(kit, rounds);
  console.log(`${texts.join('\n\n')}\n`);
  return figures;
}

async function ofApprovals(): Promise<object> {
  const { text, ...figures } = await benchApprovals(kit);
  console.log(`${text}\n`);
  if (figures.slow.length > 0) console.error(`slower than it may be: ${figures.slow.join(', ')}`);
  return figures;
}

async function ofTheLog(): Promise<object> {
  const { text, ways } = await benchLog(rounds, seconds);
  console.log(`${text}\n`);
  return ways;
}

async function ofTheBacktest(): Promise<object> {
  const { text, isSlow, ms } = await benchBacktest(rounds);
  console.log(`${text}\n`);
  if (isSlow) console.error('slower than it may be: backtest');
  return { ms };
}

async function ofTheCatalogue(): Promise<object> {
  const { text, ...figures } = await benchCatalogue(kit, rounds);
  console.log(`${text}\n`);
  if (figures.isSlow) console.error('slower than it may be: catalogue');
  return figures;
}

async function ofFinding(): Promise<object> {
  const { text, ...figures } = await benchFind(Number(values.records));
  console.log(`${text}\n`);
  if (figures.slow.length > 0) console.error(`slower than it may be: ${figures.slow.join(', ')}`);
  return figures;
}

async function ofSessions(): Promise<object> {
  const { text, ...figures } = await benchSessions(kit, {
    sessions: Number(values.sessions),
    children: Number(values.children),
    seconds,
  });
  console.log(`${text}\n`);
  return figures;
}
