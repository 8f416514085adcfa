import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { AuditFilter } from '../src/gateway/audit/find/audit-filter.ts';
import { readPage } from '../src/gateway/audit/find/read-page.ts';
import { openSearch } from '../src/store/sqlite/find/open-search.ts';
import { SearchThread } from '../src/store/sqlite/find/search-thread.ts';
import { openSqliteStore } from '../src/store/sqlite/open.ts';
import { type BigLog, idOf, makeBigLog } from './big-log.ts';
import { median, table, whole } from './figures.ts';

const PAGE = 50;
const DAY = 86_400_000;
const TIMES = 9;
/** What each first page may take, ms. */
const UNFILTERED_MS = 50;
const FILTERED_MS = 300;
/** Records a second, and for how long, while the index is kept up to date. */
const PACE = 2_000;
const PACED_MS = 8_000;

interface Found {
  readonly text: string;
  /** What took longer than it may. */
  readonly slow: readonly string[];
  readonly looks: readonly { readonly name: string; readonly found: number; readonly ms: number }[];
  readonly built: object;
  readonly load: object;
}

interface Look {
  readonly name: string;
  readonly filter: Omit<AuditFilter, 'which'>;
  readonly before?: number;
}

/** What it costs to find something among so many records: to index them, and to show the first page. */
export async function benchFind(records: number): Promise<Found> {
  const folder = mkdtempSync(join(tmpdir(), 'toolgate-bench-find-'));
  try {
    const log = await makeBigLog(folder, records, Date.now());
    const unindexed = await measured(log, { name: 'unfiltered, nothing indexed', filter: {} });
    const built = await build(log);
    const looks: { readonly name: string; readonly found: number; readonly ms: number }[] = [unindexed];
    for (const look of looksAt(log)) looks.push(await measured(log, look));
    looks.push(await byId(log));
    const load = await underLoad(log);
    const slow = looks.filter(({ name, ms }) => ms > (name.startsWith('unfiltered') ? UNFILTERED_MS : FILTERED_MS));
    const rows = looks.map(({ name, found, ms }) => [name, whole(found), `${ms.toFixed(1)} ms`]);
    const text = [
      `Finding: the first ${PAGE} of ${whole(records)} records (medians of ${TIMES}, the search opened anew each time)`,
      table([['what is looked for', 'found', 'first page'], ...rows]),
      `  indexed in ${(built.ms / 1_000).toFixed(1)} s (${built.us.toFixed(1)} µs of CPU a record), ${(built.bytes / 2 ** 20).toFixed(0)} MB beside ${(built.logBytes / 2 ** 20).toFixed(0)} MB of log`,
      `  ${whole(PACE)} records/s written beside the thread that indexes them: ${load.cpuRatio.toFixed(2)} of the CPU of the writing thread without it; a write takes p50 ${load.p50.toFixed(2)} ms, p99 ${load.p99.toFixed(2)} ms (without: ${load.p50Without.toFixed(2)}, ${load.p99Without.toFixed(2)}); the thread itself takes ${(load.threadPart * 100).toFixed(0)} % of a core`,
    ].join('\n');
    return { text, slow: slow.map(({ name }) => name), looks, built, load };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function looksAt({ records, from }: BigLog): readonly Look[] {
  const at = (day: number): number => from + day * DAY;
  return [
    { name: 'unfiltered', filter: {} },
    { name: 'unfiltered, the last page of all', filter: {}, before: 101 },
    { name: 'grant', filter: { grant: 'grant-7' } },
    { name: 'grant, one call in all', filter: { grant: 'the-one' } },
    { name: 'grant, none', filter: { grant: 'nobody' } },
    { name: 'owner', filter: { owner: 'owner-3' } },
    { name: 'server', filter: { server: 'server-2' } },
    { name: 'tool', filter: { tool: 'send_lolo' } },
    { name: 'tool, by a pattern', filter: { tool: 'send_*' } },
    { name: 'tool, by a pattern with an open beginning', filter: { tool: '*_lolo' } },
    { name: 'effect', filter: { effect: 'require_approval' } },
    { name: 'would have', filter: { wouldHave: 'deny' } },
    { name: 'rule', filter: { rule: '/tools/read_milo' } },
    { name: 'time: a day, a week ago', filter: { since: at(22), until: at(23) } },
    { name: 'time: nothing', filter: { since: at(40) } },
    { name: 'text, common', filter: { text: 'lo' } },
    { name: 'text, rare', filter: { text: 'shakaka' } },
    { name: 'text, none', filter: { text: 'nosuchword' } },
    { name: 'text, one letter', filter: { text: 'k' } },
    { name: 'text, an address', filter: { text: 'pelo@example.com' } },
    { name: 'text, two words that many have', filter: { text: 'mi ren' } },
    { name: 'text, a beginning that many have, and a word that none has', filter: { text: 'nosuchword e' } },
    { name: 'text and grant', filter: { text: 'torlo', grant: 'grant-7' } },
    { name: 'grant and tool', filter: { grant: 'grant-7', tool: 'send_lolo' } },
    {
      name: 'grant, tool, effect and a day',
      filter: { grant: 'grant-7', tool: 'send_*', effect: 'deny', since: at(3), until: at(9) },
    },
    { name: 'effect and a grant that is never so', filter: { effect: 'deny', grant: 'the-one' } },
    { name: 'grant, a page in the middle', filter: { grant: 'grant-7' }, before: Math.floor(records / 2) },
    { name: 'grant, the last page of all', filter: { grant: 'grant-7' }, before: 3_000 },
  ];
}

async function build({ folder }: BigLog) {
  const search = openSearch(folder);
  const [began, cpu] = [performance.now(), process.cpuUsage()];
  let all = 0;
  await search.catchUp((progress) => {
    all = progress.all;
  });
  const { user, system } = process.cpuUsage(cpu);
  await search.close();
  const bytes = (name: string): number => statSync(join(folder, name)).size;
  return {
    ms: performance.now() - began,
    us: (user + system) / all,
    bytes: bytes('toolgate-index.db'),
    logBytes: bytes('toolgate.db'),
  };
}

async function measured({ folder }: BigLog, { name, filter, before }: Look) {
  const times: number[] = [];
  let found = 0;
  for (let time = 0; time < TIMES; time += 1) {
    const began = performance.now();
    const search = openSearch(folder);
    const page = await readPage(search, { which: 'decisions', ...filter }, before, PAGE);
    times.push(performance.now() - began);
    found = page.records.length;
    await search.close();
  }
  return { name, found, ms: median(times) };
}

async function byId({ folder, records }: BigLog) {
  const times: number[] = [];
  let found = 0;
  for (let time = 0; time < TIMES; time += 1) {
    const id = idOf(2 * Math.floor((records * (time + 1)) / (2 * TIMES + 2)) + 1);
    const began = performance.now();
    const search = openSearch(folder);
    found = (await search.linksWith(id)).length;
    times.push(performance.now() - began);
    await search.close();
  }
  return { name: 'by its id', found, ms: median(times) };
}

/** Writes at a steady pace, by turns with and without the thread that indexes what is written. */
async function underLoad({ folder }: BigLog) {
  const store = await openSqliteStore({
    folder,
    sync: 'interval',
    clock: { now: () => Date.now() },
    onFault: console.error,
  });
  let next = 0;
  const write = async (): Promise<Paced> => {
    const latencies: number[] = [];
    const [own, all] = [process.threadCpuUsage(), process.cpuUsage()];
    const began = performance.now();
    for (let written = 0; performance.now() - began < PACED_MS; ) {
      const due = Math.floor(((performance.now() - began) * PACE) / 1_000) - written;
      written += due;
      await Promise.all(
        Array.from({ length: due }, async () => {
          const at = performance.now();
          next += 1;
          await store.append({ id: `load-${next}`, kind: 'call', at: Date.now(), body: BODY }, undefined);
          latencies.push(performance.now() - at);
        }),
      );
      await pause(2);
    }
    const used = sum(process.threadCpuUsage(own));
    latencies.sort((a, b) => a - b);
    const at = (part: number): number => latencies[Math.floor(latencies.length * part)] ?? Number.NaN;
    return {
      cpu: used / latencies.length,
      others: (sum(process.cpuUsage(all)) - used) / (PACED_MS * 1_000),
      p50: at(0.5),
      p99: at(0.99),
    };
  };
  const [without, beside]: [Paced[], Paced[]] = [[], []];
  for (let round = 0; round < 2; round += 1) {
    without.push(await write());
    const thread = new SearchThread(folder, console.error);
    // It catches up with what was written without it.
    await pause(2_000);
    beside.push(await write());
    await thread.close();
  }
  await store.close();
  const of = (all: readonly Paced[], pick: (one: Paced) => number): number => median(all.map(pick));
  return {
    cpuRatio: of(beside, ({ cpu }) => cpu) / of(without, ({ cpu }) => cpu),
    p50: of(beside, ({ p50 }) => p50),
    p99: of(beside, ({ p99 }) => p99),
    p50Without: of(without, ({ p50 }) => p50),
    p99Without: of(without, ({ p99 }) => p99),
    threadPart: of(beside, ({ others }) => others) - of(without, ({ others }) => others),
  };
}

interface Paced {
  /** Of the writing thread, for each record, µs. */
  readonly cpu: number;
  /** Of all other threads, in cores. */
  readonly others: number;
  readonly p50: number;
  readonly p99: number;
}

const BODY = JSON.stringify({
  args: { text: 'the quick brown fox jumps over the lazy dog', to: 'somebody@example.com' },
  decision: 'allow',
  grant: 'grant-7',
  owner: 'owner-3',
  padding: 'lorem ipsum dolor sit amet '.repeat(14),
  rule: '/tools/send',
  server: 'server-1',
  tool: 'send',
});

function sum({ user, system }: NodeJS.CpuUsage): number {
  return user + system;
}
