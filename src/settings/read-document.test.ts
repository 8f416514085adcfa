import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { writeJson } from '../wire/write-json.ts';
import { problemLine } from './problem.ts';
import { readDocument } from './read-document.ts';

const folder = await mkdtemp(join(tmpdir(), 'toolgate-document-'));

/** What a file says as one line of JSON, or the line that tells why it cannot be read, without its folder. */
async function said(name: string, content: string | Uint8Array): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, content);
  const read = await readDocument(file);
  if (read.kind === 'document') return writeJson(read.document.value);
  return problemLine(read.problem).replace(`${folder}/`, '');
}

describe('JSON', () => {
  test('comments are read over, and places stay right behind them', async () => {
    const text = '{\n  // why\n  "a": 1, /* and\n more */ "b": "// text"\n}';
    expect(await said('a.jsonc', text)).toBe('{"a":1,"b":"// text"}');
    expect(await said('a.json', text)).toBe('{"a":1,"b":"// text"}');
    expect(await said('b.json', '{\n /* x */ "a": 1, "a": 2\n}')).toBe(
      'b.json:2:18 the key "a" stands twice in one object',
    );
  });

  test.each([
    ['a trailing comma', '[1,]', 'x.json:1:3 remove the comma before "]"'],
    ['a comment without end', '{} /* oops', 'x.json:1:4 a comment does not end'],
    ['a comment that would hide the rest of a string', '["a\n// "]', 'x.json:1:4 a bare control character in a string'],
    [
      'a number beyond all that can be read',
      '[1e400]',
      'x.json:1:2 /0 the number 1e400 is larger than any that can be read (1.7976931348623157e+308); write a smaller one',
    ],
    ['nothing at all', '', 'x.json:1:1 not a JSON value'],
  ])('%s is refused with its place', async (_, text, expected) => {
    expect(await said('x.json', text)).toBe(expected);
  });

  test('nesting beyond reason is a fault, not a crash', async () => {
    expect(await said('deep.json', '['.repeat(100_000))).toContain('nested deeper than allowed');
  });
});

describe('YAML', () => {
  test('what JSON can say is read, anchors included', async () => {
    const text = 'a: &base {x: 1, y: [yes, true, ~, 0x1F, 1.50]}\nb: *base\nc: 2027-01-01\nd:\n';
    const base = '{"x":1,"y":["yes",true,null,31,1.5]}';
    expect(await said('a.yaml', text)).toBe(`{"a":${base},"b":${base},"c":"2027-01-01","d":null}`);
  });

  test.each([
    ['equal keys', 'a: 1\nb: 2\na: 3\n', 'x.yml:3:1 the key "a" stands twice in one object'],
    ['equal keys of another spelling', '1: x\n"1": y\n', 'x.yml:2:1 the key "1" stands twice in one object'],
    ['a tag', 'a: !!js/regexp x\n', 'x.yml:1:4 Unresolved tag: tag:yaml.org,2002:js/regexp'],
    ['a standard tag', 'a: !!str 5\n', 'x.yml:1:10 tags are not read; leave the tag out, or quote the value'],
    [
      'a number that would change',
      'a: 9007199254740993\n',
      'x.yml:1:1 /a the number 9007199254740993 cannot be carried exactly: it would be read as 9007199254740992; write fewer digits, or put it in quotes if a text is meant',
    ],
    [
      'infinity',
      'a: .inf\n',
      'x.yml:1:1 /a .inf is no number here; where there is to be no bound leave the key out, or put ".inf" in quotes if the text is meant',
    ],
    ['a second document', 'a: 1\n---\nb: 2\n', 'x.yml:2:1 a second document begins here; a file holds one'],
    ['an alias inside its own anchor', 'a: &x [*x]\n', 'x.yml:1:8 the alias *x stands inside what it names'],
    [
      'an alias of nothing',
      'hide: [*credential*]\n',
      'x.yml:1:8 the alias *credential* stands before its anchor; if a text is meant, put it in quotes: "*credential*"',
    ],
    ['a merge key', 'b:\n  <<: {a: 1}\n', 'x.yml:2:3 merge keys (<<) are not read; write the members out'],
    ['a key that is no string', '? [a]\n: 1\n', 'x.yml:1:3 a key must be a string'],
    ['another version of YAML', '%YAML 1.1\n---\na: yes\n', 'x.yml:1:1 YAML 1.1 is not read; write YAML 1.2'],
  ])('%s is refused with its place', async (_, text, expected) => {
    expect(await said('x.yml', text)).toBe(expected);
  });

  test('a key that is only spelt like a merge key is one like any other', async () => {
    expect(await said('m.yaml', 'b:\n  "<<": {a: 1}\n')).toBe('{"b":{"<<":{"a":1}}}');
  });

  test.each([
    ['hide: [*]', '1:8 a name or text that begins with * needs quotes, such as "*_list"'],
    ['tools:\n  *_list: {}', '2:9 a name or text that begins with * needs quotes, such as "*_list"'],
    ['tools: {*_list: {}}', '1:9 a name or text that begins with * needs quotes, such as "*_list"'],
    ['a: *foo bar', '1:9 a name or text that begins with * needs quotes, such as "*_list"'],
    [
      'a: {path: args.to[*], op: eq}',
      "1:18 a text that holds [ or { needs quotes within [ ] and { }: write 'args.to[*]'",
    ],
    ['a: [x[0]]', '1:6 a text that holds [ or { needs quotes'],
    ['a: {value: a{2}}', '1:13 a text that holds [ or { needs quotes'],
    ['a: "\\d+"', '1:5 this is no escape of a text in double quotes; put it in single quotes'],
    ['a: @x', '1:4 Plain value cannot start with reserved character @; put it in quotes'],
    ['a: b: c', '1:4 Nested mappings are not allowed in compact mappings; a text that holds a colon and a blank needs'],
  ])('a trap of YAML is told with its remedy: %s', async (text, expected) => {
    expect(await said('x.yml', `${text}\n`)).toContain(`x.yml:${expected}`);
  });

  test('aliases cannot blow a small file up', async () => {
    const lines = ['a0: &a0 [x,x,x,x,x,x,x,x,x,x]'];
    for (let i = 1; i < 9; i++)
      lines.push(
        `a${i}: &a${i} [${Array(10)
          .fill(`*a${i - 1}`)
          .join(',')}]`,
      );
    expect(await said('bomb.yaml', lines.join('\n'))).toContain('more values than allowed');
  });

  test('nesting beyond reason is a fault, not a crash', async () => {
    expect(await said('deep.yaml', '['.repeat(20_000))).toMatch(/^deep\.yaml:1:\d+ ./);
    expect(await said('deep2.yaml', `${'['.repeat(150)}${']'.repeat(150)}`)).toContain('nested deeper than allowed');
  });

  test('a token that stands where YAML stumbles is not repeated', async () => {
    expect(await said('t.yaml', 'token: "abc" s3cret-s3cret\n')).not.toContain('s3cret');
    expect(await said('t.yaml', '@s3cret: 1\n')).not.toContain('s3cret');
  });
});

describe('numbers that cannot be read', () => {
  test.each([
    ['n.json', '{"a": 1e400, "b": [2, 12345678901234567890], "c": "x"}'],
    ['n.yaml', 'a: &big .inf\nb: [2, 0xFFFFFFFFFFFFFFFFFF]\nc: x\nd: *big\n'],
  ])('hide nothing else in %s, and never come into force', async (name, text) => {
    const file = join(folder, name);
    await writeFile(file, text);
    const read = await readDocument(file);
    if (read.kind === 'document') return expect.unreachable();
    expect(read.guess?.document.value).toMatchObject({ a: 1, b: [2, 1], c: 'x' });
    expect(read.guess?.problems.map(({ pointer }) => pointer)).toEqual(['/a', '/b/1']);
    expect(read.problem).toEqual(read.guess?.problems[0]);
  });

  test('advice is true for each', async () => {
    const text = '[12345678901234567890, 1e-400, 0.10000000000000000001, -1e400]';
    await writeFile(join(folder, 'all.json'), text);
    const read = await readDocument(join(folder, 'all.json'));
    const told = read.kind === 'problem' ? read.guess?.problems.map(({ message }) => message) : [];
    expect(told).toEqual([
      expect.stringContaining('would be read as 12345678901234567000; write fewer digits'),
      expect.stringContaining('would be read as 0;'),
      expect.stringContaining('would be read as 0.1;'),
      expect.stringContaining('is smaller than any that can be read (-1.7976931348623157e+308); write a larger one'),
    ]);
  });

  test('a fault of the syntax is told instead, for behind it nothing can be read', async () => {
    expect(await said('s.json', '[1e400, }')).toBe('s.json:1:9 not a JSON value');
  });
});

describe('any file', () => {
  test('the ending says how it is read; another is refused by name', async () => {
    expect(await said('policy.toml', 'a = 1')).toBe('policy.toml the name must end in .json, .jsonc, .yaml or .yml');
  });

  test('a byte order mark is read over; text that is not UTF-8 is refused with its line', async () => {
    expect(await said('bom.json', '\uFEFF{"a":1}')).toBe('{"a":1}');
    const bytes = new Uint8Array([123, 10, 34, 0xff, 34, 58, 49, 125]);
    expect(await said('latin.json', bytes)).toBe('latin.json:2:1 not UTF-8; save the file as UTF-8');
  });

  test('what is not there, or no file, says so', async () => {
    const none = await readDocument(join(folder, 'none.json'));
    expect(none).toMatchObject({ kind: 'problem', problem: { line: 0, message: 'cannot be read: no such file' } });
    const { mkdir } = await import('node:fs/promises');
    await mkdir(join(folder, 'dir.json'));
    const dir = await readDocument(join(folder, 'dir.json'));
    expect(dir).toMatchObject({ kind: 'problem', problem: { message: 'cannot be read: it is not a regular file' } });
  });

  test.each([
    ['p.json', '{\n  "a": {\n    "b/c": [10, 20]\n  }\n}', [3, 5], [3, 17]],
    ['p.yaml', 'a:\n  b/c:\n    - 10\n    - 20\n', [2, 3], [4, 7]],
  ])(
    'places of %s are found by JSON Pointer, a missing key at what should hold it',
    async (name, text, key, element) => {
      const file = join(folder, name);
      await writeFile(file, text);
      const read = await readDocument(file);
      if (read.kind === 'problem') throw new Error(read.problem.message);
      const at = (pointer: string) => {
        const { line, column } = read.document.problem(pointer, '');
        return [line, column];
      };
      expect(at('/a/b~1c')).toEqual(key);
      expect(at('/a/b~1c/1')).toEqual(element);
      expect(at('/a/b~1c/missing')).toEqual(key);
      expect(at('')).toEqual([1, 1]);
    },
  );
});
