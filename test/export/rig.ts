import { randomUUID } from 'node:crypto';
import { afterEach } from 'vitest';
import { systemClock } from '../../src/compose/clock.ts';
import type { ExportPlan } from '../../src/export/export-plan.ts';
import type { ExportStore } from '../../src/export/exporter.ts';
import { Exports } from '../../src/export/exports.ts';
import type { Store } from '../../src/gateway/ports.ts';
import { started } from '../kit/started.ts';
import { type Folder, freshFolder } from '../stores/folder.ts';
import { plansBy } from './plans.ts';
import { type Siem, startSiem, type Taking } from './siem.ts';

/** So much faster pauses pass than they would. */
const HURRY = 50;

export interface Rig {
  readonly folder: Folder;
  /** All that the operator was told. */
  readonly log: string[];
  /** The pauses that were asked for, ms. */
  readonly pauses: number[];
  siem(taking?: Taking, port?: number): Promise<Siem>;
  /** Runs exports; they end with the test. `ahead`: how far the wall clock is from the machine's, ms. */
  run(
    store: ExportStore,
    plans: readonly ExportPlan[],
    more?: { readonly ahead?: number; readonly timeoutMs?: number; readonly ownFiles?: readonly string[] },
  ): Exports;
}

export function exportRig(): Rig {
  const folder = freshFolder();
  const kit = started();
  const log: string[] = [];
  const pauses: number[] = [];
  afterEach(async () => {
    await kit.endAll();
    log.length = 0;
    pauses.length = 0;
  });
  return {
    folder,
    log,
    pauses,
    siem: async (taking, port) => kit.add(await startSiem(taking, port)),
    run(store, plans, { ahead = 0, timeoutMs = 10_000, ownFiles = [] } = {}) {
      const system = systemClock();
      const clock = {
        now: () => system.now() + ahead,
        tick: () => system.tick(),
        after(ms: number, action: () => void) {
          pauses.push(ms);
          return system.after(ms / HURRY, action);
        },
      };
      const crypto = { id: randomUUID };
      const exports = new Exports({
        store,
        clock,
        crypto,
        log: (line) => log.push(line),
        version: '1.2.3',
        timeoutMs,
        ownFiles: () => ownFiles,
      });
      kit.add(exports);
      void exports.apply(plansBy(plans));
      return exports;
    },
  };
}

/** Writes so many records; gives their ids. */
export async function write(store: Store, count: number, name = 'r'): Promise<readonly string[]> {
  const ids = Array.from({ length: count }, (_, nth) => `${name}-${nth}`);
  const body = (id: string) => JSON.stringify({ event: 'tested', text: `${id} ${'ü'.repeat(80)}` });
  await Promise.all(ids.map((id) => store.append({ id, kind: 'event', at: Date.now(), body: body(id) }, undefined)));
  return ids;
}

/** The events that the log has of its exports, oldest first. */
export async function eventsOf(store: Store): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const found: Readonly<Record<string, unknown>>[] = [];
  for await (const { body } of store.newest(100_000)) {
    if (body.includes('"event":"export ')) found.unshift(JSON.parse(body));
  }
  return found;
}
