import { type Approval, isOver } from '../../gateway/approvals/approval.ts';
import type {
  ApprovalFilter,
  ChangedApproval,
  Consultation,
  KnownApprovals,
} from '../../gateway/approvals/approval-ports.ts';
import type { QuestionsOf } from '../../gateway/audit/audit-ports.ts';
import { StoreFault } from '../../gateway/ports.ts';
import { quoted } from '../../policy/problem.ts';
import { approvalBody, approvalIn, checkApproval } from './approval-row.ts';
import { tried } from './asked.ts';
import { type Database, numberIn, type Row, type Statement, textIn } from './driver.ts';

/** How much of the past a call is told of. */
const OVER_OF_KEY = 20;
const SIBLINGS = 5;
/** Keeps one look at the list from holding the event loop for long. */
const MOST_LISTED = 10_000;
/** What one transaction expires or forgets at most. */
export const APPROVAL_ROWS = 500;

const SELECT = 'SELECT * FROM approval';
const WHICH: { readonly [which in ApprovalFilter['which']]: readonly string[] } = {
  waiting: ['over IS NULL', `state = 'open'`],
  live: ['over IS NULL'],
  all: [],
};

/** The table of approvals. What is read is checked; what is written is checked before. */
export class Approvals {
  readonly #db: Database;
  readonly #edition: Statement;
  readonly #raise: Statement;
  readonly #changed: Statement;
  readonly #find: Statement;
  readonly #liveOfKey: Statement;
  readonly #overOfKey: Statement;
  readonly #siblings: Statement;
  readonly #open: Statement;
  readonly #lastUsed: Statement;
  readonly #firstEnd: Statement;
  readonly #late: Statement;
  readonly #save: Statement;
  readonly #forget: Statement;
  readonly #erase: Statement;

  constructor(db: Database) {
    this.#db = db;
    this.#edition = db.prepare('SELECT edition FROM approval_edition');
    this.#raise = db.prepare('UPDATE approval_edition SET edition = edition + 1 RETURNING edition');
    this.#changed = db.prepare('SELECT id, edition FROM approval WHERE edition > ? ORDER BY edition LIMIT ?');
    this.#find = db.prepare(`${SELECT} WHERE id = ?`);
    this.#liveOfKey = db.prepare(`${SELECT} WHERE over IS NULL AND key = ? ORDER BY n DESC`);
    this.#overOfKey = db.prepare(`${SELECT} WHERE over IS NOT NULL AND key = ? ORDER BY n DESC LIMIT ${OVER_OF_KEY}`);
    this.#siblings = db.prepare(
      `${SELECT} INDEXED BY approval_live_by_grant
        WHERE over IS NULL AND state = 'approved' AND grant_name = ? AND server = ? AND name = ? AND key <> ? AND expires > ?
        ORDER BY n DESC LIMIT ${SIBLINGS}`,
    );
    // What was denied or called off counts for as long as it would have stood: nobody is nagged by asking and calling off.
    this.#open = db.prepare(
      `SELECT count(*) AS of_grant, count(*) FILTER (WHERE server = ? AND name = ?) AS of_name FROM approval
        INDEXED BY approval_pending WHERE grant_name = ? AND state IN ('open', 'denied', 'void') AND expires > ?`,
    );
    this.#lastUsed = db.prepare(
      `${SELECT} WHERE state = 'used' AND server = ? AND name = ? AND id <> ? ORDER BY edition DESC LIMIT 1`,
    );
    this.#firstEnd = db.prepare('SELECT min(expires) AS first FROM approval WHERE over IS NULL');
    this.#late = db.prepare(`${SELECT} WHERE over IS NULL AND expires <= ? ORDER BY expires LIMIT ${APPROVAL_ROWS}`);
    // The driver binds every number as REAL; an edition fits into one.
    this.#save = db.prepare(
      `INSERT INTO approval (n, id, key, state, grant_name, server, name, expires, edition, over, params, body)
        VALUES (CAST(?1 AS INTEGER), ?2, ?3, ?4, ?5, ?6, ?7, ?8, CAST(?1 AS INTEGER), ?9, ?10, ?11)
        ON CONFLICT (id) DO UPDATE SET
          (state, expires, edition, over, body) = (excluded.state, excluded.expires, excluded.edition, excluded.over, excluded.body)`,
    );
    this.#erase = db.prepare(
      `DELETE FROM approval WHERE grant_name = ? AND over IS NOT NULL AND expires <= ?
        AND (? IS NULL OR server = ?) AND (? IS NULL OR name = ?)`,
    );
    this.#forget = db.prepare(
      `DELETE FROM approval WHERE n IN (
        SELECT n FROM approval AS old WHERE over < ? AND (state <> 'used' OR edition < (
          SELECT max(edition) FROM approval WHERE state = 'used' AND server = old.server AND name = old.name
        )) LIMIT ${APPROVAL_ROWS})`,
    );
  }

  edition(): number {
    return numberIn(this.#edition.get(), 'edition');
  }

  changedSince(edition: number, limit: number): readonly ChangedApproval[] {
    const rows = this.#changed.all(edition, Math.min(limit, MOST_LISTED));
    return rows.map((row) => ({ id: textIn(row, 'id'), edition: numberIn(row, 'edition') }));
  }

  /** Whether any live: whose time has still to come. */
  isAnyLive(): boolean {
    return typeof this.#firstEnd.get()?.['first'] === 'number';
  }

  find(id: string): Approval | undefined {
    return approvalAt(this.#find.get(id));
  }

  list(filter: ApprovalFilter): readonly Approval[] {
    const conditions = [...WHICH[filter.which]];
    const values: string[] = [];
    const where = (condition: string, value: string | undefined): void => {
      if (value === undefined) return;
      conditions.push(condition);
      values.push(value);
    };
    where('grant_name = ?', filter.grant);
    where('server = ?', filter.server);
    where('name = ?', filter.name);
    where('n < (SELECT n FROM approval WHERE id = ?)', filter.before);
    const wanted = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
    const statement = this.#db.prepare(`${SELECT} ${indexFor(filter)} ${wanted} ORDER BY n DESC LIMIT ?`);
    return statement.all(...values, Math.min(filter.limit, MOST_LISTED)).map(approvalIn);
  }

  lastUsed(server: string, name: string, except: string): Approval | undefined {
    return approvalAt(this.#lastUsed.get(server, name, except));
  }

  /** What a call at a tick is told of. */
  known({ key, grant, server, name }: Consultation, tick: number): KnownApprovals {
    const open = this.#open.get(server, name, grant, tick);
    return {
      same: inOrderOfAsking([...this.#liveOfKey.all(key), ...this.#overOfKey.all(key)]).map(approvalIn),
      siblings: this.#siblings.all(grant, server, name, key, tick).map(approvalIn),
      openOfGrant: numberIn(open, 'of_grant'),
      openOfName: numberIn(open, 'of_name'),
    };
  }

  isAnyLate(tick: number): boolean {
    const first = this.#firstEnd.get()?.['first'];
    return typeof first === 'number' && first <= tick;
  }

  /** Those whose time has come; of those that are broken the first is told. */
  late(tick: number): { readonly late: readonly Approval[]; readonly fault: StoreFault | undefined } {
    const read = this.#late.all(tick).map((row) => tried(() => approvalIn(row)));
    const faults = read.flatMap((one) => (one.kind === 'failed' && one.error instanceof StoreFault ? [one.error] : []));
    return { late: read.flatMap((one) => (one.kind === 'done' ? [one.value] : [])), fault: faults[0] };
  }

  /** Throws a `StoreFault` unless these can be written. */
  check(approvals: readonly Approval[]): void {
    const ids = new Set(approvals.map(({ id }) => id));
    if (ids.size < approvals.length) throw new StoreFault('one approval is to be changed twice at once');
    for (const approval of approvals) {
      checkApproval(approval);
      const before = this.#find.get(approval.id);
      // INVARIANT: whatever a plan says, what is over is not used, answered or opened again.
      if (before !== undefined && before['over'] !== null) {
        throw new StoreFault(`approval ${quoted(approval.id)} is over: it stays ${String(before['state'])}`);
      }
    }
  }

  /** Writes what was checked, inside a transaction; says how many characters. `at`: from when those are over that are. */
  save(approvals: readonly Approval[], at: number): number {
    let characters = 0;
    for (const approval of approvals) {
      const { id, key, state, expires } = approval;
      const { grant, server, name, params } = approval.subject;
      const body = approvalBody(approval);
      const over = isOver(approval) ? at : null;
      this.#save.run(this.#nextEdition(), id, key, state, grant, server, name, expires, over, params, body);
      characters += params.length + body.length;
    }
    return characters;
  }

  /** Forgets some of those that were over before; says how many. */
  /** Deletes those of a grant that are over and would be by now, however they ended; gives how many. */
  erase({ grant, server, name, tick }: QuestionsOf): number {
    const [ofServer, ofName] = [server ?? null, name ?? null];
    return Number(this.#erase.run(grant, tick, ofServer, ofServer, ofName, ofName).changes);
  }

  forget(before: number): number {
    const forgotten = Number(this.#forget.run(before).changes);
    if (forgotten > 0) this.#nextEdition();
    return forgotten;
  }

  #nextEdition(): number {
    return numberIn(this.#raise.get(), 'edition');
  }
}

/** Those that live are few; the past may be long, and SQLite knows nothing of that. */
function indexFor({ which, grant, server, name }: ApprovalFilter): string {
  if (which !== 'all') return 'INDEXED BY approval_live';
  if (grant !== undefined) return 'INDEXED BY approval_by_grant';
  return server !== undefined && name !== undefined ? 'INDEXED BY approval_by_name' : 'NOT INDEXED';
}

function approvalAt(row: Row | undefined): Approval | undefined {
  return row && approvalIn(row);
}

function inOrderOfAsking(rows: readonly Row[]): readonly Row[] {
  return rows.toSorted((a, b) => numberIn(b, 'n') - numberIn(a, 'n'));
}
