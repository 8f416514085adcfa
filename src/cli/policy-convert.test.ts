import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { desk, type Ran, UNREACHED } from '../../test/kit/command-line.ts';
import { loadPolicyFile } from '../settings/policy-file.ts';
import { readOptions, UsageFault } from './options.ts';
import { policyConvert } from './policy-convert.ts';
import type { World } from './world.ts';

const { folder, file } = await desk();
const EXAMPLES = fileURLToPath(new URL('../../examples/intercept', import.meta.url));
const REFERENCE = fileURLToPath(new URL('../../docs/reference/convert.md', import.meta.url));

async function convert(...argv: readonly string[]): Promise<Ran> {
  let out = '';
  let err = '';
  const world: World = {
    ...UNREACHED,
    stdout: { write: (text) => (out += text) },
    stderr: { write: (text) => (err += text) },
    env: {},
    cwd: folder,
    now: () => 0,
  };
  const code = await policyConvert.run(readOptions(argv, policyConvert.options), world);
  return { code, out, err };
}

const SMALL = 'version: "1"\ntools:\n  send:\n    rules:\n      - name: slow\n        rate_limit: 5/hour\n';

describe('policy convert', () => {
  test('prints the new policy, and tells at which place it is stricter', async () => {
    const ran = await convert(await file('small.yaml', SMALL));
    expect(ran.code).toBe(0);
    expect(JSON.parse(ran.out)).toMatchObject({ version: '1', tools: { send: { limits: [{ max: 5 }] } } });
    expect(ran.out).toMatch(/^\{\n {2}"version": "1",\n/);
    expect(ran.err).toMatch(
      /^small\.yaml:6:9 note: counters count all servers[^\n]*\nsmall\.yaml:6:9 note: a call that the server answers[^\n]*\n$/,
    );
  });

  test.each(['json', 'yaml', 'yml'])('writes a .%s file that loads', async (extension) => {
    const name = await file(`in-${extension}.yaml`, SMALL);
    const out = `out.${extension}`;
    const ran = await convert(name, '--out', out);
    expect(ran).toMatchObject({ code: 0, out: '' });
    const loaded = await loadPolicyFile(join(folder, out));
    expect(loaded).toMatchObject({ kind: 'policy' });
    const printed = JSON.parse((await convert(name)).out);
    expect(loaded.kind === 'policy' && JSON.parse(JSON.stringify(loaded.document))).toEqual(printed);
  });

  test('never writes over a file, least of all the one it reads', async () => {
    const name = await file('kept.yaml', SMALL);
    expect(await convert(name, '--out', name)).toEqual({
      code: 1,
      out: '',
      err: 'kept.yaml exists already; remove it, or name another\n',
    });
    expect(await readFile(join(folder, name), 'utf8')).toBe(SMALL);
  });

  test('a folder that is not there is told', async () => {
    const ran = await convert(await file('lost.yaml', SMALL), '--out', 'no/where.json');
    expect(ran).toEqual({ code: 1, out: '', err: 'no/where.json cannot be written: no such folder\n' });
  });

  test('what has no equal is told with line and column, all of it, and nothing is written', async () => {
    const name = await file(
      'hard.yaml',
      `version: "1"
defualt: deny
tools:
  pay:
    rules:
      - name: few
        conditions:
          - path: state.other.count
            op: lt
            value: 5
          - path: args.amount
            op: lte
            value: 0777
          - {path: args.to, op: like, value: x}
`,
    );
    const ran = await convert(name, '--out', 'hard.json');
    expect(ran).toMatchObject({ code: 1, out: '' });
    expect(ran.err.trimEnd().split('\n')).toEqual([
      'hard.yaml:2:1 /defualt unknown key "defualt" — did you mean "default"?',
      expect.stringMatching(/^hard\.yaml:13:20 Intercept reads "0777" as a number or a time/),
      expect.stringMatching(/^hard\.yaml:14:29 \/tools\/pay\/rules\/0\/conditions\/2\/op unknown operator "like"/),
    ]);
    await expect(readFile(join(folder, 'hard.json'))).rejects.toThrow('ENOENT');
  });

  test('a counter that is only read is refused at its line', async () => {
    const rule = '{name: r, conditions: [{path: state.a.n, op: lt, value: 5}]}';
    const ran = await convert(await file('read.yaml', `version: "1"\ntools:\n  pay: {rules: [${rule}]}\n`));
    expect(ran.err).toMatch(/^read\.yaml:3:41 \/tools\/pay\/rules\/0\/conditions\/0\/path reading "state\.a\.n"/);
  });

  test('what is wrong with the file itself is told as ever', async () => {
    expect(await convert('none.yaml')).toMatchObject({ code: 1, err: 'none.yaml cannot be read: no such file\n' });
    const twice = await file('twice.yaml', 'version: "1"\nversion: "1"\n');
    expect((await convert(twice)).err).toMatch(/^twice\.yaml:2:1 the key "version" stands twice/);
  });

  test('a text of a stranger does nothing to the terminal', async () => {
    const evil = await file('evil.yaml', 'version: "1"\ntools: {"\\e[2J\\u202e": {rules: []}}\n');
    expect((await convert(evil)).out.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    const worse = await file('worse.yaml', 'version: "1"\n"\\e[2J": 1\n');
    expect((await convert(worse)).err).not.toContain('\u001b');
  });

  test.each([
    [[], 'FILE is missing'],
    [['a.yaml', 'b.yaml'], 'one FILE only'],
    [['a.yaml', '--out', 'b.txt'], 'must end in .json, .yaml or .yml'],
    [['a.yaml', '--force'], 'unknown option'],
  ])('%j is no command line for it', async (argv, message) => {
    await expect(convert(...argv)).rejects.toThrow(UsageFault);
    await expect(convert(...argv)).rejects.toThrow(message);
  });
});

describe('the examples', () => {
  test.each(['github.yaml', 'payments.yaml'])('%s is converted', async (name) => {
    expect(await convert(join(EXAMPLES, name))).toMatchObject({ code: 0 });
  });

  test('the page shows what payments.yaml becomes', async () => {
    const page = await readFile(REFERENCE, 'utf8');
    const [, yaml = ''] = /^```yaml\n([\s\S]*?)^```/m.exec(page) ?? [];
    const [, json = ''] = /^```json\n([\s\S]*?)^```/m.exec(page) ?? [];
    const ran = await convert(await file('page.yaml', yaml));
    expect(JSON.parse(ran.out)).toEqual(JSON.parse(json));
  });

  test('every note is on the page', async () => {
    const page = (await readFile(REFERENCE, 'utf8')).replace(/\s+/g, ' ');
    const { NOTES } = await import('../settings/convert/notes.ts');
    expect(Object.values(NOTES).filter((note) => !page.includes(note))).toEqual([]);
  });
});
