import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { markdownFiles } from '../../src/catalogue/pages/markdown-files.ts';
import { compilePolicy } from '../../src/policy/compile.ts';
import { loadShelf } from '../../src/settings/load-shelf.ts';
import { sqlParsersFor } from '../../src/settings/sql-parsers.ts';
import { readJson, STRICT } from '../../src/wire/read-json.ts';

const FOLDER = fileURLToPath(new URL('../../docs/catalogue/', import.meta.url));
const REMEDY = 'npm run catalogue:pages writes them anew';
const MOST_OF_A_TOOL = 24_000;

let pages: ReadonlyMap<string, string>;
beforeAll(async () => {
  pages = new Map(markdownFiles(await loadShelf()));
});

describe('the pages of the catalogue', () => {
  it('are one for each server and tool, and small', () => {
    expect(pages.size).toBeGreaterThan(2600);
    const large = [...pages].filter(([file, text]) => !/README|^class-/.test(file) && text.length > MOST_OF_A_TOOL);
    expect(large.map(([file, text]) => `${file}: ${text.length}`)).toEqual([]);
  });

  it('lead to each other only', () => {
    const dead: string[] = [];
    for (const [file, text] of pages) {
      for (const [, target = ''] of text.matchAll(/(?<!\\)\]\(([^)\s]+)\)/g)) {
        if (!pages.has(normalize(join(dirname(file), target)))) dead.push(`${file}: ${target}`);
      }
    }
    expect(dead).toEqual([]);
  });

  it('hold policies that compile', async () => {
    const parsers = await sqlParsersFor('sql_only');
    const faults: string[] = [];
    let count = 0;
    for (const [file, text] of pages) {
      for (const [, json = ''] of text.matchAll(/^`{3,}json\n([\s\S]*?)\n`{3,}$/gm)) {
        count += 1;
        const read = readJson(json, STRICT);
        if (read.kind === 'fault') faults.push(`${file}: ${read.reason}`);
        else {
          const compiled = compilePolicy(read.value, 'policy', parsers);
          if (compiled.kind === 'problems') faults.push(`${file}: ${compiled.problems[0]?.message}`);
        }
      }
    }
    expect(faults).toEqual([]);
    expect(count).toBeGreaterThan(2600);
  });

  it(`are those that are checked in: ${REMEDY}`, () => {
    const there = readdirSync(FOLDER, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(FOLDER, join(entry.parentPath, entry.name)));
    expect(
      there.filter((file) => !pages.has(file)),
      REMEDY,
    ).toEqual([]);
    const stale = [...pages].filter(
      ([file, text]) => !existsSync(join(FOLDER, file)) || readFileSync(join(FOLDER, file), 'utf8') !== text,
    );
    expect(stale.map(([file]) => file).slice(0, 5), REMEDY).toEqual([]);
  });
});
