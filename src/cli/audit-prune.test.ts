import { expect, test } from 'vitest';
import { desk } from '../../test/kit/command-line.ts';
import type { Pruned } from '../gateway/audit/audit-ports.ts';
import type { PruneOptions, PruneReport } from './world.ts';

const table = await desk();
const NOTHING: Pruned = { records: 0, writers: 0, until: undefined, why: new Set(), bytes: 3 * 1024 ** 2, faults: [] };
const SOME: Pruned = {
  ...NOTHING,
  records: 12,
  writers: 1,
  until: Date.UTC(2026, 0, 1),
  why: new Set(['age', 'size']),
};

async function prune(argv: readonly string[], report: PruneReport) {
  const asked: PruneOptions[] = [];
  const ran = await table.toolgate(['audit', 'prune', '--data', '/var/toolgate', ...argv], {
    pruneLog: async (options) => {
      asked.push(options);
      return report;
    },
  });
  return { ...ran, asked };
}

test('it does what the configuration says, or what is said to it', async () => {
  const { asked, code, out } = await prune([], { kind: 'pruned', pruned: SOME });
  expect(asked).toEqual([{ data: '/var/toolgate', config: undefined, keep: undefined, how: 'remove' }]);
  expect([code, out]).toEqual([
    0,
    'removed 12 records of 1 writer, signed until 2026-01-01T00:00:00.000Z (age, size); the store has 3.0 MiB in use\n',
  ]);
  const told = await prune(['--keep-days', '90', '--keep-size', '2GiB', '--dry-run', '--config', '/etc/t.json'], {
    kind: 'pruned',
    pruned: NOTHING,
  });
  const keep = { ms: 90 * 86_400_000, bytes: 2 * 1024 ** 3 };
  expect(told.asked).toEqual([{ data: '/var/toolgate', config: '/etc/t.json', keep, how: 'tell' }]);
  expect(told.out).toBe('nothing would be removed; the store has 3.0 MiB in use\n');
});

test('what stays although it should go is told, and is no success', async () => {
  const pruned = { ...SOME, faults: ['store /x: record 2 of writer w is not as it was written'] };
  const { code, err, out } = await prune(['--json'], { kind: 'pruned', pruned });
  expect([code, err]).toEqual([1, `toolgate audit prune: ${pruned.faults[0]}\n`]);
  expect(JSON.parse(out)).toMatchObject({ records: 12, until: '2026-01-01T00:00:00.000Z', why: ['age', 'size'] });
});

test.each([
  [['--keep-days', '0'], '--keep-days must be a whole number from 1 to 36500, not "0"'],
  [['--keep-size', '2GB'], '--keep-size must be a size such as 500MiB or 2GiB, from 1MiB to 100000GiB, not "2GB"'],
  [['all'], '"all" is too much'],
  [[], '--keep-days or --keep-size is missing: there is no configuration /var/toolgate/toolgate.jsonc'],
])('%j removes nothing', async (argv, why) => {
  const file = '/var/toolgate/toolgate.jsonc';
  const { code, err } = await prune(argv, { kind: 'nothing asked', configuration: { kind: 'none', file } });
  expect([code, err]).toEqual([2, `toolgate audit prune: ${why} (see toolgate audit prune --help)\n`]);
});
