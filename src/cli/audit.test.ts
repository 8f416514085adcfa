import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { UNREACHED } from '../../test/kit/command-line.ts';
import { logSearch } from '../../test/kit/log-search.ts';
import type { AuditLog } from '../gateway/audit/audit-ports.ts';
import { GENESIS, linkText } from '../gateway/audit-link.ts';
import { type ListedRecord, type RecordKind, type StoredRecord, StoreFault } from '../gateway/ports.ts';
import { run } from './run.ts';

const NOON = Date.UTC(2026, 5, 1, 12);

/** Runs a command line on a log of these records, oldest first. */
async function toolgate(argv: readonly string[], log: readonly ListedRecord[] = []) {
  let out = '';
  let err = '';
  const opened: string[] = [];
  const open = async <T>(folder: string, what: T): Promise<T> => {
    opened.push(folder);
    if (folder === '/nowhere') throw new StoreFault('no log in /nowhere');
    return what;
  };
  const code = await run(argv, {
    ...UNREACHED,
    stdout: { write: (text) => (out += text) },
    stderr: { write: (text) => (err += text) },
    env: { TOOLGATE_DATA: '/var/toolgate' },
    cwd: '/home/alice',
    now: () => NOON,
    openLog: (folder) => open(folder, logOf(log)),
    openSearch: (folder) => open(folder, logSearch(log)),
  });
  return { code, out, err, opened };
}

function logOf(log: readonly ListedRecord[]): AuditLog {
  const placed = log.map((record, index) => ({ ...record, n: index + 1 }));
  return {
    async *newest(limit) {
      yield* log.toReversed().slice(0, limit);
    },
    async *links() {
      yield* log;
    },
    async *linksOf(writer) {
      yield* log.filter((link) => link.writer === writer);
    },
    after: async (n, limit) => placed.filter((record) => record.n > n).slice(0, limit),
    before: async (n, limit) =>
      placed
        .filter((record) => record.n < n)
        .reverse()
        .slice(0, limit),
    placeBefore: async (at) => placed.filter((record) => record.at < at).length,
    values: async () => new Map(),
    withValues: async () => [],
    valueKeys: async () => [],
    valueOf: async () => undefined,
    decided: async (n, limit) => placed.filter((record) => record.n > n && record.kind !== 'event').slice(0, limit),
    givenBack: async () => new Set(),
    first: async () => placed[0],
    linksWith: async (id) => log.filter((link) => link.id === id),
    seals: () => undefined,
    removed: async () => new Map(),
    foresee: () => Promise.reject(new StoreFault('not needed')),
    firstUndelivered: async () => Number.POSITIVE_INFINITY,
    freeze: async () => {},
    close: () => Promise.resolve(),
  };
}

/** A chain of one writer, hashed as the store does it. */
function chain(
  writer: string,
  entries: readonly { kind?: RecordKind; body: object; outcome?: object }[],
): ListedRecord[] {
  let previous = GENESIS;
  return entries.map(({ kind = 'call', body, outcome }, index) => {
    const link: Omit<StoredRecord, 'hash'> = {
      writer,
      seq: index + 1,
      id: `${writer}-${index + 1}`,
      kind,
      at: NOON + index * 1000,
      limits: '[]',
      body: JSON.stringify(body),
    };
    previous = createHash('sha256').update(linkText(previous, link)).digest('hex');
    return { ...link, hash: previous, outcome: outcome === undefined ? undefined : JSON.stringify(outcome) };
  });
}

describe('audit list', () => {
  const log = chain('w1', [
    {
      body: {
        grant: 'alice',
        server: 'files',
        method: 'tools/call',
        tool: 'read',
        decision: 'allow',
        rule: '/tools/read',
      },
      outcome: { kind: 'ok' },
    },
    {
      body: {
        grant: 'alice',
        server: 'files',
        method: 'tools/call',
        tool: 'rm\u001b[2J\u202e',
        decision: 'deny',
        rule: '(default deny)',
        outcome: 'forged',
        hash: 'forged',
      },
    },
    {
      body: {
        grant: 'alice',
        server: 'files',
        method: 'tools/call',
        tool: 'slow',
        decision: 'allow',
        rule: '/tools/slow',
      },
    },
    {
      kind: 'refused',
      body: { decision: 'deny', rule: '(message refused)', source: '127.0.0.1', reason: 'no bearer token' },
    },
  ]);

  test('a table for people, newest first, in which no text of an agent moves the terminal', async () => {
    const ran = await toolgate(['audit', 'list'], log);
    expect(ran).toMatchObject({ code: 0, err: '', opened: ['/var/toolgate'] });
    expect(ran.out.split('\n')).toEqual([
      'TIME                      GRANT  SERVER  TOOL                 DECISION  RULE               OUTCOME  ID',
      '2026-06-01T12:00:03.000Z  -      -       127.0.0.1            deny      (message refused)  -        w1-4',
      '2026-06-01T12:00:02.000Z  alice  files   slow                 allow     /tools/slow        unknown  w1-3',
      '2026-06-01T12:00:01.000Z  alice  files   rm\\u{1b}[2J\\u{202e}  deny      (default deny)     -        w1-2',
      '2026-06-01T12:00:00.000Z  alice  files   read                 allow     /tools/read        ok       w1-1',
      '',
    ]);
  });

  test('what stands in shadow is told beside what was decided, and what an answer was kept from', async () => {
    const call = { grant: 'alice', server: 'files', tool: 'read', decision: 'allow', rule: '/mode' };
    const shadowed = chain('w1', [
      {
        body: { ...call, wouldHave: { decision: 'deny', rule: '(default deny)' } },
        outcome: { kind: 'ok', masked: 2 },
      },
      { body: call, outcome: { kind: 'ok', withheld: '/results/max_bytes' } },
    ]);
    const ran = await toolgate(['audit', 'list'], shadowed);
    expect(ran.out.split('\n').slice(1)).toEqual([
      '2026-06-01T12:00:01.000Z  alice  files   read  allow                     /mode  ok, withheld  w1-2',
      '2026-06-01T12:00:00.000Z  alice  files   read  allow (would have: deny)  /mode  ok, masked 2  w1-1',
      '',
    ]);
  });

  test('what people decided stands beside what rules did; the life of the gateway does not', async () => {
    const approval = { approval: 'ap_1', grant: 'laptop', server: 'files', tool: 'write', rule: '/tools/write' };
    const kind = 'event';
    const lived = chain('w1', [
      { kind, body: { event: 'session opened', grant: 'laptop' } },
      { kind, body: { event: 'approval asked', ...approval } },
      { kind, body: { event: 'approval shown', ...approval, by: null, channel: 'command line' } },
      { kind, body: { event: 'approval answered', ...approval, said: 'approve', by: 'ann\u001b', channel: 'page' } },
      { kind, body: { event: 'approval void', ...approval, why: 'The rule changed.' } },
      {
        kind,
        body: { event: 'policy changed', tool: 'write', policyName: 'careful', before: null, after: 'd', by: 'file' },
      },
      { kind, body: { event: 'people changed', names: ['ann', 'ben'] } },
      { kind, body: { event: 'notice given up', hook: 'chat', why: 'the receiver answered 410 (gone)' } },
      { kind, body: { event: 'notice delivered', hook: 'chat' } },
    ]);
    const ran = await toolgate(['audit', 'list'], lived);
    expect(ran.out.split('\n').map((line) => line.slice(26).replace(/ +(?:w1-\d+|ID)$/, ''))).toEqual([
      'GRANT   SERVER  TOOL     DECISION                    RULE          OUTCOME',
      '-       -       chat     notice given up             -             the receiver answered 410 (gone)',
      '-       -       -        people changed              -             ann, ben',
      '-       -       careful  policy changed              -             by file',
      'laptop  files   write    approval void               /tools/write  The rule changed.',
      'laptop  files   write    approval answered: approve  /tools/write  by ann\\u{1b} (page)',
      'laptop  files   write    approval shown              /tools/write  command line',
      'laptop  files   write    approval asked              /tools/write  -',
      '',
    ]);
    expect((await toolgate(['audit', 'list', '--all'], lived)).out).toContain('session opened');
    const lines = (await toolgate(['audit', 'list', '--jsonl', '--limit', '2'], lived)).out.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).event)).toEqual(['notice given up', 'people changed']);
  });

  test('--json is one array of what the bodies say and what the chain says of them; a body forges nothing', async () => {
    const ran = await toolgate(['audit', 'list', '--json'], log);
    const lines = JSON.parse(ran.out);
    expect(lines.map((line: { seq: number }) => line.seq)).toEqual([4, 3, 2, 1]);
    expect(lines[3]).toEqual({
      grant: 'alice',
      server: 'files',
      method: 'tools/call',
      tool: 'read',
      decision: 'allow',
      rule: '/tools/read',
      seq: 1,
      writer: 'w1',
      id: 'w1-1',
      kind: 'call',
      time: '2026-06-01T12:00:00.000Z',
      limits: [],
      hash: log[0]?.hash,
      outcome: { kind: 'ok' },
    });
    expect(lines[1].outcome).toEqual({ kind: 'unknown' });
    expect(lines[2]).toMatchObject({ hash: log[1]?.hash, tool: 'rm\u001b[2J\u202e' });
    expect(lines[2]).not.toHaveProperty('outcome');
    expect(ran.out).not.toContain('\u202e');
    expect(JSON.parse((await toolgate(['audit', 'list', '--json'])).out)).toEqual([]);
  });

  test('--jsonl is one object a line, as many as asked for', async () => {
    const ran = await toolgate(['audit', 'list', '--jsonl', '--limit', '2', '--data', '/elsewhere'], log);
    expect(ran.opened).toEqual(['/elsewhere']);
    const lines = ran.out.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).seq)).toEqual([4, 3]);
  });

  test('a time that ends before it begins is a slip, and so is none', async () => {
    const slips = [
      ['--since', '1h', '--until', '2h'],
      ['--since', 'yesterday'],
      ['--until', '2026-02-30'],
    ];
    const told = await Promise.all(slips.map((args) => toolgate(['audit', 'list', ...args])));
    expect(told.map(({ code }) => code)).toEqual([2, 2, 2]);
    expect(told[0]?.err).toContain('--until must be later than --since');
    expect(told[1]?.err).toContain('--since must be an age such as 30m, 2h or 7d, a day, or a time with its zone');
  });

  test('a folder without a log says so', async () => {
    expect(await toolgate(['audit', 'list', '--data', '/nowhere'])).toMatchObject({
      code: 1,
      out: '',
      err: 'toolgate audit list: no log in /nowhere\n',
    });
  });
});

/** These logs are as an earlier version left them. */
const UNSIGNED = 'note: nothing is signed yet, so a tail that was cut off is not noticed\n';

describe('audit verify', () => {
  const one = chain('one', [{ body: { tool: 'a' } }, { body: { tool: 'b' } }, { body: { tool: 'c' } }]);
  const two = chain('two', [{ body: { tool: 'a' } }]);
  const [first, second, third] = one as [ListedRecord, ListedRecord, ListedRecord];

  test('a log that is whole is ok', async () => {
    expect(await toolgate(['audit', 'verify'], [...one, ...two])).toMatchObject({
      code: 0,
      out: `ok: 4 records, 2 writers\n${UNSIGNED}`,
      err: '',
    });
    expect(await toolgate(['audit', 'verify'])).toMatchObject({
      code: 0,
      out: `ok: 0 records, 0 writers\n${UNSIGNED}`,
    });
  });

  test.each([
    ['a changed body', [first, { ...second, body: '{"tool":"x"}' }, third], 'record 2 (one-2): the hash differs'],
    ['a changed time', [first, { ...second, at: 0 }, third], 'record 2 (one-2): the hash differs'],
    ['a changed hash', [{ ...first, hash: second.hash }, second, third], 'record 1 (one-1): the hash differs'],
    ['a record taken out', [first, third], 'record 3 (one-3): the record after 1 should be 2: records are missing'],
    ['the first taken out', [second, third], 'record 2 (one-2): the chain begins at 2 instead of 1'],
    ['a record put in twice', [first, first, second], 'record 1 (one-1): the record after 1 should be 2'],
    [
      'a record of another writer',
      [first, { ...two[0]!, writer: 'one', seq: 2 }],
      'record 2 (two-1): the hash differs',
    ],
  ])('%s is named with its writer and number, once', async (_, log, expected) => {
    const ran = await toolgate(['audit', 'verify'], [...log, ...two]);
    expect(ran).toMatchObject({ code: 1, out: '' });
    expect(ran.err).toContain(`broken: writer one, ${expected}`);
    expect(ran.err.trimEnd().split('\n')).toHaveLength(1);
  });
});
