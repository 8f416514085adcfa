import fc from 'fast-check';

/** How often each property is tried; `TOOLGATE_RUNS` raises it. */
export const RUNS: number = Number(process.env['TOOLGATE_RUNS'] ?? 500);
/** Where the trials begin; `TOOLGATE_SEED` moves it. */
export const SEED: number = Number(process.env['TOOLGATE_SEED'] ?? 20_260_401);
/** Milliseconds that one property may take. */
export const PATIENCE: number = 60_000 + RUNS * 30;
/** Stands in the title of each suite, so that a run can be repeated. */
export const TRIALS: string = `${RUNS} runs, seed ${SEED}`;

/** Tries a property `RUNS` times from the fixed seed. */
export function hold<Ts>(property: fc.IProperty<Ts>): void {
  fc.assert(property, { numRuns: RUNS, seed: SEED });
}
