import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const LOADER = fileURLToPath(new URL('fuzz/load-hostile.ts', import.meta.url));
/** Milliseconds of processor time. */
const SLOWEST_LOAD_MS = 10_000;
const SLOWEST_CALL_MS = 1_000;
/** Of the heap; a document that needs more ends the process, and the test. */
const HEAP_MB = 1_024;
/** For one test, on a machine that does much else. */
const PATIENCE = 120_000;

interface Outcome {
  readonly outcome: string;
  readonly told?: string;
  readonly loading: number;
  readonly deciding: number;
  readonly megabytes: number;
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'toolgate-hostile-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;

/** Loads a text in a process of its own, as the gateway loads its files. */
async function loaded(how: 'policy' | 'configuration', text: string, ending = 'json'): Promise<Outcome> {
  const file = join(folder, `${files++}.${ending}`);
  writeFileSync(file, text);
  const child = spawn(process.execPath, [`--max-old-space-size=${HEAP_MB}`, LOADER, how, file]);
  let said = '';
  let complaint = '';
  child.stdout.on('data', (bytes: Buffer) => {
    said += bytes.toString();
  });
  child.stderr.on('data', (bytes: Buffer) => {
    complaint += bytes.toString();
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  rmSync(file);
  if (code !== 0) throw new Error(`ended with ${code}: ${complaint.slice(-2_000)}`);
  const outcome = JSON.parse(said) as Outcome;
  expect(outcome.loading).toBeLessThan(SLOWEST_LOAD_MS);
  expect(outcome.deciding).toBeLessThan(SLOWEST_CALL_MS);
  expect(outcome.megabytes).toBeLessThan(HEAP_MB + 512);
  return outcome;
}

const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at));
const named = (count: number, name: (index: number) => string, rules: object = {}): object =>
  Object.fromEntries(times(count, (index) => [name(index), rules]));
const policy = (keys: object): string => JSON.stringify({ version: '1', default: 'deny', ...keys });
const ofTool = (rules: object): string => policy({ tools: { t: rules } });
const condition = (op: string, value: unknown): object => ({ path: 'args.x', op, value });
const refusing = (...conditions: readonly object[]): string => ofTool({ deny_if: [{ conditions }] });

/** One condition within so many groups. */
function within(depth: number, wrap: (inner: object) => object): object {
  let inner = condition('eq', 1);
  for (let level = 0; level < depth; level++) inner = wrap(inner);
  return inner;
}

/** `{"not": {"not": …}}`, deeper than any serialiser goes. */
function nots(depth: number): string {
  return refusing({ HERE: 0 }).replace(
    '{"HERE":0}',
    `${'{"not":'.repeat(depth)}${JSON.stringify(condition('eq', 1))}${'}'.repeat(depth)}`,
  );
}

interface Hostile {
  readonly name: string;
  text(): string;
  /** What becomes of it: the effect on a call, or what the author is told. */
  readonly answer: 'allow' | 'deny' | 'require_approval' | RegExp;
}

const sizes: readonly Hostile[] = [
  {
    name: '10 MB of entries',
    text: () =>
      policy({
        tools: named(9_000, (index) => `tool_${index}`, {
          deny_if: [{ conditions: [condition('in', ['x'.repeat(1_000)])] }],
        }),
      }),
    answer: 'deny',
  },
  {
    name: '17 MB',
    text: () => policy({ description: 'x'.repeat(17 * 1024 * 1024) }),
    answer: /larger than 16777216 bytes/,
  },
  { name: '100,000 tools', text: () => policy({ tools: named(100_000, (index) => `tool_${index}`) }), answer: 'deny' },
  {
    name: '2 million values',
    text: () => policy({ hide: times(2_000_000, () => 'x') }),
    answer: /more values than allowed/,
  },
  {
    name: 'texts of 1 MB',
    text: () => refusing(...times(8, (index) => condition('eq', `${index}${'x'.repeat(1_000_000)}`))),
    answer: 'allow',
  },
  { name: 'a key of 1 MB', text: () => policy({ ['x'.repeat(1_000_000)]: 1 }), answer: /unknown key "xxx/ },
  {
    name: 'a tool whose name has 1 MB',
    text: () => policy({ tools: { ['x'.repeat(1_000_000)]: {} } }),
    answer: /more than 1024 characters/,
  },
  {
    name: '100,000 unknown keys',
    text: () => policy(named(100_000, (index) => `tols${index}`)),
    answer: /unknown key/,
  },
  {
    name: '100,000 conditions in one entry',
    text: () => refusing(...times(100_000, (index) => condition('neq', index))),
    answer: 'deny',
  },
  {
    name: '100,000 entries',
    text: () => ofTool({ deny_if: times(100_000, (index) => ({ conditions: [condition('eq', index)] })) }),
    answer: 'allow',
  },
  {
    name: '100,000 entries of one id',
    text: () => ofTool({ require: times(100_000, (index) => ({ id: 'x', conditions: [condition('neq', index)] })) }),
    answer: 'allow',
  },
  {
    name: 'an `in` list of 500,000 texts',
    text: () =>
      refusing(
        condition(
          'in',
          times(500_000, (index) => `value ${index}`),
        ),
      ),
    answer: 'allow',
  },
  {
    name: '100,000 hosts',
    text: () =>
      refusing(
        condition(
          'url_host_in',
          times(100_000, (index) => `*.h${index}.example.com`),
        ),
      ),
    answer: 'deny',
  },
  {
    name: '100,000 ranges of addresses',
    text: () =>
      refusing(
        condition(
          'ip_in',
          times(100_000, (index) => `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}/32`),
        ),
      ),
    answer: 'deny',
  },
  {
    name: '100,000 folders',
    text: () =>
      refusing(
        condition(
          'path_within',
          times(100_000, (index) => `/srv/${index}`),
        ),
      ),
    answer: 'deny',
  },
];

const limits: readonly Hostile[] = [
  {
    name: '100,000 limits',
    text: () => ofTool({ limits: times(100_000, (index) => ({ counter: `c${index}`, window: 'minute', max: 1 })) }),
    answer: 'allow',
  },
  {
    name: '100,000 limits of one counter, each of another window',
    text: () => ofTool({ limits: times(100_000, (index) => ({ counter: 'c', window: index + 1, max: 1 })) }),
    answer: /has another window/,
  },
  {
    name: '100,000 limits in time zones that do not exist',
    text: () =>
      ofTool({
        limits: times(100_000, (index) => ({
          counter: `c${index}`,
          window: 'day',
          max: 1,
          reset: 'calendar',
          timezone: `Mars/${index}`,
        })),
      }),
    answer: /unknown time zone/,
  },
  {
    name: '100,000 limits by the calendar of one zone, of a tool that is not called',
    text: () =>
      policy({
        tools: {
          other: {
            limits: times(100_000, (index) => ({
              counter: `c${index}`,
              window: 'day',
              max: 1,
              reset: 'calendar',
              timezone: index % 2 === 0 ? 'Europe/Berlin' : 'europe/berlin',
            })),
          },
        },
      }),
    answer: 'deny',
  },
  {
    name: 'counts of 20,000 tools',
    text: () =>
      refusing(...times(20_000, (index) => ({ path: `grant.calls["t${index}"]`, op: 'gt', value: 1, within: '1h' }))),
    answer: 'deny',
  },
  {
    name: 'counts of one tool within 20,000 times',
    text: () =>
      refusing(...times(20_000, (index) => ({ path: 'grant.calls["t"]', op: 'gt', value: 1, within: index + 1 }))),
    answer: 'deny',
  },
];

const patterns: readonly Hostile[] = [
  {
    name: '10,000 patterns',
    text: () => policy({ tools: named(10_000, (index) => `*${index}*`) }),
    answer: /holds 10000 patterns; at most 2000/,
  },
  {
    name: '10,000 patterns to hide',
    text: () => policy({ hide: times(10_000, (index) => `*${index}*`) }),
    answer: /holds 10000 patterns; at most 2000/,
  },
  {
    name: '2,000 patterns that overlap',
    text: () => policy({ tools: named(2_000, (index) => `*${String(index).padStart(4, '0')}*`) }),
    answer: /equally particular/,
  },
  {
    name: '2,000 long patterns that nearly overlap',
    text: () => policy({ tools: named(2_000, (index) => `${'a*'.repeat(400)}${String(index).padStart(4, '0')}`) }),
    answer: 'deny',
  },
  {
    name: '2,000 long patterns that overlap',
    text: () => policy({ tools: named(2_000, (index) => `*${'a*'.repeat(400)}${String(index).padStart(4, '0')}*`) }),
    answer: /equally particular/,
  },
  {
    name: 'patterns over 100,000 exact names',
    text: () => policy({ tools: { ...named(100_000, (index) => `t${index}t`), 't*': {}, '*t': {} } }),
    answer: /equally particular/,
  },
];

const expressions: readonly Hostile[] = [
  {
    name: 'an expression that others hang on',
    text: () => refusing(condition('regex', '^(a+)+$'), condition('regex', '(a|aa)*b'), condition('regex', '(.*)*x')),
    answer: 'allow',
  },
  {
    name: 'repetitions of repetitions',
    text: () => refusing(condition('regex', '(((a{100}){100}){100}){100}')),
    answer: /not a regular expression in RE2 syntax/,
  },
  {
    name: 'a huge repetition',
    text: () => refusing(condition('regex', 'a{1000000}')),
    answer: /not a regular expression in RE2 syntax/,
  },
  {
    name: 'an expression of 1 MB',
    text: () => refusing(condition('regex', 'a|'.repeat(500_000))),
    answer: /longer than 1000 characters/,
  },
  {
    name: '10,000 expressions',
    text: () => refusing(...times(10_000, (index) => condition('regex', `a+${index}`))),
    answer: /too many, or too large, regular expressions/,
  },
  {
    name: '4,000 expressions',
    text: () => refusing(...times(4_000, (index) => condition('regex', `^a+.*${index}$`))),
    answer: 'allow',
  },
  {
    name: '10,000 expressions that cannot be compiled',
    text: () => refusing(...times(10_000, (index) => condition('regex', `(${index}`))),
    answer: /not a regular expression in RE2 syntax/,
  },
  {
    name: '1,000 large expressions',
    text: () => refusing(...times(1_000, (index) => condition('regex', `[ab]{900}${index}`))),
    answer: /too many, or too large, regular expressions/,
  },
  {
    name: '100 clumsy expressions',
    text: () =>
      ofTool({ deny_if: times(100, (index) => ({ conditions: [condition('regex', `(x?){100}[xa]{100}z${index}`)] })) }),
    answer: 'deny',
  },
  {
    name: '1,000 expressions to redact',
    text: () => policy({ results: { redact: times(1_000, (index) => ({ regex: `a+${index}` })) } }),
    answer: /too many, or too large, regular expressions/,
  },
];

const depths: readonly Hostile[] = [
  { name: '1,000 nested nots', text: () => nots(1_000), answer: /nested deeper than allowed/ },
  { name: '100,000 nested arrays', text: () => '['.repeat(100_000), answer: /nested deeper than allowed/ },
  { name: '64 nested nots', text: () => nots(64), answer: 'allow' },
  {
    name: '44 nested alls',
    text: () => refusing(within(44, (inner) => ({ all: [inner, condition('exists', true)] }))),
    answer: 'allow',
  },
  {
    name: '44 nested anys',
    text: () => refusing(within(44, (inner) => ({ any: [inner, condition('exists', false)] }))),
    answer: 'allow',
  },
  {
    name: 'groups of groups of groups: 2 to the 15th conditions',
    text: () => {
      let tree: object = condition('eq', 1);
      for (let level = 0; level < 15; level++) tree = { not: { all: [tree, tree] } };
      return refusing(tree);
    },
    answer: 'deny',
  },
];

/** Aliases of aliases: each line stands for ten of the one before. */
function bomb(levels: number, innermost: string): string {
  const lines = times(levels, (level) => `  - &l${level + 1} [${times(10, () => `*l${level}`).join(', ')}]`);
  return `version: "1"\ndefault: deny\nhide:\n  - &l0 ${innermost}\n${lines.join('\n')}\n`;
}

const yaml: readonly Hostile[] = [
  { name: 'aliases that stand for a billion texts', text: () => bomb(9, 'x'), answer: /more values than allowed/ },
  {
    name: 'aliases that nest without end',
    text: () => bomb(200, '[x]'),
    answer: /more values than allowed|nested deeper/,
  },
  {
    name: 'an alias inside what it names',
    text: () => 'version: "1"\ndefault: deny\nhide: &x [*x]\n',
    answer: /stands inside what it names/,
  },
  {
    name: '1,000 nested arrays in YAML',
    text: () => `hide: ${'['.repeat(1_000)}`,
    answer: /nested deeper than allowed/,
  },
  { name: '100,000 nested arrays in YAML', text: () => '['.repeat(100_000), answer: /nested deeper than allowed/ },
  {
    name: '1,000 nested arrays, line by line',
    text: () => `hide:\n  ${'- '.repeat(1_000)}x\n`,
    answer: /nested deeper/,
  },
  {
    name: '100,000 tools in YAML',
    text: () => `version: "1"\ndefault: deny\ntools:\n${times(100_000, (index) => `  tool_${index}: {}\n`).join('')}`,
    answer: 'deny',
  },
  {
    name: 'one text of 10 MB in YAML',
    text: () => `version: "1"\ndefault: deny\ndescription: >-\n${'  some words\n'.repeat(800_000)}`,
    answer: 'deny',
  },
  {
    name: '100,000 anchors',
    text: () => times(100_000, (index) => `- &a${index} x\n`).join(''),
    answer: /must be an object/,
  },
  { name: '100,000 documents', text: () => '---\nx: 1\n'.repeat(100_000), answer: /a second document begins here/ },
];

const SERVERS = { s: { command: ['true'] } };

describe('a hostile policy works or is refused, within ten seconds and a gigabyte', () => {
  test.each([...sizes, ...limits, ...patterns, ...expressions, ...depths])(
    '$name',
    { timeout: PATIENCE },
    async ({ text, answer }) => {
      const { outcome, told } = await loaded('policy', text());
      if (typeof answer === 'string') expect(told ?? outcome).toBe(answer);
      else expect(told ?? outcome).toMatch(answer);
    },
  );

  test.each(yaml)('$name', { timeout: PATIENCE }, async ({ text, answer }) => {
    const { outcome, told } = await loaded('policy', text(), 'yaml');
    if (typeof answer === 'string') expect(told ?? outcome).toBe(answer);
    else expect(told ?? outcome).toMatch(answer);
  });
});

describe('a configuration that names hostile policies', () => {
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return name;
  };

  test('is told what is wrong with each of them, and none of it is taken', async () => {
    const policies = {
      sound: { version: '1', default: 'allow' },
      deep: write('deep.json', nots(1_000)),
      many: write('many.json', policy({ tools: named(10_000, (index) => `*${index}*`) })),
      bomb: write('bomb.yaml', bomb(9, 'x')),
      expressions: write(
        'expressions.json',
        refusing(...times(1_000, (index) => condition('regex', `[ab]{900}${index}`))),
      ),
    };
    const grants = { agent: { owner: 'alice', servers: { s: 'sound' } } };
    const { outcome, told } = await loaded('configuration', JSON.stringify({ servers: SERVERS, policies, grants }));
    expect(outcome).toBe('problems');
    expect(told).toMatch(/deep\.json:\d+:\d+ nested deeper than allowed/);
    expect(told).toMatch(/many\.json:\d+:\d+ \/tools holds 10000 patterns/);
    expect(told).toMatch(/bomb\.yaml:\d+:\d+ more values than allowed/);
    expect(told).toMatch(/expressions\.json:\d+:\d+ \/tools\/t\/deny_if\/0\/conditions\/\d+\/value too many/);
  });

  test('that are large and sound works', { timeout: PATIENCE }, async () => {
    const tools = named(20_000, (index) => `tool_${index}`, { rate_limit: { max: 1, window: 'minute' } });
    const large = write('large.json', policy({ tools }));
    const policies = Object.fromEntries(times(4, (index) => [`p${index}`, large]));
    const grants = Object.fromEntries(
      times(1_000, (index) => [`agent ${index}`, { owner: 'alice', servers: { s: `p${index % 4}` } }]),
    );
    const { outcome, told } = await loaded(
      'configuration',
      JSON.stringify({ servers: SERVERS, policies, grants, baseline: 'p0' }),
    );
    expect(told ?? outcome).toBe('settings');
  });
});
