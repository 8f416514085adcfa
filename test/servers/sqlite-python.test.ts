import { afterEach, describe, expect, test } from 'vitest';
import { FRONTS, type OpenSite } from '../e2e/site.ts';
import { type Obj, textOf } from '../kit/json-rpc.ts';
import { started } from '../kit/started.ts';
import { sqlitePython } from './commands.ts';
import { library } from './library.ts';

const kit = started();
afterEach(() => kit.endAll());

const WORD = '^[a-z_]+$';
const POLICY = {
  version: '1',
  default: 'deny',
  hide: ['create_table'],
  tools: {
    list_tables: {},
    // The server puts the name into a statement as it is.
    describe_table: {
      require: [{ conditions: [{ path: 'args.table_name', op: 'regex', value: WORD }], on_deny: 'One name.' }],
    },
    read_query: {},
    // Said to insert, update and delete; it runs everything but what begins with SELECT.
    write_query: {
      require: [
        { conditions: [{ path: 'args.query', op: 'regex', value: '^insert into books ' }], on_deny: 'Only new books.' },
      ],
    },
    append_insight: { rate_limit: { max: 1, window: 'hour' } },
  },
  resources: { 'memo://insights': {} },
};

describe.each(FRONTS)('the reference server for SQLite, %s', (_name, openSite: OpenSite) => {
  test('books are read and added; no row and no table is lost', async () => {
    const books = library(kit);
    const site = kit.add(await openSite({ server: 'books', command: sqlitePython(books.file), policy: POLICY }));
    const client = await site.sdk();
    const call = async (name: string, args: Obj): Promise<string> =>
      textOf(await client.callTool({ name, arguments: args }));

    expect(await call('read_query', { query: 'select name from books' })).toContain('Ulysses');
    expect(await call('write_query', { query: "insert into books (name) values ('Walden')" })).toContain(
      "'affected_rows': 1",
    );
    for (const query of ['drop table loans', 'delete from books', 'update books set name = 0', ' insert into books ']) {
      expect(await call('write_query', { query })).toBe('[POLICY DENIED] Only new books.');
    }
    const crooked = { table_name: 'books); drop table loans; --' };
    expect(await call('describe_table', crooked)).toBe('[POLICY DENIED] One name.');
    expect(await call('describe_table', { table_name: 'books' })).toContain("'name': 'id'");
    const hidden = client.callTool({ name: 'create_table', arguments: { query: 'create table mine (x)' } });
    await expect(hidden).rejects.toThrow('Unknown tool: create_table');

    expect(books.titles()).toEqual(['Emma', 'Ulysses', 'Walden']);
    expect(books.tables()).toEqual(['books', 'loans']);
    expect(site.called()).toEqual(['read_query', 'write_query', 'describe_table']);
  });

  test('its memo is read, written once, and its prompt refused', async () => {
    const books = library(kit);
    const site = kit.add(await openSite({ server: 'books', command: sqlitePython(books.file), policy: POLICY }));
    const client = await site.sdk();
    const note = async (insight: string): Promise<string> =>
      textOf(await client.callTool({ name: 'append_insight', arguments: { insight } }));
    expect(await note('Austen is read most.')).toContain('Insight added');
    expect(await note('Nobody reads.')).toMatch(/^\[POLICY DENIED\] .*append_insight_rate/);

    const { resources } = await client.listResources();
    expect(resources.map(({ uri }) => uri)).toEqual(['memo://insights']);
    const memo = JSON.stringify((await client.readResource({ uri: 'memo://insights' })).contents);
    expect(memo).toContain('Austen is read most.');
    expect(memo).not.toContain('Nobody reads.');
    expect(await client.listPrompts()).toMatchObject({ prompts: [] });
    const prompt = client.getPrompt({ name: 'mcp-demo', arguments: { topic: 'books' } });
    await expect(prompt).rejects.toThrow('[POLICY DENIED]');
    expect(site.heard().map((message) => message['method'])).not.toContain('prompts/get');
    expect(site.called()).toEqual(['append_insight']);
  });

  test('a failure that the server calls a success stays one', async () => {
    const books = library(kit);
    const site = kit.add(await openSite({ server: 'books', command: sqlitePython(books.file), policy: POLICY }));
    const client = await site.sdk();
    const failed = await client.callTool({ name: 'read_query', arguments: { query: 'select * from nowhere' } });
    const text = 'Database error: no such table: nowhere';
    expect(failed).toEqual({ content: [{ type: 'text', text }], isError: false });
  });
});
