import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openLibrary } from '../../src/settings/cases/library.ts';
import { tryCases } from '../../src/settings/cases/try-cases.ts';

const FOLDER = fileURLToPath(new URL('../../test/cases/', import.meta.url));

// The cases of test/cases, one test for each file: nothing is judged while this loads.
test.each(readdirSync(FOLDER).filter((file) => file.endsWith('.yaml')))('%s', async (file) => {
  const one = await tryCases(`${FOLDER}${file}`, { library: openLibrary(), policy: undefined, isMeant: () => true });
  expect(one.problems).toEqual([]);
  expect(one.tried.flatMap(({ problems }) => problems)).toEqual([]);
  expect(one.tried.flatMap(({ findings }) => findings).filter(({ isAsWanted }) => !isAsWanted)).toEqual([]);
});
