import type { StoredRecord } from '../gateway/ports.ts';

/** What came of a batch. Reasons are in words of ours, without addresses and secrets. */
export type Sent =
  /** The receiver has it. `refused`: it said that it kept so many of the records not, and wants them not again. */
  | { readonly kind: 'taken'; readonly refused: number }
  | {
      readonly kind: 'failed';
      readonly why: string;
      /** For how long the receiver wants to be left alone, ms. */
      readonly asked: number | undefined;
      /** `wait`: the same later. `shrink`: fewer later. `split`: fewer at once, which get through or show which record does not. */
      readonly remedy: 'wait' | 'shrink' | 'split';
    };

/** Where records go. */
export interface Target {
  /** How a record is written for it. */
  write(record: StoredRecord): string;
  /** Hands records over, as `write` wrote them, in their order. Never rejects. */
  send(records: readonly string[]): Promise<Sent>;
  /** Ends what is under way, which fails; nothing is left open. */
  close(): Promise<void>;
}
