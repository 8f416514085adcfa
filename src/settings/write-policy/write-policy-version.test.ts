import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chmod, link, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Json } from '../../wire/json.ts';
import { canonicalJson } from '../../wire/write-json.ts';
import { sha256 } from '../named-policy.ts';
import { readDocument } from '../read-document.ts';
import { writePolicyVersion } from './write-policy-version.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'write-policy-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const BEFORE: Json = { version: '1', default: 'deny', tools: { pay: { action: 'require_approval' } } };
const AFTER: Json = { version: '1', default: 'deny', tools: { pay: { approve_if: [{ conditions: [] }] } } };
const TEXT = `// ours\n${JSON.stringify(BEFORE, undefined, 2)}\n`;

async function put(name: string, text: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, text);
  return file;
}

async function readAgain(file: string): Promise<string> {
  const read = await readDocument(file);
  return read.kind === 'document' ? canonicalJson(read.document.value) : read.problem.message;
}

test('a new version stands in the file, with its comments and rights, and both versions are told', async () => {
  const file = await put('p.jsonc', TEXT);
  await chmod(file, 0o640);
  const told: unknown[] = [];
  const outcome = await writePolicyVersion({
    file,
    pointer: '',
    before: BEFORE,
    after: AFTER,
    async beforeReplaced(digests) {
      told.push(['before', digests, readFileSync(file, 'utf8') === TEXT]);
      return undefined;
    },
    onReplaced: (digests) => told.push(['now', digests, readFileSync(file, 'utf8') === TEXT]),
  });
  const [before, after] = [canonicalJson(BEFORE), canonicalJson(AFTER)];
  const digests = { digestBefore: sha256(before), digestAfter: sha256(after) };
  expect(outcome).toEqual({ kind: 'written', ...digests });
  expect(told).toEqual([
    ['before', digests, true],
    ['now', digests, false],
  ]);
  expect(await readAgain(file)).toBe(after);
  expect(await readFile(file, 'utf8')).toMatch(/^\/\/ ours\n\{\n {2}"version"/);
  expect((await stat(file)).mode & 0o777).toBe(0o640);
  expect(await readdir(folder)).toEqual(['p.jsonc']);
});

test.each<[string, () => Promise<string>, unknown]>([
  ['stopped', async () => 'it was denied', { kind: 'stopped', reason: 'it was denied' }],
  ['stopped by a fault', () => Promise.reject(new Error('the store is locked')), 'the store is locked'],
])('what is %s at the last moment leaves nothing', async (_what, beforeReplaced, said) => {
  const file = await put('p.jsonc', TEXT);
  const told: unknown[] = [];
  const onReplaced = (): void => void told.push('replaced');
  const outcome = await writePolicyVersion({
    file,
    pointer: '',
    before: BEFORE,
    after: AFTER,
    beforeReplaced,
    onReplaced,
  }).catch(({ message }: Error) => message);
  expect(outcome).toEqual(said);
  expect(told).toEqual([]);
  expect(await readFile(file, 'utf8')).toBe(TEXT);
  expect(await readdir(folder)).toEqual(['p.jsonc']);
});

test('a policy within a configuration is changed there, and nothing else is', async () => {
  const configuration = (policy: Json): string =>
    `servers:\n  files: { command: ["true"] } # ours\npolicies:\n  strict: ${JSON.stringify(policy)}\ngrants:\n  me: { owner: me, servers: { files: strict } }\n`;
  const file = await put('toolgate.yaml', configuration(BEFORE));
  const outcome = await writePolicyVersion({
    file,
    pointer: '/policies/strict',
    before: BEFORE,
    after: AFTER,
    env: {},
  });
  expect(outcome).toMatchObject({ kind: 'written' });
  const text = await readFile(file, 'utf8');
  expect(text).toContain('  files: { command: ["true"] } # ours\n');
  expect(text).toContain('"approve_if": [{ "conditions": [] }]');
});

test('a byte order mark stays, and a link goes on leading to the file', async () => {
  await mkdir(join(folder, 'real'));
  const real = await put('real/p.json', `\uFEFF${JSON.stringify(BEFORE)}`);
  const file = join(folder, 'link.json');
  await symlink('real/p.json', file);
  expect(await writePolicyVersion({ file, pointer: '', before: BEFORE, after: AFTER })).toMatchObject({
    kind: 'written',
  });
  expect((await readFile(real)).subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
  expect(await readAgain(real)).toBe(canonicalJson(AFTER));
  expect((await readdir(folder)).sort()).toEqual(['link.json', 'real']);
});

test('a configuration behind a link is tried where it is read, so that its other files are found', async () => {
  await mkdir(join(folder, 'real'));
  await put('other.json', JSON.stringify(BEFORE));
  const text = JSON.stringify({
    servers: { files: { command: ['true'] } },
    policies: { strict: BEFORE, other: 'other.json' },
    grants: { me: { owner: 'me', servers: { files: 'strict' } } },
  });
  await put('real/toolgate.json', text);
  const file = join(folder, 'toolgate.json');
  await symlink('real/toolgate.json', file);
  const outcome = await writePolicyVersion({
    file,
    pointer: '/policies/strict',
    before: BEFORE,
    after: AFTER,
    env: {},
  });
  expect(outcome).toMatchObject({ kind: 'written' });
  expect((await readdir(folder)).sort()).toEqual(['other.json', 'real', 'toolgate.json']);
  expect(await readdir(join(folder, 'real'))).toEqual(['toolgate.json']);
});

test('what was changed meanwhile is not overwritten', async () => {
  const file = await put('p.json', JSON.stringify(AFTER));
  const outcome = await writePolicyVersion({ file, pointer: '', before: BEFORE, after: BEFORE });
  expect(outcome).toMatchObject({ kind: 'changed', reason: expect.stringContaining('look at it again') });
  expect(await readAgain(file)).toBe(canonicalJson(AFTER));
});

test('of two that write at once one wins, and the other one is told', async () => {
  const file = await put('p.json', TEXT);
  const both = await Promise.all(
    ['x', 'y'].map((reason) =>
      writePolicyVersion({
        file,
        pointer: '',
        before: BEFORE,
        after: { version: '1', default: 'deny', description: reason, tools: { pay: { action: 'require_approval' } } },
      }),
    ),
  );
  expect(both.map(({ kind }) => kind).sort()).toEqual(['changed', 'written']);
  expect(await readdir(folder)).toEqual(['p.json']);
});

test.each<[string, Json, string]>([
  ['a version that does not load', { version: '1', default: 'deny', tools: { pay: { acton: 'deny' } } }, 'action'],
  ['a version that is no policy', [1], 'must be an object'],
])('%s is not written', async (_what, after, said) => {
  const file = await put('p.json', TEXT);
  const outcome = await writePolicyVersion({ file, pointer: '', before: BEFORE, after });
  expect(outcome).toMatchObject({ kind: 'problems', reason: expect.stringContaining(said) });
  expect(await readFile(file, 'utf8')).toBe(TEXT);
  expect(await readdir(folder)).toEqual(['p.json']);
});

test('a configuration that would not load any more is not written', async () => {
  const text = JSON.stringify({
    servers: { files: { command: ['true'] } },
    policies: {
      strict: BEFORE,
      other: { version: '1', default: 'deny', tools: { x: { limits: [{ counter: 'c', window: 'day', max: 1 }] } } },
    },
    grants: { me: { owner: 'me', servers: { files: 'strict' } }, you: { owner: 'you', servers: { files: 'other' } } },
  });
  const file = await put('toolgate.json', text);
  const after = {
    version: '1',
    default: 'deny',
    tools: { pay: { limits: [{ counter: 'c', window: 'hour', max: 1 }] } },
  };
  const outcome = await writePolicyVersion({ file, pointer: '/policies/strict', before: BEFORE, after, env: {} });
  expect(outcome).toMatchObject({ kind: 'problems', reason: expect.stringContaining('"c"') });
  expect(await readFile(file, 'utf8')).toBe(text);
});

test('what stands behind an alias is left to people', async () => {
  const file = await put(
    'p.yaml',
    'version: "1"\ndefault: deny\ntools:\n  a: &same { action: require_approval }\n  b: *same\n',
  );
  const before = {
    version: '1',
    default: 'deny',
    tools: { a: { action: 'require_approval' }, b: { action: 'require_approval' } },
  };
  for (const name of ['a', 'b'] as const) {
    const after = { ...before, tools: { ...before.tools, [name]: {} } };
    const outcome = await writePolicyVersion({ file, pointer: '', before, after });
    expect(outcome).toMatchObject({ kind: 'problems', reason: expect.stringContaining('by hand') });
  }
  expect(await readAgain(file)).toBe(canonicalJson(before));
});

test('a file with several names is not parted from them', async () => {
  const file = await put('p.json', TEXT);
  await link(file, join(folder, 'q.json'));
  const outcome = await writePolicyVersion({ file, pointer: '', before: BEFORE, after: AFTER });
  expect(outcome).toMatchObject({ kind: 'unwritable', reason: expect.stringContaining('hard links') });
});

/** Writes as somebody who is not root: root may write everything. */
async function writtenByAnybody(file: string): Promise<unknown> {
  if (process.getuid?.() !== 0) return writePolicyVersion({ file, pointer: '', before: BEFORE, after: AFTER });
  const module = new URL('./write-policy-version.ts', import.meta.url).href;
  const write = JSON.stringify({ file, pointer: '', before: BEFORE, after: AFTER });
  const script = `const { writePolicyVersion } = await import(${JSON.stringify(module)}); console.log(JSON.stringify(await writePolicyVersion(${write})));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    uid: 65_534,
    gid: 65_534,
  });
  return JSON.parse(stdout);
}

test('a file that is protected stays as it is', async () => {
  const file = await put('p.json', TEXT);
  await chmod(file, 0o444);
  await chmod(folder, 0o777);
  expect(await writtenByAnybody(file)).toMatchObject({
    kind: 'unwritable',
    reason: expect.stringContaining('p.json cannot be written: permission denied; let the gateway write there'),
  });
  expect(await readFile(file, 'utf8')).toBe(TEXT);
});

test('a folder is no file', async () => {
  const outcome = await writePolicyVersion({ file: folder, pointer: '', before: BEFORE, after: AFTER });
  expect(outcome).toMatchObject({ kind: 'unwritable', reason: expect.stringContaining('it is not a regular file') });
});

test('no file is no file', async () => {
  const outcome = await writePolicyVersion({
    file: join(folder, 'none.json'),
    pointer: '',
    before: BEFORE,
    after: AFTER,
  });
  expect(outcome).toMatchObject({ kind: 'unwritable' });
});
