import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SEVERITIES } from '../../src/catalogue/classification.ts';
import { rankOf } from '../../src/catalogue/classify/act.ts';
import { classify } from '../../src/catalogue/classify.ts';
import { isObject, type Json, type JsonObject, objectOf } from '../../src/wire/json.ts';
import { hold, PATIENCE, TRIALS } from './runs.ts';

const VERBS =
  'get list search delete cancel create update run execute pay refund buy charge manage transfer eliminar 删除 削除 löscht frobnicate order build'.split(
    ' ',
  );
const NOUNS =
  'page order payment user file query code status secret url history index position light 文件 record'.split(' ');
const PHRASES = [
  'Deletes the page.',
  'Returns the order history of a user.',
  'Runs a SQL query, read-only.',
  'This permanently removes everything and cannot be undone.',
  'Does not delete anything.',
  'Manage users: create, update or delete.',
  'Supported actions: list, drop, clear',
  'Löscht einen Datensatz.',
  'ファイルを削除する',
  'Orders, newest first.',
  '',
];

const word = fc.oneof(fc.constantFrom(...VERBS, ...NOUNS), fc.string({ maxLength: 8 }));
const name = fc.array(word, { maxLength: 5 }).map((words) => words.join('_'));
const text = fc
  .array(fc.oneof(fc.constantFrom(...PHRASES), fc.string({ unit: 'grapheme', maxLength: 40 })), { maxLength: 4 })
  .map((all) => all.join(' '));
const scalar: fc.Arbitrary<Json> = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.integer(),
  fc.string({ maxLength: 12 }),
);
const anything: fc.Arbitrary<Json> = fc.jsonValue({ maxDepth: 3 }).map((value) => bare(value as Json));
const property = fc.record(
  {
    type: fc.oneof(fc.constantFrom<Json>('string', 'boolean', 'array', 'object'), scalar),
    enum: fc.array(fc.oneof(fc.constantFrom<Json>(...VERBS), scalar), { maxLength: 4 }),
    default: scalar,
    description: text,
  },
  { requiredKeys: [] },
);
const parameterName = fc.oneof(
  fc.constantFrom('action', 'method', 'sql', 'url', 'append', 'overwrite', 'file_id', 'amount', 'analyze'),
  fc.string({ maxLength: 6 }),
);
const schema: fc.Arbitrary<Json> = fc
  .dictionary(parameterName, property, { maxKeys: 5, noNullPrototype: true })
  .map((properties) =>
    bare({ type: 'object', properties: properties as Json, required: Object.keys(properties).slice(0, 1) }),
  );
const tool: fc.Arbitrary<JsonObject> = fc
  .record({ name, description: text, title: text, inputSchema: schema }, { requiredKeys: ['name'] })
  .map((made) => bare(made as Json) as JsonObject);
const annotations: fc.Arbitrary<Json> = fc
  .record(
    {
      readOnlyHint: scalar,
      destructiveHint: scalar,
      idempotentHint: scalar,
      openWorldHint: scalar,
      title: text,
      extra: anything,
    },
    { requiredKeys: [] },
  )
  .map((made) => bare(made as Json));

function bare(value: Json): Json {
  if (Array.isArray(value)) return value.map(bare);
  return isObject(value) ? objectOf(Object.entries(value).map(([key, one]) => [key, bare(one)])) : value;
}

function withKey(made: JsonObject, key: string, value: Json): JsonObject {
  return objectOf([...Object.entries(made).filter(([one]) => one !== key), [key, value]]);
}

/** The same with all keys in the order of the alphabet, backwards. */
function turned(value: Json): Json {
  if (Array.isArray(value)) return value.map(turned);
  if (!isObject(value)) return value;
  return objectOf(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? 1 : -1))
      .map(([key, one]) => [key, turned(one)]),
  );
}

describe(`the classifier (${TRIALS})`, () => {
  test('says something of anything, the same each time, with evidence, and freezes it', { timeout: PATIENCE }, () => {
    const odd = fc
      .dictionary(fc.constantFrom('name', 'description', 'title', 'inputSchema', 'annotations', 'x'), anything)
      .map((made) => bare(made as Json) as JsonObject);
    hold(
      fc.property(fc.oneof(tool, odd), (made) => {
        const said = classify(made);
        expect(said).toEqual(classify(made));
        expect(rankOf(said.class)).toBeGreaterThanOrEqual(0);
        expect(SEVERITIES).toContain(said.severity);
        expect(said.evidence.length).toBeGreaterThan(0);
        expect(said.reason).not.toBe('');
        for (const part of [said, said.evidence, said.signals, ...said.evidence])
          expect(Object.isFrozen(part)).toBe(true);
      }),
    );
  });

  test('no annotations make a tool less severe', { timeout: PATIENCE }, () => {
    hold(
      fc.property(tool, annotations, (made, hints) => {
        const before = classify(made);
        const after = classify(withKey(made, 'annotations', hints));
        expect(rankOf(after.class)).toBeGreaterThanOrEqual(rankOf(before.class));
        expect(SEVERITIES.indexOf(after.severity)).toBeGreaterThanOrEqual(SEVERITIES.indexOf(before.severity));
      }),
    );
  });

  test('the order of keys says nothing', { timeout: PATIENCE }, () => {
    hold(
      fc.property(tool, (made) => {
        expect(classify(turned(made) as JsonObject)).toEqual(classify(made));
      }),
    );
  });

  test('what it quotes of a name or a description stands there', { timeout: PATIENCE }, () => {
    hold(
      fc.property(tool, (made) => {
        const all = `${made['name']}\n${made['description']}\n${made['title']}`;
        for (const { from, quote } of classify(made).evidence)
          if (from === 'name' || from === 'description') expect(all).toContain(quote.replace(/…$/, ''));
      }),
    );
  });
});

describe('a hostile definition', () => {
  const long = 1_000_000;

  /** Counts what is looked up in an object, and in all that is in it. */
  function counted(value: Json, count: () => void): Json {
    if (!isObject(value)) return value;
    return new Proxy(value, {
      get(target, key) {
        count();
        return typeof key === 'string' && Object.hasOwn(target, key) ? counted(target[key] ?? null, count) : undefined;
      },
    });
  }

  test('with a hundred thousand parameters has a few of them read', () => {
    const properties = objectOf(
      Array.from({ length: 100_000 }, (_, at) => [`action${at}`, bare({ type: 'string', enum: ['delete', 'get'] })]),
    );
    let looks = 0;
    const made = objectOf([
      ['name', 'x'],
      [
        'inputSchema',
        counted(objectOf([['properties', properties]]), () => {
          looks += 1;
        }),
      ],
    ]);
    expect(classify(made).signals).toContainEqual({ kind: 'many-parameters', parameter: undefined });
    expect(looks).toBeLessThan(10_000);
  });

  test.each([
    ['one word', 'a'],
    ['brackets', '['],
    ['closed brackets', '[]'],
    ['action after action', 'action: '],
    ['blank lines', '\n '],
    ['commas', 'delete, '],
    ['capitals', 'aA'],
    ['combining marks', 'e\u0301'],
    ['ideographs', '删除'],
    ['read-only, and not', 'not read-only '],
    ['passives', 'All is deleted. '],
    ['lone surrogates', '\ud800'],
  ])('a megabyte of %s is cut before it is read', (_, piece) => {
    const whole = piece.repeat(long / piece.length);
    const cut = (value: string): JsonObject =>
      objectOf([
        ['name', value.slice(0, long)],
        ['description', value],
        ['inputSchema', bare({ properties: { action: { description: value, enum: [value, 'get'] } } })],
      ]);
    expect(classify(cut(whole))).toEqual(classify(cut(whole.slice(0, 5_000))));
  });
});
