import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { ATTACKS } from './attacks.ts';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));
const DOCUMENT = readFileSync(join(FOLDER, '../../docs/attacks.md'), 'utf8');

/** The file of each id's test. A test runs over both transports, except where the list says why not. */
const tested = new Map(
  globSync('attacks-*.test.ts', { cwd: FOLDER }).flatMap((file) =>
    [...readFileSync(join(FOLDER, file), 'utf8').matchAll(/^attack\('(W-\d\d)'/gm)].map(([, id = '']) => [id, file]),
  ),
);

test('every attack of the list is tested, over both transports or with the reason why not', () => {
  expect([...tested.keys()].sort()).toEqual(ATTACKS.map(({ id }) => id));
  for (const { only } of ATTACKS) if (only !== undefined) expect(only.why).not.toBe('');
});

test.each(ATTACKS)('$id stands in docs/attacks.md as it is tested', ({ id, attack, outcome, only }) => {
  const where = only === undefined ? 'both' : `${only.transport === 'http' ? 'HTTP' : 'stdio'}: ${only.why}`;
  const line = `| ${id} | ${attack} | ${outcome} | ${where} | \`${tested.get(id)}\` |`;
  expect(DOCUMENT).toContain(line);
});
