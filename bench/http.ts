import { fileURLToPath } from 'node:url';
import { type Child, startChild } from '../test/kit/child.ts';
import { startGateway } from '../test/kit/gateway.ts';
import { httpClient } from '../test/kit/http-client.ts';
import { objAt } from '../test/kit/json-rpc.ts';
import type { Started } from '../test/kit/started.ts';
import { ARGUMENTS, benchPolicy, CALL_HALVES, CALLED } from './call.ts';
import { medianOf, ratio, type Sample, table, whole } from './figures.ts';
import { startNginx } from './nginx.ts';
import { cpuSeconds, peakMb } from './processes.ts';

const path = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
const CONNECTIONS = [1, 16, 64];
const WARM_UP_SECONDS = 6;
const TOKEN = 'a-token-for-the-bench-and-nothing-else';

interface Target {
  readonly name: 'direct' | 'nginx' | 'toolgate';
  readonly url: string;
  readonly session: string;
  /** Process group of what is measured: the hop, or the server itself when there is none. */
  readonly group: number;
}

interface Row {
  readonly connections: number;
  readonly target: Target['name'];
  readonly samples: readonly Sample[];
  readonly median: Sample;
}

interface HttpFigures {
  readonly rows: readonly Row[];
  /** Peak resident memory of the gateway, MB. */
  readonly gatewayPeakMb: number;
  readonly text: string;
}

/** Loads the upstream directly, through nginx and through Toolgate, in turns; only ratios within one run mean anything. */
export async function benchHttp(kit: Started, seconds: number, rounds: number): Promise<HttpFigures> {
  const upstream = kit.add(startChild(process.execPath, [path('upstream.ts')]));
  const port = await firstLine(upstream);
  const nginx = await startNginx(kit, Number(port));
  const gateway = kit.add(
    await startGateway({
      config: {
        servers: { bench: { url: `http://127.0.0.1:${port}/mcp` } },
        policies: { bench: benchPolicy() },
        grants: { bench: { owner: 'bench', servers: { bench: 'bench' }, token: TOKEN } },
      },
    }),
  );
  const targets = [
    await target(kit, 'direct', `http://127.0.0.1:${port}/mcp`, upstream.pid),
    await target(kit, 'nginx', `http://127.0.0.1:${nginx.port}/mcp`, nginx.pid),
    await target(kit, 'toolgate', gateway.url('bench'), gateway.pid),
  ];
  const countCalls = async (): Promise<number> => Number(await (await fetch(`http://127.0.0.1:${port}/calls`)).text());

  // Until the code is compiled for good the figures would be those of the compiler.
  for (const one of targets) await load(kit, one, 16, WARM_UP_SECONDS, countCalls);
  const rows: Row[] = [];
  for (const connections of CONNECTIONS) {
    const samples = targets.map((): Sample[] => []);
    for (let round = 0; round < rounds; round += 1) {
      for (const [n, one] of targets.entries())
        samples[n]?.push(await load(kit, one, connections, seconds, countCalls));
    }
    for (const [n, one] of targets.entries()) {
      const own = samples[n] ?? [];
      rows.push({ connections, target: one.name, samples: own, median: medianOf(own) });
    }
  }
  return { rows, gatewayPeakMb: peakMb(gateway.pid), text: print(rows) };
}

/** Opens a session, and makes sure that a call passes: a refused call would be fast, and would mean nothing. */
async function target(kit: Started, name: Target['name'], url: string, group: number): Promise<Target> {
  const client = kit.add(httpClient(url, TOKEN));
  await client.initialize();
  await client.request('tools/list');
  const answer = await client.call(CALLED, ARGUMENTS);
  if (!('result' in answer) || objAt(answer, 'result')['isError'] === true) {
    throw new Error(`the call does not pass ${name}: ${JSON.stringify(answer)}`);
  }
  return { name, url, session: client.sessionId ?? 'none', group };
}

async function load(
  kit: Started,
  { name, url, session, group }: Target,
  connections: number,
  seconds: number,
  countCalls: () => Promise<number>,
): Promise<Sample> {
  const before = await countCalls();
  const cpuBefore = cpuSeconds(group);
  const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '10s', '-s', path('call.lua'), url, '--'];
  const wrk = kit.add(startChild('wrk', [...args, ...CALL_HALVES, session, TOKEN]));
  await wrk.finished;
  const line = wrk
    .stdout()
    .split('\n')
    .find((one) => one.startsWith('{'));
  if (line === undefined) throw new Error(`wrk failed against ${name}: ${wrk.stdout()}${wrk.stderr()}`);
  const run: { calls: number; seconds: number; p50: number; failed: number } = JSON.parse(line);
  const reached = (await countCalls()) - before;
  if (run.failed > 0) throw new Error(`${run.failed} calls failed through ${name} with ${connections} connections`);
  if (reached < run.calls) throw new Error(`of ${run.calls} calls through ${name} only ${reached} reached the server`);
  const cpu = ((cpuSeconds(group) - cpuBefore) * 1e6) / run.calls;
  return { callsPerSecond: run.calls / run.seconds, p50: run.p50, cpu };
}

function print(rows: readonly Row[]): string {
  const head = [
    'HTTP',
    'calls/s',
    '÷ direct',
    '÷ nginx',
    'p50 µs',
    '÷ direct',
    '÷ nginx',
    'added µs',
    '÷ nginx',
    'CPU µs/call',
  ];
  const lines = rows.map(({ connections, target: name, median: own }) => {
    const of = (other: Target['name']): Sample =>
      rows.find((row) => row.connections === connections && row.target === other)?.median ?? own;
    const direct = of('direct');
    const nginx = of('nginx');
    const added = own.p50 - direct.p50;
    return [
      `${connections} in flight, ${name}`,
      whole(own.callsPerSecond),
      ratio(own.callsPerSecond / direct.callsPerSecond),
      ratio(own.callsPerSecond / nginx.callsPerSecond),
      whole(own.p50),
      ratio(own.p50 / direct.p50),
      ratio(own.p50 / nginx.p50),
      whole(added),
      // With more in flight the added time is queueing, and its ratio says nothing.
      name === 'direct' || connections > 1 ? '' : ratio(added / (nginx.p50 - direct.p50)),
      whole(own.cpu),
    ];
  });
  return table([head, ...lines]);
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
