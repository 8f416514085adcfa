import type { StoreFault } from '../../gateway/ports.ts';
import type { Database, Statement } from './driver.ts';
import { isBusy, LOCK_DEADLINE_MS, storeFault } from './fault.ts';

/** One thing to be written. */
export interface Job {
  /** Runs inside the transaction, at most once. Throwing fails the whole group. */
  work(): void;
  /** Called once: after COMMIT, or with why nothing of the group was done. */
  settle(fault: StoreFault | undefined): void;
}

export interface Group {
  /** Inside the transaction, before the first job. */
  begin(): void;
  /** Inside the transaction, after the last job. */
  finish(): void;
  /** After COMMIT, before the jobs are settled. */
  committed(): void;
  /** After a rollback. */
  forget(): void;
}

interface Waiting {
  readonly job: Job;
  readonly deadline: number;
}

/** Keeps one group from holding the event loop for long. */
const GROUP_JOBS = 500;
/** A lock of another process is mostly held for less than this: look again at once, then less often. */
const EAGER_MS = 1;
const PATIENT_MS = 2;

/** Gathers the jobs of one turn of the event loop into one transaction. */
export class GroupCommit {
  readonly #path: string;
  readonly #group: Group;
  readonly #begin: Statement;
  readonly #commit: Statement;
  readonly #rollback: Statement;
  readonly #db: Database;
  #queue: Waiting[] = [];
  #scheduled = false;
  #busySince: number | undefined;

  constructor(path: string, db: Database, group: Group) {
    this.#path = path;
    this.#db = db;
    this.#group = group;
    this.#begin = db.prepare('BEGIN IMMEDIATE');
    this.#commit = db.prepare('COMMIT');
    this.#rollback = db.prepare('ROLLBACK');
  }

  add(job: Job): void {
    this.#queue.push({ job, deadline: performance.now() + LOCK_DEADLINE_MS });
    this.#schedule();
  }

  /** Resolves when everything added so far is settled. */
  drained(): Promise<void> {
    if (this.#queue.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.add({ work: () => {}, settle: () => resolve() }));
  }

  // A microtask would close the group after the first socket's callback; setImmediate runs when all of this turn's have run.
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#run());
  }

  #run(): void {
    this.#scheduled = false;
    const refused = this.#enter();
    if (refused !== undefined && isBusy(refused.cause)) {
      this.#postpone(refused);
    } else {
      this.#busySince = undefined;
      const group = this.#queue.splice(0, GROUP_JOBS);
      const fault = refused ?? this.#write(group);
      if (fault === undefined) this.#group.committed();
      settleAll(group, fault);
    }
    if (this.#queue.length > 0) this.#schedule();
  }

  #enter(): StoreFault | undefined {
    try {
      if (this.#db.isTransaction) this.#rollback.run();
      this.#begin.run();
      return undefined;
    } catch (error) {
      return storeFault(this.#path, error);
    }
  }

  #write(group: readonly Waiting[]): StoreFault | undefined {
    try {
      this.#group.begin();
      for (const { job } of group) job.work();
      this.#group.finish();
      this.#commit.run();
      return undefined;
    } catch (error) {
      this.#undo();
      return storeFault(this.#path, error);
    }
  }

  #undo(): void {
    this.#group.forget();
    try {
      // SQLite has rolled back by itself after some errors; should this fail, the next group tries again before it begins.
      if (this.#db.isTransaction) this.#rollback.run();
    } catch {}
  }

  #postpone(refused: StoreFault): void {
    const now = performance.now();
    this.#busySince ??= now;
    const late = this.#queue.filter(({ deadline }) => deadline <= now);
    if (late.length > 0) this.#queue = this.#queue.filter(({ deadline }) => deadline > now);
    settleAll(late, refused);
    if (this.#queue.length === 0 || now - this.#busySince < EAGER_MS) return;
    this.#scheduled = true;
    setTimeout(() => this.#run(), PATIENT_MS);
  }
}

function settleAll(group: readonly Waiting[], fault: StoreFault | undefined): void {
  for (const { job } of group) job.settle(fault);
}
