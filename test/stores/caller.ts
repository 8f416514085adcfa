import { type Plan, StoreFault } from '../../src/gateway/ports.ts';
import { openSqliteStore } from '../../src/store/sqlite/open.ts';
import { mixture, passOf, START } from './story.ts';

// A process of its own that calls through the store: FOLDER NAME CALLS MAX [FILLER_BYTES].
// Each line that it prints is one answer that it was given: "reserved ID", "exceeded ID", "fault ID".
// It does not close the store: it ends when nothing is left to do, or when it is killed.
const [folder, name, calls, max, filler] = process.argv.slice(2);
if (folder === undefined || name === undefined) throw new Error('FOLDER NAME CALLS MAX [FILLER_BYTES]');
const total = Number(calls);
const asked = mixture(Number(max));
const store = await openSqliteStore({
  folder,
  sync: 'interval',
  clock: { now: () => START },
  onFault: (message) => say(`trouble ${message}`),
});
say('ready');

let next = 0;
await Promise.all(Array.from({ length: 8 }, () => callOn()));

async function callOn(): Promise<void> {
  while (next < total) {
    const id = `${name}-${next}`;
    next += 1;
    const text = 'x'.repeat(Number(filler ?? 0));
    try {
      const body: Plan['body'] = ({ kind }) => JSON.stringify({ verdict: kind, text });
      const { verdict } = await store.commit(passOf(id, START, { ...asked, body }));
      say(`${verdict.kind} ${id}`);
    } catch (error) {
      if (!(error instanceof StoreFault)) throw error;
      say(`fault ${id}`);
    }
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
