import { afterEach, describe, expect, test } from 'vitest';
import { FRONTS, type OpenSite } from '../e2e/site.ts';
import { textOf } from '../kit/json-rpc.ts';
import { started } from '../kit/started.ts';
import { dbhub } from './commands.ts';
import { library } from './library.ts';

const kit = started();
afterEach(() => kit.endAll());

// The server runs whatever stands after a semicolon, too.
const READS = { path: 'args.sql', op: 'regex', value: '^select [^;]+$', ignore_case: true };
const ADDS = { path: 'args.sql', op: 'regex', value: "^insert into books \\(name\\) values \\('[A-Za-z ]+'\\)$" };
const POLICY = {
  version: '1',
  default: 'deny',
  tools: {
    execute_sql: {
      require: [{ conditions: [{ any: [READS, ADDS] }], on_deny: 'Books are read, or added one at a time.' }],
      limits: [{ counter: 'statements', window: 'hour', max: 4, scope: 'grant' }],
    },
  },
};

describe.each(FRONTS)('DBHub on a SQLite file, %s', (_name, openSite: OpenSite) => {
  test('books are read and added; no row and no table is lost', async () => {
    const books = library(kit);
    const site = kit.add(await openSite({ server: 'books', command: dbhub(books.file), policy: POLICY }));
    const client = await site.sdk();
    const run = async (sql: unknown): Promise<string> =>
      textOf(await client.callTool({ name: 'execute_sql', arguments: { sql } }));

    expect(await run('SELECT name FROM books')).toContain('Ulysses');
    expect(await run("insert into books (name) values ('Middlemarch')")).toContain('"success": true');
    for (const sql of [
      'delete from books',
      'drop table loans',
      'select 1; drop table loans',
      'select name from books;delete from books',
      "insert into books (name) values ('x'); drop table loans --')",
      'with gone as (select id from books) delete from books where id in gone',
      'pragma writable_schema = on',
      "attach database '/tmp/other.db' as other",
      ['delete from books'],
    ]) {
      expect(await run(sql)).toBe('[POLICY DENIED] Books are read, or added one at a time.');
    }
    const searched = await client.callTool({ name: 'search_objects', arguments: { object_type: 'table' } });
    expect(textOf(searched)).toContain('[POLICY DENIED]');
    expect(books.titles()).toEqual(['Emma', 'Ulysses', 'Middlemarch']);
    expect(books.tables()).toEqual(['books', 'loans']);

    // What was refused did not count; the fifth of those that pass does.
    expect(await run('select 1 as one')).toContain('"one": 1');
    expect(await run('select 2 as two')).toContain('"two": 2');
    expect(await run("insert into books (name) values ('Walden')")).toMatch(/^\[POLICY DENIED\] .*statements/);
    expect(books.titles()).not.toContain('Walden');
    expect(site.called()).toEqual(['execute_sql', 'execute_sql', 'execute_sql', 'execute_sql']);
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['execute_sql']);
  });

  test('a client of the newest revision meets the same policy', async () => {
    const books = library(kit);
    const site = kit.add(await openSite({ server: 'books', command: dbhub(books.file), policy: POLICY }));
    const client = await site.modern();
    const run = async (sql: string): Promise<string> =>
      textOf(await client.callTool({ name: 'execute_sql', arguments: { sql } }));
    expect(await run('select name from books')).toContain('Ulysses');
    expect(await run('drop table books')).toBe('[POLICY DENIED] Books are read, or added one at a time.');
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['execute_sql']);
    expect(books.titles()).toEqual(['Emma', 'Ulysses']);
    expect(site.called()).toEqual(['execute_sql']);
  });

  test('an open policy passes everything on: a second statement does its harm', async () => {
    const books = library(kit);
    const policy = { version: '1', default: 'allow', tools: {} };
    const site = kit.add(await openSite({ server: 'books', command: dbhub(books.file), policy }));
    const client = await site.sdk();
    await client.callTool({ name: 'execute_sql', arguments: { sql: 'select 1; drop table loans' } });
    expect(books.tables()).toEqual(['books']);
  });
});
