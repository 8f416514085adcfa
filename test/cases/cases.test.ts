import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { openLibrary } from '../../src/settings/cases/library.ts';
import { type Tried, tryCases } from '../../src/settings/cases/try-cases.ts';
import { naiveFindings } from './naive-findings.ts';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));
/** The naive engine reads no SQL. */
const NOT_NAIVE = ['sql.yaml'];

const library = openLibrary();
const files = readdirSync(FOLDER).filter((file) => file.endsWith('.yaml'));
const tried = await Promise.all(
  files.map((file) => tryCases(`${FOLDER}${file}`, { library, policy: undefined, isMeant: () => true })),
);

describe.each(files.map((file, index) => [file, tried[index]] as const))('cases of %s', (file, one) => {
  test('can be read', () => {
    expect(one?.problems).toEqual([]);
  });

  test.each(one?.tried.map((each) => [each.case.name, each] as const) ?? [])('%s', (_, each) => {
    expect(each.problems).toEqual([]);
    expect(each.findings.filter(({ isAsWanted }) => !isAsWanted)).toEqual([]);
    if (isNaive(file, each)) expect(naiveFindings(each.case), 'the naive engine').toEqual([]);
  });
});

function isNaive(file: string, { case: one }: Tried): boolean {
  return one.kind === 'call' && !NOT_NAIVE.includes(file);
}
