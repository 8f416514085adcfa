import { globSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { parse } from 'yaml';
import { compilePolicy } from '../../src/policy/compile.ts';
import { policySchema } from '../../src/policy/policy-schema.ts';
import * as ruleVocabulary from '../../src/policy/rule-vocabulary.ts';
import { keysOf, type Shape } from '../../src/policy/shape.ts';
import * as vocabulary from '../../src/policy/vocabulary.ts';
import { configurationSchema } from '../../src/settings/configuration-schema.ts';
import { isArray, isObject, type Json, type JsonObject } from '../../src/wire/json.ts';
import { document } from '../laws/arbitrary-document.ts';
import { strict, strictObject } from '../laws/arbitrary-value.ts';
import { PARSERS } from '../laws/engine.ts';
import { hold, PATIENCE, TRIALS } from '../laws/runs.ts';
import { type Published, published, ROOT, type SchemaNode, strictAjv, validatorOf } from './schemas.ts';

const BOTH: readonly Published[] = ['policy', 'configuration'];
const isPolicy = validatorOf('policy');

describe.each(BOTH)('schema/%s.json', (name) => {
  const schema = published(name);

  it('is what the tables of the code say; else run npm run schema', () => {
    const made = name === 'policy' ? policySchema() : configurationSchema();
    expect(`${JSON.stringify(made, undefined, 2)}\n`).toBe(readFileSync(`${ROOT}/schema/${name}.json`, 'utf8'));
  });

  it('is a valid schema of draft-07', () => {
    const ajv = strictAjv();
    expect(ajv.validateSchema(schema), ajv.errorsText()).toBe(true);
    expect(() => ajv.compile(schema)).not.toThrow();
  });

  it('tells of every key what it is, and lets no other pass', () => {
    const objects = [schema, ...Object.values(schema['definitions'] as SchemaNode)] as SchemaNode[];
    for (const object of objects) {
      expect(object['additionalProperties']).toBe(false);
      const silent = Object.entries(object['properties'] as SchemaNode).filter(
        ([, key]) => !(key as SchemaNode)['description'],
      );
      expect(silent).toEqual([]);
    }
  });

  it('proposes nothing that it would refuse', () => {
    const ajv = strictAjv();
    const definitions = schema['definitions'];
    let count = 0;
    for (const node of nodesOf(schema)) {
      const samples = [...((node['examples'] ?? []) as unknown[]), ...('default' in node ? [node['default']] : [])];
      if (samples.length === 0) continue;
      const validate = ajv.compile({ ...node, definitions });
      for (const sample of samples) {
        expect(validate(sample), `${JSON.stringify(sample)}: ${ajv.errorsText(validate.errors)}`).toBe(true);
        count++;
      }
    }
    expect(count).toBeGreaterThan(50);
  });
});

describe('what compiles satisfies the schema of policies', () => {
  const shown = [
    ...globSync(['test/cases/*.yaml', 'examples/policies/*'], { cwd: ROOT }).map(
      (file) => [file, readFile(file)] as const,
    ),
    ...globSync(['README.md', 'docs/**/*.md'], { cwd: ROOT }).map((file) => [file, readBlocks(file)] as const),
  ];
  const policies = shown.flatMap(([file, value]) => policiesIn(value).map((policy) => ({ file, policy })));
  const good = policies.filter(({ policy }) => compilePolicy(policy, 'policy', PARSERS).kind === 'policy');

  it('there are enough of them, from every place', () => {
    const files = new Set(good.map(({ file }) => file));
    expect(good.length).toBeGreaterThan(150);
    expect([...files]).toEqual(
      expect.arrayContaining([
        'README.md',
        'docs/reference/policy.md',
        'examples/policies/careful.yaml',
        'test/cases/limits.yaml',
      ]),
    );
  });

  it('each of them', () => {
    for (const { file, policy } of good) {
      const isFine = isPolicy(policy);
      expect(isPolicy.errors ?? [], `${file}: ${JSON.stringify(policy)}`).toEqual([]);
      expect(isFine).toBe(true);
    }
  });

  it(`and whatever the laws are tried with (${TRIALS})`, { timeout: PATIENCE }, () => {
    hold(
      fc.property(document, (policy) => {
        isPolicy(policy);
        expect(isPolicy.errors ?? []).toEqual([]);
      }),
    );
  });
});

describe('what does not compile', () => {
  interface Broken {
    readonly name: string;
    readonly policy: JsonObject;
  }
  const files = globSync('test/cases/broken-*.yaml', { cwd: ROOT });
  const broken = files
    .flatMap((file) => readFile(file) as unknown as Broken[])
    .filter(({ policy }) => compilePolicy(strict(policy), 'policy', PARSERS).kind === 'problems');

  /** What takes more than a schema, by what the compiler says of it. */
  const ONLY_THE_COMPILER: readonly (readonly [kind: string, said: RegExp])[] = [
    ['patterns that tie', /are equally particular/],
    ['one counter, two meanings', /the counter .* has another/],
    ['the syntax of regular expressions', /not a regular expression in RE2 syntax/],
    ['time zones', /unknown time zone/],
    ['what strangers say of themselves', /says of itself/],
    ['hosts, schemes, folders and ranges', /\/value\/\d+ ".*" (?:is|has) /],
  ];
  const isOfCompiler = (said: string): boolean => ONLY_THE_COMPILER.some(([, pattern]) => pattern.test(said));
  const told = broken.map(({ name, policy }) => {
    const compiled = compilePolicy(strict(policy), 'policy', PARSERS);
    const problems = compiled.kind === 'problems' ? compiled.problems : [];
    const isUnderlined = !isPolicy(strict(policy));
    return { name, isUnderlined, problems: problems.map(({ pointer, message }) => `${pointer} ${message}`) };
  });

  it('is underlined, but for what only the compiler can tell', () => {
    const missed = told.filter((one) => !one.isUnderlined && !one.problems.every(isOfCompiler));
    expect(missed).toEqual([]);
    expect(told.filter((one) => one.isUnderlined).length).toBeGreaterThan(50);
  });

  test.each(ONLY_THE_COMPILER)('only the compiler tells of %s', (_, pattern) => {
    const unseen = told.filter((one) => !one.isUnderlined).flatMap(({ problems }) => problems);
    expect(unseen.filter((said) => pattern.test(said))).not.toEqual([]);
  });

  const kinds = Object.values<Shape>({ ...vocabulary, ...ruleVocabulary });
  const known = new Set(kinds.flatMap(keysOf));

  test(`a key with one letter wrong is refused by both (${TRIALS})`, { timeout: PATIENCE }, () => {
    hold(
      fc.property(document, fc.nat(), fc.nat(), (policy, which, where) => {
        const places = keysIn(policy, []);
        const place = places[which % places.length] ?? [];
        const key = String(place.at(-1));
        const wrong = misspelt(key, where);
        fc.pre(known.has(key) && !known.has(wrong));
        const mutated = strict(renamed(policy, place, wrong));
        expect(isPolicy(mutated)).toBe(false);
        expect(compilePolicy(mutated, 'policy', PARSERS).kind).toBe('problems');
      }),
    );
  });

  test.each([
    ['mysql', { kinds: ['select'], dialect: 'mysql' }],
    ['sqlite', { kinds: ['select'], dialect: 'sqlite' }],
    ['an unknown kind', { kinds: ['drop'], dialect: 'postgresql' }],
  ])('sql_only with %s is refused by both', (_, value) => {
    const deny_if = [{ conditions: [{ path: 'args.sql', op: 'sql_only', value }] }];
    const policy = strict({ version: '1', default: 'deny', tools: { t: { deny_if } } });
    expect(isPolicy(policy)).toBe(false);
    expect(compilePolicy(policy, 'policy', PARSERS).kind).toBe('problems');
  });
});

function readFile(file: string): Json {
  return strict(parse(readFileSync(`${ROOT}/${file}`, 'utf8')));
}

function readBlocks(file: string): Json {
  const text = readFileSync(`${ROOT}/${file}`, 'utf8');
  return strict(
    [...text.matchAll(/^```(?:json|jsonc|yaml)\n([\s\S]*?)^```/gm)].map((match) =>
      parse((match[1] ?? '').replace(/^\s*\/\/.*$/gm, '')),
    ),
  );
}

/** Everything in a value that says it is a policy. */
function policiesIn(value: Json): readonly JsonObject[] {
  if (isArray(value)) return value.flatMap(policiesIn);
  if (!isObject(value)) return [];
  const inner = Object.values(value).flatMap(policiesIn);
  return value['version'] === '1' && value['default'] !== undefined ? [value, ...inner] : inner;
}

/** Every place of a schema where a schema stands. */
function nodesOf(schema: SchemaNode): readonly SchemaNode[] {
  const nodes: SchemaNode[] = [schema];
  for (const [keyword, value] of Object.entries(schema)) {
    if (['enum', 'examples', 'default', 'const', 'required'].includes(keyword) || typeof value !== 'object') continue;
    const isTable = ['properties', 'definitions', 'dependencies'].includes(keyword);
    const parts = isTable ? Object.values(value ?? {}) : Array.isArray(value) ? value : [value];
    for (const part of parts) if (typeof part === 'object' && part !== null) nodes.push(...nodesOf(part as SchemaNode));
  }
  return nodes;
}

type Step = string | number;

/** Where the keys of the language stand in a policy: all keys but names, and those within a value of a condition. */
function keysIn(value: Json, path: readonly Step[]): readonly (readonly Step[])[] {
  if (path.at(-1) === 'value') return [];
  if (isArray(value)) return value.flatMap((one, index) => keysIn(one, [...path, index]));
  if (!isObject(value)) return [];
  const isTable = path.length === 1 && ['tools', 'resources', 'prompts', 'classes'].includes(String(path[0]));
  return Object.entries(value).flatMap(([key, member]) => {
    const place = [...path, key];
    return isTable ? keysIn(member, place) : [place, ...keysIn(member, place)];
  });
}

function misspelt(key: string, where: number): string {
  const at = where % key.length;
  const letter = key.charCodeAt(at) === 'z'.charCodeAt(0) ? 'a' : String.fromCharCode(key.charCodeAt(at) + 1);
  return key.slice(0, at) + letter + key.slice(at + 1);
}

function renamed(value: Json, [step, ...rest]: readonly Step[], name: string): Json {
  if (isArray(value)) return value.map((one, index) => (index === step ? renamed(one, rest, name) : one));
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, member]) => {
    if (key !== step) return [key, member] as const;
    return rest.length === 0 ? ([name, member] as const) : ([key, renamed(member, rest, name)] as const);
  });
  return strictObject(Object.fromEntries(entries));
}
