import { expect, test } from 'vitest';
import { desk } from '../../test/kit/command-line.ts';
import type { LookedExports } from './looked-export.ts';

const table = await desk();
const AT = Date.UTC(2026, 10, 21, 12);

const SOME: LookedExports = {
  kind: 'exports',
  exports: [
    { name: 'siem\u001b[31m', to: 'http', behind: 70, oldest: AT, problem: { why: 'ECONNREFUSED', since: AT } },
    { name: 'disk', to: 'file', behind: 0, oldest: undefined, problem: undefined },
    { name: 'old', to: undefined, behind: 3, oldest: AT, problem: undefined },
  ],
};

test('a table of receivers, and no for one that fails', async () => {
  const asked: unknown[] = [];
  const lookAtExports = async (options: unknown) => {
    asked.push(options);
    return SOME;
  };
  const ran = await table.toolgate(['audit', 'exports', '--config', 'c.json', '--data', 'd'], { lookAtExports });
  expect(ran.out).toBe(
    [
      'NAME            TO                BEHIND  OLDEST                    PROBLEM',
      'siem\\u{1b}[31m  http              70      2026-11-21T12:00:00.000Z  ECONNREFUSED, since 2026-11-21T12:00:00.000Z',
      'disk            file              0       -                         -',
      'old             (not configured)  3       2026-11-21T12:00:00.000Z  -',
      '',
    ].join('\n'),
  );
  expect(ran.code).toBe(1);
  expect(asked).toEqual([{ config: `${table.folder}/c.json`, data: `${table.folder}/d` }]);
});

test('the same as JSON', async () => {
  const { out, code } = await table.toolgate(['audit', 'exports', '--json'], {
    lookAtExports: async () => ({ kind: 'exports', exports: SOME.kind === 'exports' ? SOME.exports.slice(1) : [] }),
  });
  expect(JSON.parse(out)).toEqual({
    exports: [
      { name: 'disk', to: 'file', behind: 0, oldest: null, problem: null },
      { name: 'old', to: null, behind: 3, oldest: '2026-11-21T12:00:00.000Z', problem: null },
    ],
  });
  expect(code).toBe(0);
});

test('nothing is exported; a configuration that does not load', async () => {
  const none = await table.toolgate(['audit', 'exports'], {
    lookAtExports: async () => ({ kind: 'exports', exports: [] }),
  });
  expect(none).toMatchObject({ code: 0, out: 'nothing is exported: the configuration has no "audit.export"\n' });
  const broken = await table.toolgate(['audit', 'exports'], {
    lookAtExports: async () => ({ kind: 'problems', lines: 'c.json:1:1 / is broken\n' }),
  });
  expect(broken).toMatchObject({ code: 1, out: '', err: 'c.json:1:1 / is broken\n' });
});
