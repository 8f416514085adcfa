import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openSqliteStore } from '../store/sqlite/open.ts';
import { lookAround } from './look-around.ts';

let data: string;
let config: string;

beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'toolgate-look-'));
  data = join(folder, 'data');
  config = join(folder, 'toolgate.json');
});
afterEach(() => rmSync(join(data, '..'), { recursive: true, force: true }));

const CONFIGURATION = {
  servers: { files: { url: 'https://mcp.example.com/mcp', headers: { Authorization: `Bearer \${KEY}` } } },
  policies: { careful: './careful.yaml' },
  people: { alice: { roles: ['approver'], token: `\${ALICE}` } },
};

describe('looking around', () => {
  test('where nothing is, nothing is made', async () => {
    const looked = await lookAround({ config: undefined, data }, {});
    expect(looked).toMatchObject({
      node: process.version,
      account: { uid: process.getuid?.() },
      configuration: { kind: 'none', file: join(data, 'toolgate.jsonc') },
      files: [],
      store: { kind: 'none' },
    });
    expect(looked.freeBytes).toBeGreaterThan(0);
    expect(() => statSync(data)).toThrow();
  });

  test('the configuration, with what this shell has not made up; its policies; what is kept', async () => {
    mkdirSync(data, { mode: 0o750 });
    chmodSync(data, 0o750);
    writeFileSync(join(data, 'digest.key'), 'k', { mode: 0o600 });
    writeFileSync(config, JSON.stringify(CONFIGURATION), { mode: 0o640 });
    writeFileSync(join(data, '..', 'careful.yaml'), 'version: "1"\ndefault: deny\n', { mode: 0o644 });
    const { configuration, files } = await lookAround({ config, data }, { KEY: 'k' });
    expect(configuration).toMatchObject({ kind: 'settings', file: config, unset: ['ALICE'], document: CONFIGURATION });
    const told = files.map(({ path, role, mode }) => [path.slice(join(data, '..').length + 1), role, mode.toString(8)]);
    expect(told).toEqual([
      ['data', 'data folder', '750'],
      ['data/digest.key', 'kept', '600'],
      ['toolgate.json', 'configuration', '640'],
      ['careful.yaml', 'policy', '644'],
      ['', 'folder', '700'],
    ]);
  });

  test('a configuration that is wrong is told with its own faults', async () => {
    writeFileSync(config, '{"servers": {}, "peple": {}}');
    const { configuration } = await lookAround({ config, data }, {});
    expect(configuration).toMatchObject({ kind: 'problems', problems: [{ file: config, pointer: '/peple' }] });
  });

  test('the store beside a running gateway: its log, and whose tokens were made', async () => {
    const clock = { now: () => Date.now() };
    const store = await openSqliteStore({ folder: data, sync: 'interval', clock, onFault() {} });
    try {
      await store.append({ id: 'a', kind: 'event', at: 1, body: '{"event":"x"}' }, undefined);
      await store.saveTokenHashes(new Map([['person\nalice', 'h'.repeat(64)]]));
      const looked = await lookAround({ config, data }, {});
      expect(looked.store).toEqual({
        kind: 'open',
        records: 1,
        bytes: expect.any(Number),
        isAll: true,
        breaks: [],
        made: new Set(['person\nalice']),
        exports: [],
      });
    } finally {
      await store.close();
    }
  });

  test('a store that is none', async () => {
    mkdirSync(data);
    writeFileSync(join(data, 'toolgate.db'), 'not a database, but long enough to be looked at as one'.repeat(40));
    expect((await lookAround({ config, data }, {})).store).toMatchObject({
      kind: 'fault',
      reason: expect.stringContaining('store '),
    });
  });
});
