import type { Erased, Erasure } from '../cli/world.ts';
import type { ValueReading } from '../gateway/audit/audit-ports.ts';
import { type Entry, type PlacedRecord, StoreFault } from '../gateway/ports.ts';
import { eventBody } from '../gateway/record.ts';
import { stampNow } from '../gateway/stamp.ts';
import { openSqliteStore } from '../store/sqlite/open.ts';
import { isObject, type JsonObject, objectOf } from '../wire/json.ts';
import { type ReadLimits, readJson } from '../wire/read-json.ts';
import { systemClock } from './clock.ts';
import type { Terminal } from './serve.ts';
import { checkpointsBy } from './signing-keys.ts';
import { systemCrypto } from './system-crypto.ts';

const PAGE = 500;
const BODY: ReadLimits = { depth: 1_100, nodes: 2_000_000, numbers: 'keep' };

/** Erases the kept arguments of a grant from a data folder, beside running gateways. Rejects with `StoreFault`. */
export async function eraseValues(folder: string, which: Erasure, terminal: Pick<Terminal, 'stderr'>): Promise<Erased> {
  const clock = systemClock();
  const crypto = systemCrypto(folder);
  const onFault = (line: string): void => terminal.stderr.write(`toolgate: ${line}\n`);
  const checkpoints = checkpointsBy(folder);
  const store = await openSqliteStore({ folder, sync: 'before-send', clock, onFault, mode: 'join', checkpoints });
  const record = (event: string, more: JsonObject): Entry => {
    const { id, at } = stampNow({ clock, crypto });
    return { id: id(), kind: 'event', at, body: eventBody(event, { grant: which.grant }, more) };
  };
  try {
    let values = 0;
    for await (const found of pagesOf(store.kept, which)) {
      values += found.length;
      if (which.mode === 'look') continue;
      const told = objectOf([
        ['of', which.server ?? null],
        ['tool', which.tool ?? null],
        ['values', found.length],
      ]);
      await store.kept.erase({ places: found.map(({ n }) => n), record: record('values erased', told) });
    }
    if (which.mode === 'look') return { values, questions: 0, isGone: false };
    const questions = which.isOfAllTime
      ? await store.kept.eraseQuestions({ ...which, name: which.tool, tick: clock.tick() }, (count) =>
          record('questions erased', objectOf([['questions', count]])),
        )
      : 0;
    await store.synced();
    return { values, questions, isGone: await store.kept.flushLog().catch(whenBusy) };
  } finally {
    await store.close();
  }
}

async function* pagesOf(store: ValueReading, which: Erasure): AsyncGenerator<readonly PlacedRecord[]> {
  let n = 0;
  for (;;) {
    const page = await store.withValues(n, PAGE);
    const last = page.at(-1);
    if (last === undefined) return;
    n = last.n;
    const found = page.filter((record) => isMeant(record, which));
    if (found.length > 0) yield found;
  }
}

function isMeant({ at, body }: PlacedRecord, { grant, server, tool, since, until }: Erasure): boolean {
  if (at < since || at > until) return false;
  const read = readJson(body, BODY);
  if (read.kind === 'fault' || !isObject(read.value)) return false;
  const { grant: byGrant, server: onServer, tool: ofTool } = read.value;
  return byGrant === grant && (server === undefined || onServer === server) && (tool === undefined || ofTool === tool);
}

/** Somebody reads or writes at this moment. */
function whenBusy(fault: unknown): false {
  if (fault instanceof StoreFault) return false;
  throw fault;
}
