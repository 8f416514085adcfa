import type { ListedRecord, PlacedRecord } from '../../ports.ts';
import type { StoredLink } from '../audit-ports.ts';
import type { AuditFilter } from './audit-filter.ts';

/** A record at its place, with the body of its outcome once there is one. */
export type FoundRecord = PlacedRecord & ListedRecord;

/** How far the records are indexed: so many of so many. */
export interface Progress {
  readonly done: number;
  readonly all: number;
}

/** Finds records in a log. Methods reject with `StoreFault`. */
export interface AuditSearch {
  /** The records that are looked for, before a place if one is named, newest first, as many at a time as come together. */
  find(filter: AuditFilter, before?: number): AsyncIterable<readonly FoundRecord[]>;
  /** The links that carry this id, in the order in which they were written. */
  linksWith(id: string): Promise<readonly StoredLink[]>;
  /** Indexes what is not indexed yet, as far as the index may be written. Told of every step. */
  catchUp(told: (progress: Progress) => void): Promise<void>;
  close(): Promise<void>;
}
