import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { failureLines } from '../../src/cli/policy-test-text.ts';
import { compilePolicy } from '../../src/policy/compile.ts';
import { OPERATORS } from '../../src/policy/operators.ts';
import { openLibrary } from '../../src/settings/cases/library.ts';
import { tryCases } from '../../src/settings/cases/try-cases.ts';
import { loadSettings } from '../../src/settings/load.ts';
import { loadPolicyFile } from '../../src/settings/policy-file.ts';
import { readJson, STRICT } from '../../src/wire/read-json.ts';
import { fourWays } from '../kit/four-ways.ts';
import { operatorRows } from './operators.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

interface Block {
  readonly line: number;
  readonly text: string;
}

function blocks(file: string, language: string): Block[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const found = text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'));
  return [...found].map((match) => ({
    line: text.slice(0, match.index).split('\n').length,
    text: match[1] ?? '',
  }));
}

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'toolgate-docs-'));
  try {
    await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

it('the policy shown in README.md compiles', () => {
  const policies = blocks('README.md', 'json').map(({ text }) => text);
  expect(policies).toHaveLength(1);
  for (const text of policies) {
    const read = readJson(text, STRICT);
    expect(read.kind).toBe('value');
    if (read.kind === 'value') expect(compilePolicy(read.value, 'policy').kind).toBe('policy');
  }
});

describe.each([
  ['docs/reference/policy.md', 12],
  ['docs/reference/policy-test.md', 2],
])('the cases shown in %s', (page, least) => {
  const shown = blocks(page, 'yaml');
  const library = openLibrary();

  it(`are there: at least ${least} files of them`, () => {
    expect(shown.length).toBeGreaterThanOrEqual(least);
  });

  it.each(shown)('pass: those of line $line', async ({ text }) => {
    await inFolder(async (folder) => {
      const file = join(folder, 'shown.yaml');
      writeFileSync(file, text);
      const { problems, tried } = await tryCases(file, { library, policy: undefined, isMeant: () => true });
      expect(problems).toEqual([]);
      expect(tried.length).toBeGreaterThan(0);
      const failed = tried.filter(({ passed }) => !passed);
      expect(failed.flatMap((one) => failureLines(page, one)).join('\n')).toBe('');
    });
  });
});

describe('the table of operators', () => {
  const rows = operatorRows(join(ROOT, 'docs/reference/policy.md'));

  it('names every operator that there is, once', () => {
    expect(rows.map(({ op }) => op).sort()).toEqual(OPERATORS.map(({ name }) => name).sort());
  });

  it.each(rows)('says what $op comes to', ({ op, value, samples }) => {
    expect(samples.length).toBeGreaterThanOrEqual(2);
    for (const [outcome, json] of samples) expect(fourWays({ op, value }, JSON.parse(json)), json).toBe(outcome);
  });
});

it('the configuration shown in the reference loads', async () => {
  const [shown] = blocks('docs/reference/configuration.md', 'jsonc');
  await inFolder(async (folder) => {
    const file = join(folder, 'toolgate.jsonc');
    writeFileSync(file, shown?.text ?? '');
    const env = {
      UPSTREAM_TOKEN: 'u'.repeat(20),
      ALICE_TOKEN: 'a'.repeat(20),
      BOB_TOKEN: 'b'.repeat(20),
      NOTICE_SECRET: 'n'.repeat(20),
      OTEL_TOKEN: 'o'.repeat(20),
      CHAT_HOOK: 'https://hooks.chat.example.com/services/T0/B0/x',
    };
    const loaded = await loadSettings(file, env);
    expect(loaded.kind === 'problems' ? loaded.problems : []).toEqual([]);
  });
});

it('the configuration for a wrap loads', async () => {
  const [shown] = blocks('docs/reference/configuration.md', 'json');
  await inFolder(async (folder) => {
    const file = join(folder, 'wrap.json');
    writeFileSync(file, shown?.text ?? '');
    const loaded = await loadSettings(file, { NOTICE_SECRET: 'n'.repeat(20) });
    expect(loaded.kind === 'problems' ? loaded.problems : [...loaded.settings.people.keys()]).toEqual(['bob']);
  });
});

it.each(['careful.yaml', 'mitmproxy.json', 'flowforge.json'])('examples/policies/%s compiles', async (file) => {
  expect((await loadPolicyFile(join(ROOT, 'examples/policies', file))).kind).toBe('policy');
});

it.each(['careful.yaml', 'mitmproxy.yaml'])('the cases of examples/policy-tests/%s pass', async (file) => {
  const path = join(ROOT, 'examples/policy-tests', file);
  const { problems, tried } = await tryCases(path, { library: openLibrary(), policy: undefined, isMeant: () => true });
  expect(problems).toEqual([]);
  expect(tried.flatMap((one) => (one.passed ? [] : failureLines(file, one)))).toEqual([]);
});

it.each(['examples/toolgate.jsonc'])('%s loads with the policies that it names', async (file) => {
  const loaded = await loadSettings(join(ROOT, file), {});
  expect(loaded.kind === 'problems' ? loaded.problems : []).toEqual([]);
});

it('README, ARCHITECTURE and the reference link to files that exist', () => {
  const pages = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md', 'docs/reference/policy.md'];
  for (const file of [
    ...pages,
    'docs/reference/policy-test.md',
    'docs/reference/configuration.md',
    'docs/reference/catalogue.md',
  ]) {
    const text = readFileSync(join(ROOT, file), 'utf8');
    const targets = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map((match) => match[1] ?? '');
    for (const target of targets) {
      expect(
        () => readFileSync(join(ROOT, file, '..', target), { flag: 'r' }),
        `${file} links to ${target}`,
      ).not.toThrow(/ENOENT/);
    }
  }
});
