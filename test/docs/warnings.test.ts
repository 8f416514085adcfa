import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { WARNINGS } from '../../src/policy/check/warning.ts';

it('the reference of policy check tells every warning in the words of the code', () => {
  const page = readFileSync(new URL('../../docs/reference/policy-check.md', import.meta.url), 'utf8');
  const rows = page.split('\n').filter((line) => line.startsWith('| `') && !line.startsWith('| `--'));
  const told = Object.entries(WARNINGS).map(([code, { says, remedy }]) => `| \`${code}\` | ${says} | ${remedy} |`);
  expect(rows).toEqual(told);
});
