import { hash } from 'node:crypto';
import { join } from 'node:path';
import { openDatabase } from '../src/store/sqlite/driver.ts';
import { openSqliteStore } from '../src/store/sqlite/open.ts';

const DAY = 86_400_000;
/** Records in one transaction. */
const BATCH = 5_000;
const SYLLABLES = [
  'ka',
  'lo',
  'mi',
  'ren',
  'tor',
  'vel',
  'sha',
  'un',
  'pe',
  'dri',
  'os',
  'gu',
  'ban',
  'ix',
  'ley',
  'za',
];

export interface BigLog {
  readonly folder: string;
  readonly records: number;
  /** When the first was written, ms; the others follow over thirty days. */
  readonly from: number;
}

/**
 * Fills a data folder with calls and their outcomes, about 700 bytes a record of a call: 40 grants of 25 owners on 8 servers with 120
 * tools. One call in a million is of the grant `the-one`. The links are not hashed as a gateway would: nobody verifies them.
 */
export async function makeBigLog(folder: string, records: number, now: number): Promise<BigLog> {
  const store = await openSqliteStore({ folder, sync: 'interval', clock: { now: () => now }, onFault: console.error });
  await store.close();
  const from = now - 30 * DAY;
  const db = openDatabase(join(folder, 'toolgate.db'), { readOnly: false, busyMs: 1_000 });
  db.exec('PRAGMA synchronous = OFF; PRAGMA wal_autocheckpoint = 1000');
  const add = db.prepare("INSERT INTO record VALUES (?, 1, ?, ?, ?, ?, '[]', ?, ?)");
  const random = randomOf(7);
  for (let n = 1; n <= records; ) {
    db.exec('BEGIN');
    for (const end = Math.min(records, n + BATCH - 1); n <= end; n += 1) {
      const isOutcome = n % 2 === 0;
      const id = idOf(isOutcome ? n - 1 : n);
      const at = from + Math.floor((n / records) * 30 * DAY);
      const body = isOutcome ? outcomeBody(random) : callBody(n, records, random);
      add.run(n, n, id, isOutcome ? 'outcome' : 'call', at, body, hash('sha256', String(n), 'hex'));
    }
    db.exec('COMMIT');
  }
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  db.close();
  return { folder, records, from };
}

export function idOf(n: number): string {
  return hash('sha256', `id ${n}`, 'base64url').slice(0, 22);
}

type Random = (below: number) => number;

/** The same numbers for the same seed. */
function randomOf(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function callBody(n: number, records: number, random: Random): string {
  const isOne = n === Math.floor(records / 3) * 2 - 1 || n === Math.floor(records / 3) * 2;
  const server = `server-${random(8)}`;
  const tool = `${['read', 'write', 'send', 'list', 'delete'][random(5)]}_${word(random(24))}`;
  const isAllowed = random(20) > 0;
  const text = Array.from({ length: 16 + random(16) }, () => word(skewed(random))).join(' ');
  return JSON.stringify({
    args: { text, to: `${word(random(5_000))}@example.com`, count: random(1_000) },
    argsDigest: hash('sha256', `args ${n}`, 'hex'),
    argsKept: 'redacted',
    class: 'write',
    client: { name: 'claude-code', version: '2.0.14' },
    decision: isAllowed ? 'allow' : random(4) > 0 ? 'deny' : 'require_approval',
    grant: isOne ? 'the-one' : `grant-${random(40)}`,
    method: 'tools/call',
    owner: `owner-${random(25)}`,
    policy: hash('sha256', server, 'hex'),
    policyName: `policy-of-${server}`,
    reason: isAllowed ? 'Allowed by the rule for this tool.' : 'No rule allows it.',
    rule: isAllowed ? `/tools/${tool}` : '(default deny)',
    server,
    session: hash('sha256', `session ${Math.floor(n / 200)}`, 'base64url').slice(0, 22),
    tool,
    ...(random(1_000) === 0
      ? { wouldHave: { decision: 'deny', reason: 'No rule allows it.', rule: '(default deny)' } }
      : {}),
  });
}

function outcomeBody(random: Random): string {
  const kind = random(50) === 0 ? 'tool-error' : 'ok';
  return JSON.stringify({ kind, latency: { commitUs: random(900), decideUs: random(90), serverUs: random(90_000) } });
}

/** Few words are common, most are rare, as in any language. */
function skewed(random: Random): number {
  return Math.floor(20_000 ** (random(10_000) / 10_000)) - 1;
}

function word(n: number): string {
  let text = '';
  for (let left = n + 16; left > 0; left = Math.floor(left / 16)) text += SYLLABLES[left % 16];
  return text;
}
