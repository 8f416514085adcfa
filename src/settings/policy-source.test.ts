import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { canonicalJson } from '../wire/write-json.ts';
import { loadSettings } from './load.ts';
import { sha256 } from './named-policy.ts';
import { loadPolicyFile } from './policy-file.ts';

const folder = await mkdtemp(join(tmpdir(), 'toolgate-source-'));
afterAll(() => rm(folder, { recursive: true }));
const file = join(folder, 'toolgate.json');

test('every policy in force knows its document, and the place where that stands', async () => {
  await mkdir(join(folder, 'policies'));
  await writeFile(join(folder, 'policies/house.yaml'), 'version: "1"\ndefault: allow\nhide: [rm_*]\n');
  const inline = { version: '1', default: 'deny', tools: { echo: {} } };
  await writeFile(
    file,
    JSON.stringify({
      servers: { s: { command: ['x'] }, t: { command: ['y'] } },
      policies: { 'a/b': inline, house: './policies/house.yaml' },
      baseline: 'house',
      grants: { g: { owner: 'o', servers: { s: 'a/b', t: 'house' } } },
    }),
  );
  // As a user names it; what is known of it is absolute all the same.
  const loaded = await loadSettings(relative(process.cwd(), file), {});
  if (loaded.kind === 'problems') throw new Error(JSON.stringify(loaded.problems));
  const { grants, baseline } = loaded.settings;
  const [own, house] = ['s', 't'].map((server) => grants.get('g')?.policies.get(server));
  expect(own?.source).toEqual({ file, pointer: '/policies/a~1b' });
  expect(own?.document).toEqual(inline);
  expect(house?.source).toEqual({ file: join(folder, 'policies/house.yaml'), pointer: '' });
  expect(baseline?.source).toEqual(house?.source);
  for (const policy of [own, house, baseline]) {
    expect(policy?.digest).toBe(sha256(canonicalJson(policy?.document ?? null)));
  }
});

test('so does a policy that is a file by itself', async () => {
  const path = join(folder, 'alone.json');
  await writeFile(path, '{"version": "1", "default": "deny"}');
  const loaded = await loadPolicyFile(relative(process.cwd(), path));
  if (loaded.kind === 'problems') throw new Error(JSON.stringify(loaded.problems));
  expect(loaded.policy).toMatchObject({ name: 'alone', source: { file: path, pointer: '' } });
  expect(loaded.policy.document).toEqual({ version: '1', default: 'deny' });
});
