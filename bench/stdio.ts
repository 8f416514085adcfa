import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startChild } from '../test/kit/child.ts';
import type { Started } from '../test/kit/started.ts';
import { benchPolicy } from './call.ts';
import { medianOf, ratio, type Sample, table, whole } from './figures.ts';
import { lineLoad } from './line-load.ts';

const path = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

interface Figures {
  readonly oneInFlight: Sample;
  readonly sixteenInFlight: Sample;
}

interface StdioFigures {
  readonly direct: Figures;
  readonly wrapped: Figures;
  readonly text: string;
}

/** Round trips to a child directly and through `toolgate wrap`, in turns. */
export async function benchStdio(kit: Started, rounds: number): Promise<StdioFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'toolgate-bench-wrap-'));
  kit.add({ stop: async () => rmSync(folder, { recursive: true }) });
  const policy = join(folder, 'policy.json');
  writeFileSync(policy, JSON.stringify(benchPolicy()));
  const server = path('upstream-lines.ts');
  const gate = [path('../src/main.ts'), 'wrap', '--policy', policy, '--data', join(folder, 'data')];

  const direct = lineLoad(kit.add(startChild(process.execPath, [server])));
  const wrapped = lineLoad(kit.add(startChild(process.execPath, [...gate, '--', process.execPath, server])));
  const both = [direct, wrapped].map((load) => ({ load, one: [] as Sample[], sixteen: [] as Sample[] }));
  for (const { load } of both) {
    await load.open();
    await load.run(5_000, 16);
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const { load, one } of both) one.push(await load.run(5_000, 1));
    for (const { load, sixteen } of both) sixteen.push(await load.run(20_000, 16));
  }
  const [a, b] = both.map(({ one, sixteen }) => ({ oneInFlight: medianOf(one), sixteenInFlight: medianOf(sixteen) }));
  if (a === undefined || b === undefined) throw new Error('nothing was measured');
  return { direct: a, wrapped: b, text: print(a, b) };
}

function print(direct: Figures, wrapped: Figures): string {
  const line = (name: string, own: Figures): string[] => [
    name,
    whole(own.oneInFlight.p50),
    whole(own.oneInFlight.p50 - direct.oneInFlight.p50),
    whole(own.sixteenInFlight.callsPerSecond),
    ratio(own.sixteenInFlight.callsPerSecond / direct.sixteenInFlight.callsPerSecond),
    whole(own.sixteenInFlight.cpu),
  ];
  const head = ['stdio', 'p50 µs, 1 in flight', 'added µs', 'calls/s, 16 in flight', '÷ direct', 'CPU µs/call'];
  return table([head, line('direct', direct), line('toolgate wrap', wrapped)]);
}
