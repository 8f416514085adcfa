import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RUNS, SEED, TRIALS } from '../laws/runs.ts';
import { inMemory, live, onDisk } from './law-12-life.ts';
import { WAYS } from './law-12-scene.ts';
import { type Story, story } from './law-12-story.ts';
import type { Ground } from './law-12-town.ts';

/** Of so many stories in memory one is lived through on the disk, too. */
const ON_DISK = 25;
/** Where a failure that was told is tried again: `TOOLGATE_SEED=… TOOLGATE_PATH=…`. */
const AGAIN = process.env['TOOLGATE_PATH'] === undefined ? {} : { path: process.env['TOOLGATE_PATH'] };
/** Milliseconds; on a busy machine a story may take ten times as long. */
const PATIENCE = 120_000 + RUNS * 200;
/** With fewer stories it is chance what happens in them. */
const ENOUGH = 1_000;

const seen = new Map<string, number>();

async function hold(numRuns: number, on: (lived: (ground: Ground) => Promise<void>) => Promise<void>): Promise<void> {
  const property = fc.asyncProperty(story, (told: Story) =>
    on(async (ground) => {
      const faults = await live(ground, told, seen);
      if (faults.length > 0) throw new Error(faults.join('\n'));
    }),
  );
  await fc.assert(property, { numRuns, seed: SEED, ...AGAIN });
}

describe(`what was approved is what is sent, once (${TRIALS})`, () => {
  it('law 12, whoever answers, leaves, edits, ends or fails in between', { timeout: PATIENCE }, async () => {
    await hold(RUNS, (lived) => lived(inMemory()));
  });

  it('law 12 on the disk, where each process opens the store anew when it begins again', {
    timeout: PATIENCE,
  }, async () => {
    await hold(Math.ceil(RUNS / ON_DISK), async (lived) => {
      const folder = await mkdtemp(join(tmpdir(), 'toolgate-law-12-'));
      try {
        await lived(onDisk(folder));
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    });
  });

  it('and all of it happened', () => {
    const wanted = [
      ...WAYS.map((way) => `used: ${way}`),
      'used: edited',
      'used: by two',
      'used: from another session',
      'a later round',
      'answered: approve',
      'answered: deny',
      'answered by the client: approve',
      'answered by the client: deny',
      'called off',
      'expired',
      'void',
      'gone',
      'given back',
      'killed',
    ];
    console.log([...seen].map(([what, count]) => `${what} (${count})`).join(', '));
    if (RUNS >= ENOUGH) expect(wanted.filter((what) => !seen.has(what))).toEqual([]);
  });
});
