/** Where an export begins that had no place before: with the oldest record there is, or with the next. */
export type ExportStart = 'start' | 'now';

/**
 * How far each export has come: `n` of the last record that its receiver took. One at a time holds an export, for a while, and only who
 * holds it moves it on; times are wall times in ms. Methods reject with `StoreFault`.
 */
export interface ExportPlaces {
  /** The place of an export, which is made if it has none. */
  begin(name: string, from: ExportStart): Promise<number>;
  /** The place, if from now until `until` nobody else holds it; undefined while another does. A hold of more than `longestMs` is none: the clock was set back. */
  take(name: string, hold: ExportHold): Promise<number | undefined>;
  /** Moves on to `n`, and holds on until `until`; false, and nothing is changed, if another has taken it since. */
  advance(name: string, holder: string, n: number, until: number): Promise<boolean>;
  /** Lets go of it, if it is held by this one. */
  release(name: string, holder: string): Promise<void>;
  /** All places, also those of exports that are not configured any more. */
  all(): Promise<ReadonlyMap<string, number>>;
}

export interface ExportHold {
  readonly holder: string;
  readonly now: number;
  readonly until: number;
  readonly longestMs: number;
}
