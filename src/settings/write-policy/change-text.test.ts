import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Document } from 'yaml';
import type { Json } from '../../wire/json.ts';
import { canonicalJson } from '../../wire/write-json.ts';
import { readJsonSource } from '../json-source.ts';
import { changedText } from './change-text.ts';
import { sheetOf } from './sheet.ts';

async function changed(file: string, text: string, change: (value: never) => unknown): Promise<string> {
  const sheet = await sheetOf(file, text);
  if (sheet === undefined) throw new Error('cannot be read');
  const copy = JSON.parse(JSON.stringify(sheet.value)) as never;
  return changedText(sheet, strict(change(copy)));
}

function strict(value: unknown): Json {
  const source = readJsonSource(JSON.stringify(value));
  if (source.kind === 'fault') throw new Error(source.reason);
  return source.value;
}

const POLICY = `{
  // ours
  "version": "1",
  "default": "deny", /* nothing else */
  "tools": {
    "pay": { "action": "require_approval" }, // careful
    "send": {
      "approve_if": [
        // to strangers
        { "id": "strangers", "conditions": [{ "path": "args.to", "op": "neq", "value": "me" }] } // so far
      ]
    }
  }
}
`;

test('in JSON only the lines change in which something changes, and comments stay', async () => {
  const text = await changed(
    'p.jsonc',
    POLICY,
    (policy: { tools: { pay: object; send: { approve_if: object[] } } }) => {
      policy.tools.pay = { approve_if: [{ conditions: [] }] };
      policy.tools.send.approve_if.push({ conditions: [], id: 'all' });
      return policy;
    },
  );
  expect(text).toBe(`{
  // ours
  "version": "1",
  "default": "deny", /* nothing else */
  "tools": {
    "pay": { "approve_if": [{ "conditions": [] }] }, // careful
    "send": {
      "approve_if": [
        // to strangers
        { "id": "strangers", "conditions": [{ "path": "args.to", "op": "neq", "value": "me" }] }, // so far
        { "conditions": [], "id": "all" }
      ]
    }
  }
}
`);
});

test('what grows too long for a line is written over several', async () => {
  const text = await changed('p.json', '{\n\t"a": { "b": 1 }\n}\n', () => ({
    a: { b: ['x'.repeat(60), 'y'.repeat(60)] },
  }));
  expect(text).toBe(`{\n\t"a": {\n\t\t"b": [\n\t\t\t"${'x'.repeat(60)}",\n\t\t\t"${'y'.repeat(60)}"\n\t\t]\n\t}\n}\n`);
});

test('lines end as they did', async () => {
  const text = await changed('p.json', '{\r\n  "a": [\r\n    1\r\n  ]\r\n}\r\n', () => ({ a: [1, 2], b: 3 }));
  expect(text).toBe('{\r\n  "a": [\r\n    1,\r\n    2\r\n  ],\r\n  "b": 3\r\n}\r\n');
});

test('in YAML blocks stay blocks, brackets stay brackets, and comments stay', async () => {
  const yaml = `# ours
version: "1"
default: deny # nothing else
tools:
  pay: { action: require_approval } # careful
  send:
    approve_if:
      # to strangers
      - id: strangers
        conditions: [{ path: args.to, op: neq, value: me }] # so far

  # the rest
  look: {}
`;
  const text = await changed(
    'p.yaml',
    yaml,
    (policy: { tools: { pay: object; send: { approve_if: { conditions: object[] }[] } } }) => {
      policy.tools.pay = { approve_if: [{ conditions: [] }] };
      policy.tools.send.approve_if[0]?.conditions.push({ path: 'args.x', op: 'gt', value: 1 });
      policy.tools.send.approve_if.push({ conditions: [] });
      return policy;
    },
  );
  expect(text).toBe(`# ours
version: "1"
default: deny # nothing else
tools:
  pay: { "approve_if": [{ "conditions": [] }] } # careful
  send:
    approve_if:
      # to strangers
      - id: strangers
        conditions: [{ "path": "args.to", "op": "neq", "value": "me" }, { "path": "args.x", "op": "gt", "value": 1 }] # so far
      - conditions: []

  # the rest
  look: {}
`);
});

describe('what cannot be changed alone is left alone', () => {
  test.each([
    ['an alias', 'a: &x { b: 1 }\nc: *x\n', { a: { b: 1 }, c: { b: 2 } }],
    ['nothing at all', 'a:\nb: 1\n', { a: { b: 1 }, b: 1 }],
  ])('%s', async (_what, text, wanted) => {
    await expect(changed('p.yaml', text, () => wanted)).rejects.toThrow('behind an alias, or nowhere');
  });
});

const text = fc.constantFrom(
  'a',
  'b c',
  '# x',
  ': y',
  '- z',
  '5',
  'true',
  '',
  '"q"',
  'line\nbreak',
  '😀',
  '{',
  "it's",
  '//',
  '/*',
);
const leaf = fc.oneof(text, fc.integer({ min: -5, max: 5 }), fc.boolean(), fc.constant(null));
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, depthSize: 'medium' },
    leaf,
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'c d', 'tools', '5', '#', '__proto__'), tie('tree'), { maxKeys: 4 }),
  ),
}));
const root = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), tree, { minKeys: 1 });

/** The value with some parts of another one: most of it stays. */
function mixed(one: unknown, other: unknown, seed: number): unknown {
  if (Array.isArray(one)) {
    const kept = one.map((element, index) => ((seed + index) % 3 === 0 ? mixed(element, other, seed + 1) : element));
    return seed % 2 === 0 ? [...kept, other] : kept;
  }
  if (typeof one !== 'object' || one === null) return seed % 4 === 0 ? other : one;
  const entries = Object.entries(one).flatMap(([key, value], index): [string, unknown][] => {
    if ((seed + index) % 7 === 0) return [];
    if ((seed + index) % 7 === 1) return [[`new ${key}`, other]];
    return [[key, mixed(value, other, seed + index)]];
  });
  return Object.fromEntries(seed % 3 === 0 ? [...entries, ['more', other]] : entries);
}

/** Comments at the ends of lines, and lines of comments. */
function commented(plain: string, sign: string): string {
  return plain
    .split('\n')
    .map((line, index) =>
      line === '' || index % 3 !== 1 || /['"|>]|line|break/.test(line.replaceAll(/"[^"]*"/g, ''))
        ? line
        : `${line} ${sign} said`,
    )
    .join('\n');
}

const SPACES = fc.constantFrom(undefined, 1, 2, 4, '\t');

test('whatever is written, what is read again is what was wanted (JSON)', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(root, tree, fc.nat(100), SPACES, async (before, other, seed, spaces) => {
      const plain = commented(JSON.stringify(before, undefined, spaces), '//');
      const wanted = mixed(before, other, seed);
      const again = await sheetOf('p.json', await changed('p.json', plain, () => wanted));
      expect(again && canonicalJson(again.value)).toBe(canonicalJson(strict(wanted)));
    }),
    { numRuns: 1_000, seed: 1 },
  );
});

test('whatever is written, what is read again is what was wanted, or it is known not to be (YAML)', {
  timeout: 60_000,
}, async () => {
  let good = 0;
  await fc.assert(
    fc.asyncProperty(
      root,
      tree,
      fc.nat(100),
      fc.constantFrom(2, 4),
      fc.boolean(),
      fc.constantFrom('\n', '\r\n'),
      async (before, other, seed, indent, hasFlow, eol) => {
        const document = new Document(strict(before), { aliasDuplicateObjects: false });
        if (hasFlow)
          document.setIn(['a'], Object.assign(document.createNode(strict({ x: other })) as object, { flow: true }));
        const lined = commented(document.toString({ indent, lineWidth: 0 }), '#');
        const plain = `---\n${lined}`.replaceAll('\n', eol);
        const sheet = await sheetOf('p.yaml', plain);
        if (sheet === undefined) return;
        const wanted = mixed(JSON.parse(JSON.stringify(sheet.value)), other, seed);
        let written: string;
        try {
          written = changedText(sheet, strict(wanted));
        } catch {
          return;
        }
        const again = await sheetOf('p.yaml', written);
        if (again !== undefined && canonicalJson(again.value) === canonicalJson(strict(wanted))) good++;
      },
    ),
    { numRuns: 1_000, seed: 1 },
  );
  expect(good).toBeGreaterThan(900);
});
