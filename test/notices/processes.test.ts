import { fileURLToPath } from 'node:url';
import { afterEach, expect, it, vi } from 'vitest';
import type { ApprovalStore } from '../../src/gateway/approvals/approval-ports.ts';
import type { Store } from '../../src/gateway/ports.ts';
import { type Child, startChild } from '../kit/child.ts';
import { started } from '../kit/started.ts';
import { freshFolder } from '../stores/folder.ts';
import { type Answering, accept, hang, type Receiver, startReceiver } from './receiver.ts';

const folder = freshFolder();
const kit = started();
afterEach(() => kit.endAll());

const eventually = { timeout: 50_000, interval: 20 };
/** Longer than a lease. */
const LATER = 60_000;

function deliverer({ url }: Receiver, ahead = 0): Child {
  const script = fileURLToPath(new URL('./deliverer.ts', import.meta.url));
  return kit.add(startChild(process.execPath, [script, folder.path(), url, String(ahead)]));
}

async function receiver(answer?: Answering): Promise<Receiver> {
  return kit.add(await startReceiver(answer));
}

/** A store in which so many notices wait. */
async function waiting(count: number): Promise<{ store: Store & ApprovalStore; ids: readonly string[] }> {
  const store = await folder.open();
  const ids = Array.from({ length: count }, (_, nth) => `nt_${nth}`);
  const at = Date.now();
  await store.announce(
    [],
    ids.map((id) => ({ id, hook: 'ops', event: 'approval.asked', at, body: `{"id":"${id}"}` })),
  );
  return { store, ids };
}

/** Which notices the log says were delivered, each as often as it says so. */
async function recorded(store: Store): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { body } of store.newest(10_000)) {
    const { event, notice } = JSON.parse(body) as { event: string; notice: string };
    if (event === 'notice delivered') found.push(notice);
  }
  return found;
}

const sorted = (ids: Iterable<string>): readonly string[] => [...ids].sort();

it('a process that is killed in the middle of a delivery leaves it to the next one, after its lease', async () => {
  const { store, ids } = await waiting(1);
  const stuck = await receiver(hang);
  const first = deliverer(stuck);
  await vi.waitFor(() => expect(stuck.ids()).toEqual(ids), eventually);
  await first.kill9();
  const taken = (ahead: number) => store.takeNotices(['ops'], Date.now() + ahead, 1, 10);
  expect(await taken(0)).toEqual([]);
  const next = await receiver();
  deliverer(next, LATER);
  await vi.waitFor(() => expect(next.ids()).toEqual(ids), eventually);
  await vi.waitFor(async () => expect(await recorded(store)).toEqual(ids), eventually);
  expect(await taken(2 * LATER)).toEqual([]);
});

it('processes that deliver from one store send each notice once', async () => {
  const { store, ids } = await waiting(60);
  const ops = await receiver();
  const both = [deliverer(ops), deliverer(ops)];
  await vi.waitFor(async () => expect(await recorded(store)).toHaveLength(ids.length), eventually);
  expect(sorted(ops.ids())).toEqual(sorted(ids));
  expect(sorted(await recorded(store))).toEqual(sorted(ids));
  for (const child of both) {
    child.endInput();
    expect(await child.exited).toBe(0);
  }
});

it('however often the process is killed, every notice arrives, and is recorded once', async () => {
  const { store, ids } = await waiting(24);
  let enough = 0;
  let kill = (): void => {};
  const ops = await receiver((response, message, nth) => {
    accept(response, message, nth);
    if (nth >= enough) kill();
  });
  for (let round = 0; round < 6; round++) {
    const child = deliverer(ops, round * LATER);
    enough = ops.received.length + 3;
    kill = () => void child.kill9();
    await child.exited;
  }
  kill = () => {};
  deliverer(ops, 6 * LATER);
  await vi.waitFor(async () => expect(sorted(await recorded(store))).toEqual(sorted(ids)), eventually);
  expect(sorted(new Set(ops.ids()))).toEqual(sorted(ids));
  expect(folder.faults).toEqual([]);
});
