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

describe('what goes without an heir is cut out alone', () => {
  const without = (keys: readonly string[]) => (value: { a: Record<string, unknown> }) => {
    for (const key of keys) delete value.a[key];
    return value;
  };
  test.each<[string, string, string, readonly string[], string]>([
    [
      'a line, and what is said behind it stays',
      'p.jsonc',
      '{\n  "a": {\n    // 1\n    "x": 1, // 2\n    // 3\n    "y": 2 // 4\n  }\n}\n',
      ['x'],
      '{\n  "a": {\n    // 1\n    // 2\n    // 3\n    "y": 2 // 4\n  }\n}\n',
    ],
    ['a line with nothing beside', 'p.jsonc', '{"a": {\n  "x": 1,\n  "y": 2\n}}', ['x'], '{"a": {\n  "y": 2\n}}'],
    [
      'the last line, with the comma before it',
      'p.jsonc',
      '{"a": {\n  "x": 1, // 1\n  /* 2 */ "y": 2 // 3\n}}',
      ['y'],
      '{"a": {\n  "x": 1 // 1\n  /* 2 */ // 3\n}}',
    ],
    [
      'the last of a line',
      'p.jsonc',
      '{"a": { "x": 1, /* , */ "y": 2, "z": 3 }}',
      ['y', 'z'],
      '{"a": { "x": 1 /* , */ }}',
    ],
    ['the first of a line', 'p.jsonc', '{"a": { "x": 1, "y": 2 /* 1 */ }}', ['x'], '{"a": { "y": 2 /* 1 */ }}'],
    ['one in the middle', 'p.jsonc', '{"a": {"x": 1,"y": 2,/**/"z": 3}}', ['y'], '{"a": {"x": 1,/**/"z": 3}}'],
    [
      'what stands before its comma',
      'p.jsonc',
      '{"a": {\n  "x": 1 /* 1 */ , /* 2 */\n  "y": 2\n}}',
      ['x'],
      '{"a": {\n  /* 1 */ /* 2 */\n  "y": 2\n}}',
    ],
    [
      'commas at the beginning of lines',
      'p.jsonc',
      '{"a": {\n    "x": 1 // 1\n  , "y": 2 // 2\n  , "z": 3 // 3\n}}',
      ['x', 'z'],
      '{"a": {\n    // 1\n  "y": 2 // 2\n  // 3\n}}',
    ],
    [
      'lines that end as they did',
      'p.jsonc',
      '{"a": {\r\n  "x": 1, // 1\r\n  "y": 2,\r\n  "z": 3\r\n}}',
      ['x', 'z'],
      '{"a": {\r\n  // 1\r\n  "y": 2\r\n}}',
    ],
    [
      'a line of a block',
      'p.yaml',
      'a:\n  # 1\n  x: 1 # 2\n  # 3\n  y: 2 # 4\n# 5\n',
      ['x'],
      'a:\n  # 1\n  # 2\n  # 3\n  y: 2 # 4\n# 5\n',
    ],
    ['the last line of a block', 'p.yaml', 'a:\n  x: 1 # 1\n  y: 2\n  # 2\nb: 1', ['y'], 'a:\n  x: 1 # 1\n  # 2\nb: 1'],
    ['the end of a file', 'p.yaml', 'a:\n  x: 1\n  y: 2', ['y'], 'a:\n  x: 1\n'],
    [
      'several lines of a block',
      'p.yaml',
      'a:\n  x: |\n    # no comment\n    b\n\n  # 1\n  y:\n    - 1\n    - 2 # 2\n  # 3\n  z: 3\n',
      ['x', 'y'],
      'a:\n\n  # 1\n  # 2\n  # 3\n  z: 3\n',
    ],
    [
      'one of brackets over lines',
      'p.yaml',
      'a: {\n  x: 1, # 1\n  y: 2, # 2\n  z: "# , }" # 3\n  }\n',
      ['x', 'z'],
      'a: {\n  # 1\n  y: 2 # 2\n  # 3\n  }\n',
    ],
    [
      'one of brackets',
      'p.yaml',
      `a: { x: 1, y: "${'y'.repeat(220)}" } # 1\n`,
      ['x'],
      `a: { y: "${'y'.repeat(220)}" } # 1\n`,
    ],
  ])('%s', async (_what, file, before, keys, after) => {
    expect(await changed(file, before, without(keys))).toBe(after);
  });

  test('what stands beside a dash goes, and the dash stays', async () => {
    const yaml = 'a:\n  - x: 1\n    y: 2\n  - x: 1 # 1\n    y: 2\n  - x: 1\n    # 2\n    y: 2\n';
    const text = await changed('p.yaml', yaml, () => ({ a: [{ y: 2 }, { y: 2 }, { y: 2 }] }));
    expect(text).toBe('a:\n  - y: 2\n  - # 1\n    y: 2\n  -\n    # 2\n    y: 2\n');
  });

  test('what stands behind an alias is left alone', async () => {
    const gone = changed('p.yaml', 'b: &x { c: 1 }\na:\n  x: *x\n  y: 1\n', without(['x']));
    await expect(gone).rejects.toThrow('behind an alias, or nowhere');
  });

  test('what goes gives its place to what comes, also where others went before it', async () => {
    const text = await changed('p.jsonc', '{\n  "x": 1, // 1\n  "y": 2, // 2\n  "z": 3\n}\n', () => ({ z: 3, n: 4 }));
    expect(text).toBe('{\n  // 1\n  "n": 4, // 2\n  "z": 3\n}\n');
  });
});

test('an entry that asked, and had conditions to ask for more beside, keeps all that is said in it', async () => {
  const asks = `{ "tools": {
    "pay": {
      // 1
      "action": "require_approval", // 2
      "approve_if": [ // 3
        // 4
        { "conditions": [ { "path": "args.amount", "op": "gt", "value": 1000 } ] } // 5
      ],
      // 6
      "deny_if": [ { "conditions": [ { "path": "args.amount", "op": "gt", "value": 9000 } ] } ] // 7
    }
} }
`;
  const text = await changed(
    'p.jsonc',
    asks,
    (policy: { tools: { pay: { action?: unknown; approve_if: object[] } } }) => {
      delete policy.tools.pay.action;
      policy.tools.pay.approve_if.push({ conditions: [] });
      return policy;
    },
  );
  expect(text).toBe(`{ "tools": {
    "pay": {
      // 1
      // 2
      "approve_if": [ // 3
        // 4
        { "conditions": [ { "path": "args.amount", "op": "gt", "value": 1000 } ] }, // 5
        { "conditions": [] }
      ],
      // 6
      "deny_if": [ { "conditions": [ { "path": "args.amount", "op": "gt", "value": 9000 } ] } ] // 7
    }
} }
`);
});

/** How a member of an object stands in the text: what is said before it, beside it and behind it. */
const PLACES = {
  json: [
    (member: string, n: number, comma: string) => `\n  // ${n}a\n  ${member}${comma} // ${n}b\n `,
    (member: string, n: number, comma: string) => `\n  ${member} // ${n}a\n  ${comma}`,
    (member: string, n: number, comma: string) => ` /* ${n}a */ ${member}${comma}`,
    (member: string, n: number, comma: string) => ` ${member} /* ${n}a */ ${comma} /* ${n}b */`,
    (member: string, n: number, comma: string) => `${member}${comma}/*, ${n}a*/`,
    (member: string, _n: number, comma: string) => ` ${member}${comma}`,
    (member: string, _n: number, comma: string) => `\n\t${member}${comma}\n`,
  ],
  flow: [
    (member: string, n: number, comma: string) => `\n  # ${n}a\n  ${member}${comma} # ${n}b\n `,
    (member: string, n: number, comma: string) => `\n  ${member} # ${n}a\n  ${comma}`,
    (member: string, _n: number, comma: string) => ` ${member}${comma}`,
    (member: string, _n: number, comma: string) => `\n  ${member}${comma}\n `,
  ],
  block: [
    (member: string, n: number) => `  # ${n}a\n  ${member} # ${n}b\n`,
    (member: string, n: number) => `  ${member}\n    # ${n}a\n`,
    (member: string) => `  ${member}\n\n`,
    (member: string) => `  ${member}\n`,
  ],
} as const;

const row = fc.array(
  fc.tuple(fc.nat(20), fc.constantFrom('1', '"# // , }"', '[ 1, "," ]', '{ "x": 1 }'), fc.boolean()),
  {
    minLength: 2,
    maxLength: 6,
  },
);

test.each(['json', 'flow', 'block'] as const)(
  'whatever is cut out, what is said beside it stays (%s)',
  async (kind) => {
    await fc.assert(
      fc.asyncProperty(row, fc.nat(5), fc.constantFrom('\n', '\r\n'), async (members, keep, eol) => {
        const kept = keep % members.length;
        const written = members.map(([place, value], index) => {
          const put = PLACES[kind][place % PLACES[kind].length];
          return put?.(`"k${index}": ${value}`, index, index === members.length - 1 ? '' : ',') ?? '';
        });
        const body = written.join('');
        const plain = { json: `{"a": {${body}}}\n`, flow: `a: {${body}}\n`, block: `a:\n${body}` }[kind];
        const before = plain.replaceAll('\n', eol);
        const gone = members.flatMap(([, , isGone], index) => (isGone && index !== kept ? [`k${index}`] : []));
        const without = (value: { a: Record<string, unknown> }) => {
          for (const key of gone) delete value.a[key];
          return value;
        };
        const file = kind === 'json' ? 'p.jsonc' : 'p.yaml';
        const after = await changed(file, before, without);
        const said = (one: string) => one.match(/\d[ab]/g) ?? [];
        expect(said(after)).toEqual(said(before));
        const [was, is] = [await sheetOf(file, before), await sheetOf(file, after)];
        const wanted = without(JSON.parse(JSON.stringify(was?.value)));
        expect(is && canonicalJson(is.value)).toBe(canonicalJson(strict(wanted)));
      }),
      { numRuns: 200, seed: 1 },
    );
  },
);

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

test('in YAML what readers of YAML 1.1 take for a date, a truth value or a number is quoted', async () => {
  const values = ['2026-12-21', 'yes', 'off', '12:30:45', 'plain'];
  const text = await changed('p.yaml', 'tools:\n  a:\n    b: 1\n', (policy: { tools: { a: object } }) => {
    policy.tools.a = { value: values };
    return policy;
  });
  const shown = ['"2026-12-21"', '"yes"', '"off"', '"12:30:45"', 'plain'].map((one) => `- ${one}`);
  expect(text.split('\n').map((line) => line.trim())).toEqual(expect.arrayContaining(shown));
});
