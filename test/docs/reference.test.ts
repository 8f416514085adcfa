import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { compilePolicy } from '../../src/policy/compile.ts';
import { loadSettings } from '../../src/settings/load.ts';
import { loadPolicyFile } from '../../src/settings/policy-file.ts';
import { readJson, STRICT } from '../../src/wire/read-json.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

function blocks(file: string, language: string): string[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    (match) => match[1] ?? '',
  );
}

describe.each([
  ['docs/reference/policy.md', 4],
  ['README.md', 1],
])('every policy shown in %s', (file, count) => {
  const policies = blocks(file, 'json');

  it(`is there: ${count} of them`, () => {
    expect(policies).toHaveLength(count);
  });

  it.each(policies)('compiles: %s', (text) => {
    const read = readJson(text, STRICT);
    expect(read.kind).toBe('value');
    if (read.kind === 'value') expect(compilePolicy(read.value, 'policy').kind).toBe('policy');
  });
});

it('the configuration shown in the reference loads', async () => {
  const [text = ''] = blocks('docs/reference/configuration.md', 'jsonc');
  const folder = mkdtempSync(join(tmpdir(), 'toolgate-docs-'));
  try {
    const file = join(folder, 'toolgate.jsonc');
    writeFileSync(file, text);
    const env = { UPSTREAM_TOKEN: 'u'.repeat(20), ALICE_TOKEN: 'a'.repeat(20), BOB_TOKEN: 'b'.repeat(20) };
    const loaded = await loadSettings(file, env);
    expect(loaded.kind === 'problems' ? loaded.problems : []).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it.each(['careful.yaml', 'mitmproxy.json', 'flowforge.json'])('examples/policies/%s compiles', async (file) => {
  expect((await loadPolicyFile(join(ROOT, 'examples/policies', file))).kind).toBe('policy');
});

it.each(['examples/toolgate.jsonc'])('%s loads with the policies that it names', async (file) => {
  const loaded = await loadSettings(join(ROOT, file), {});
  expect(loaded.kind === 'problems' ? loaded.problems : []).toEqual([]);
});

it('README, ARCHITECTURE and the reference link to files that exist', () => {
  const pages = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md', 'docs/reference/policy.md'];
  for (const file of [...pages, 'docs/reference/configuration.md']) {
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
