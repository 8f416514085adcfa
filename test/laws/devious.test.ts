import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json } from '../../src/wire/json.ts';
import { type Moment, moment, toolCall } from './arbitrary.ts';
import { strictObject } from './arbitrary-value.ts';
import { decideAt } from './engine.ts';

/** An input that is not what it seems, and the value of the operator that names what it seems, or what it stands for. */
interface Trick {
  readonly op: string;
  readonly given: string;
  /** Allow-lists that it must not satisfy. */
  readonly seems: Json;
  /** Deny-lists that it must not escape. */
  readonly stands: Json;
}

const TRICKS: readonly Trick[] = [
  ...[
    'https://example.com@evil.org/',
    'https://example.com:80@evil.org/',
    'https://example.com\\@evil.org/',
    'https://evil.org\\.example.com/',
    'https://evil.org/\t.example.com',
    'https://ev\til.org/',
    'https://evil.org\u0000.example.com/',
    ' https://evil.org/',
    'https://evil.org\n',
    'https:\\\\evil.org/',
    'https://evil.org%2f.example.com/',
  ].map((given) => ({
    op: 'url_host_in',
    given,
    seems: ['example.com', '*.example.com', 'evil.org'],
    stands: ['evil.org'],
  })),
  ...[
    'http://0x7f.1/',
    'http://0177.0.0.1/',
    'http://2130706433/',
    'http://127.1/',
    'http://0x7f000001/',
    'http://127.0.0.1./',
    'http://①②⑦.0.0.1/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://user@127.0.0.1/',
  ].map((given) => ({ op: 'url_host_in', given, seems: ['127.0.0.1'], stands: ['127.0.0.1'] })),
  ...['https://u:p@example.com/', 'https://@example.com/', 'https://example.com\\x/', 'java\nscript:alert(1)'].map(
    (given) => ({ op: 'url_scheme_in', given, seems: ['https', 'javascript'], stands: ['https', 'javascript'] }),
  ),
  ...[
    '/srv/data/%2e%2e/%2e%2e/etc/passwd',
    '/srv/data/%252e%252e/%252e%252e/etc/passwd',
    '/srv/data/..%2f..%2fetc/passwd',
    '/srv/data\\..\\..\\etc\\passwd',
    '/srv/data/..\\../etc/passwd',
    '/srv/data/../../etc/passwd',
    '/srv/data/%2E%2e/../etc/passwd',
    '/srv/data/..%5c..%5cetc%5cpasswd',
    '/srv/data/..%25252f..%25252fetc/passwd',
  ].map((given) => ({ op: 'path_within', given, seems: ['/srv/data'], stands: ['/etc'] })),
  ...['0x0a.1.2.3', '012.1.2.3', '167837955', '10.66051', '10.1.2.3.', ' 10.1.2.3', '::ffff:10.1.2.3%eth0'].map(
    (given) => ({ op: 'ip_in', given, seems: ['10.0.0.0/8', '12.0.0.0/8'], stands: ['10.0.0.0/8'] }),
  ),
  ...[
    'a@evil.org, b@example.com',
    'a@example.com;b@evil.org',
    'a@evil.org\nb@example.com',
    '"a@example.com" <b@evil.org>',
    'a@evil.org@example.com',
    'a@example.com\u0000',
    'a@evil.org (b@example.com)',
    'a@evil.org\r\nBcc: b@example.com',
  ].map((given) => ({
    op: 'email_domain_in',
    given,
    seems: ['example.com', 'evil.org'],
    stands: ['example.com', 'evil.org'],
  })),
];

const RANK = { require: 'deny', deny_if: 'deny', approve_if: 'require_approval' } as const;

function effectOf(side: keyof typeof RANK, condition: object, at: Moment, given: string, nots: number): string {
  let nested = condition;
  for (let i = 0; i < nots; i++) nested = { not: nested };
  const policy = strictObject({
    version: '1',
    default: 'deny',
    tools: { t: { [side]: [{ conditions: [nested] }] } },
  });
  const call = toolCall('t', strictObject({ x: given, xs: [given] }));
  return decideAt({ policy, baseline: undefined }, { ...at, call }).effect;
}

const at = fc.sample(moment, { numRuns: 1, seed: 1 })[0];
if (at === undefined) throw new Error('no sample');

describe('inputs that are not what they seem', () => {
  test.each(TRICKS)('law 5: $op is never satisfied by $given, and never escaped', ({ op, given, seems, stands }) => {
    for (const path of ['args.x', 'args.xs[*]'])
      for (const nots of [0, 2]) {
        expect(effectOf('require', { path, op, value: seems }, at, given, nots)).toBe(RANK.require);
        expect(effectOf('deny_if', { path, op, value: stands }, at, given, nots)).toBe(RANK.deny_if);
        expect(effectOf('approve_if', { path, op, value: stands }, at, given, nots)).toBe(RANK.approve_if);
      }
  });

  test.each(TRICKS)('law 5: nor does a not open the door for $op $given', ({ op, given, seems, stands }) => {
    for (const path of ['args.x', 'args.xs[*]']) {
      expect(effectOf('require', { path, op, value: stands }, at, given, 1)).toBe(RANK.require);
      expect(effectOf('deny_if', { path, op, value: seems }, at, given, 1)).toBe(RANK.deny_if);
    }
  });

  const MEANT = [
    { op: 'url_host_in', value: ['example.com'], given: `https://example.com/${'a'.repeat(1_000_001)}` },
    { op: 'path_within', value: ['/srv'], given: `/srv/${'a/'.repeat(500_001)}` },
    { op: 'sql_only', value: { kinds: ['select'], dialect: 'postgresql' }, given: `select ${'1,'.repeat(600_000)}1` },
    { op: 'starts_with', value: 'a', given: 'a'.repeat(1_000_001) },
    { op: 'ends_with', value: 'a', given: 'a'.repeat(1_000_001) },
    { op: 'not_contains', value: 'b', given: 'a'.repeat(1_000_001) },
    { op: 'not_regex', value: 'b', given: 'a'.repeat(1_000_001) },
  ];
  test.each(MEANT)('law 5: a text beyond the limit of size cannot be judged by $op', ({ op, value, given }) => {
    const condition = { path: 'args.x', op, value };
    for (const nots of [0, 1]) {
      expect(effectOf('require', condition, at, given, nots)).toBe('deny');
      expect(effectOf('deny_if', condition, at, given, nots)).toBe('deny');
    }
  });

  const SQL = [
    'with d as (delete from t returning *) select * from d',
    'select * into u from t',
    'select * from t for update',
    'select * from t for share',
    'select pg_terminate_backend(1)',
    "select pg_read_file('/etc/passwd')",
    "select lo_import('/etc/passwd')",
    "select set_config('role', 'postgres', false)",
    "select nextval('s')",
    'select 1; drop table t',
    'select 1;;delete from t',
    'explain analyze delete from t',
    "copy t to program 'id'",
    'do $$ begin end $$',
    'create table u as select 1',
    'prepare p as select 1',
    'call f()',
    'set role postgres',
    'begin',
    'selec 1',
    '',
    '-- nothing',
    'select (select pg_sleep(10))',
    "select * from dblink('', 'delete from t') as x(a int)",
    "select query_to_xml('delete from t', true, true, '')",
    'values (pg_sleep(1))',
    'select 1 union select pg_sleep(1)::text::int',
    'select * from t where pg_sleep(1) is null',
    'select a from t order by pg_sleep(1)',
    'SELECT/**/pg_catalog.pg_sleep(1)',
    'select "pg_sleep"(1)',
    'select public.lower(a) from t',
  ];
  test.each(SQL)('law 5: sql_only select is not satisfied by %s', (given) => {
    const condition = { path: 'args.x', op: 'sql_only', value: { kinds: ['select'], dialect: 'postgresql' } };
    expect(effectOf('require', condition, at, given, 0)).toBe('deny');
    expect(effectOf('deny_if', condition, at, given, 1)).toBe('deny');
  });
});
