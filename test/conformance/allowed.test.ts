import { expect, test } from 'vitest';
import { PINNED, REASONS } from './allowed.ts';
import { CLIENT_ROWS, CLIENT_SCENARIOS, SERVER_ROWS } from './matrix.ts';

test('every difference that is pinned has a reason, and every reason is needed', () => {
  const pinned = Object.values(PINNED).flatMap((row) => Object.keys(row));
  expect([...new Set(pinned)].sort()).toEqual(Object.keys(REASONS).sort());
  for (const reason of Object.values(REASONS)) expect(reason).toMatch(/^\S.{20,}\.$/);
});

test('differences are pinned for rows of the matrix only', () => {
  const clientRows = CLIENT_ROWS.flatMap(({ row }) => CLIENT_SCENARIOS.map(({ version }) => `${row}, ${version}`));
  const rows = new Set([...SERVER_ROWS.map(({ row }) => row), ...clientRows]);
  expect(Object.keys(PINNED).filter((row) => !rows.has(row))).toEqual([]);
});
