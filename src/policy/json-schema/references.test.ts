import { describe, expect, test } from 'vitest';
import type { Json } from '../../wire/json.ts';
import { RELAY, readJson } from '../../wire/read-json.ts';
import { compileSchema } from './compile-schema.ts';

function read(value: unknown): Json {
  const result = readJson(JSON.stringify(value), RELAY);
  if (result.kind === 'fault') throw new Error(result.reason);
  return result.value;
}

/** Why a schema cannot be used. */
function reasonOf(schema: unknown): string | undefined {
  const result = compileSchema(read(schema));
  return result.kind === 'problem' ? result.reason.replace('the input schema cannot be used: ', '') : undefined;
}

function passes(schema: unknown, args: unknown): boolean {
  const result = compileSchema(read(schema));
  if (result.kind === 'problem') throw new Error(result.reason);
  return result.check(read(args), 'schema') === undefined;
}

const A = { type: 'string' };

describe('what a reference names is what is asked for', () => {
  test.each<[string, object]>([
    ['an own name', { $ref: '#/$defs/a', $defs: { a: A } }],
    ['a name with a slash', { $ref: '#/$defs/a~1b', $defs: { 'a/b': A } }],
    ['a name with a tilde', { $ref: '#/$defs/a~0b', $defs: { 'a~b': A } }],
    ['a name with both', { $ref: '#/$defs/~01', $defs: { '~1': A } }],
    ['a name that is encoded', { $ref: '#/$defs/%61', $defs: { a: A } }],
    ['a name of digits', { $ref: '#/$defs/01', $defs: { '01': A } }],
    ['a name that is empty', { $ref: '#/$defs/', $defs: { '': A } }],
    ['an element', { $ref: '#/allOf/0', allOf: [A, true] }],
    ['an element beyond the tenth', { $ref: '#/anyOf/10', anyOf: [...new Array(10).fill(true), A] }],
    ['an anchor', { $ref: '#here', $defs: { a: { ...A, $anchor: 'here' } } }],
    ['a dynamic anchor', { $ref: '#here', $defs: { a: { ...A, $dynamicAnchor: 'here' } } }],
    ['an anchor of both kinds', { $ref: '#here', $defs: { a: { ...A, $anchor: 'here', $dynamicAnchor: 'here' } } }],
    ['an anchor within an array', { $ref: '#here', anyOf: [true, { ...A, $anchor: 'here' }] }],
    ['an anchor as draft-07 writes it', { $ref: '#here', $defs: { a: { ...A, $id: '#here' } } }],
    ['the address of the document', { $id: 'https://x/y', $ref: 'https://x/y#/$defs/a', $defs: { a: A } }],
    ['the same with a fragment of its own', { $id: 'https://x/y#', $ref: 'https://x/y#/$defs/a', $defs: { a: A } }],
  ])('%s', (_, schema) => {
    expect(passes(schema, 'text')).toBe(true);
    expect(passes(schema, 5)).toBe(false);
  });

  test('the whole document may be meant, with or without its address', () => {
    const list = (reference: string) => ({ $id: 'https://x/y', type: ['array'], items: { $ref: reference } });
    for (const reference of ['#', 'https://x/y', 'https://x/y#']) {
      expect(passes(list(reference), [[], [[]]])).toBe(true);
      expect(passes(list(reference), [[], [5]])).toBe(false);
    }
  });

  test('an anchor and a pointer of one name are not mixed up', () => {
    const schema = { properties: { a: { $ref: '#b' }, b: { $ref: '#/$defs/b' } } };
    const $defs = { b: { type: 'number' }, c: { ...A, $anchor: 'b' } };
    expect(passes({ ...schema, $defs }, { a: 'text', b: 5 })).toBe(true);
    expect(passes({ ...schema, $defs }, { a: 5 })).toBe(false);
    expect(passes({ ...schema, $defs }, { b: 'text' })).toBe(false);
  });
});

test.each<[string, object]>([
  ['/$ref must be a string', { $ref: 5 }],
  ['/$ref refers to nothing in this schema', { $ref: '#/$defs/b', $defs: { a: A } }],
  ['/$ref refers to nothing in this schema', { $ref: '#/toString' }],
  ['/$ref refers to nothing in this schema', { $ref: '#/$defs/a/type/x', $defs: { a: A } }],
  ['/$ref refers to nothing in this schema', { $ref: '#/allOf/1', allOf: [A] }],
  ['/$ref refers to nothing in this schema', { $ref: '#/allOf/00', allOf: [A] }],
  ['/$ref refers to nothing in this schema', { $ref: '#/allOf/0x0', allOf: [A] }],
  ['/$ref refers to nothing in this schema', { $ref: '#/allOf/-0', allOf: [A] }],
  ['/$ref refers to nothing in this schema', { $ref: '#/allOf/length', allOf: [A] }],
  ['/$ref refers to nothing in this schema', { $ref: '#here' }],
  ['/$ref refers to nothing in this schema', { $ref: '#here', const: { $anchor: 'here' } }],
  ['/$ref refers to nothing in this schema', { $ref: '#5', $defs: { a: { $anchor: 5 } } }],
  ['/$ref refers to nothing in this schema', { $ref: '#a~0b', $defs: { 'a~b': A } }],
  ['/$ref refers to an anchor that stands twice', { $ref: '#a', $defs: { a: { $anchor: 'a' }, b: { $anchor: 'a' } } }],
  ['/$ref must stay in this schema: write #, #/… or #anchor', { $ref: 'other.json' }],
  ['/$ref must stay in this schema: write #, #/… or #anchor', { $id: 'https://x/y', $ref: 'https://x/yz' }],
  ['/$ref must stay in this schema: write #, #/… or #anchor', { $ref: 'https://x/y' }],
  ['/$ref is not percent-encoded as a URI is', { $ref: '#/%zz' }],
  [
    '/properties/a/$ref cannot be resolved: a schema inside has an address (id) of its own; remove it',
    { properties: { a: { $ref: '#/properties/b' }, b: { $id: 'https://x/z' } } },
  ],
])('%s: %j', (reason, schema) => {
  expect(reasonOf(schema)).toBe(reason);
});

describe('keywords that are not what they must be', () => {
  const typed = 'must be one or more of null, boolean, number, integer, string, array, object';
  test.each<[string, object]>([
    [`/type ${typed}`, { type: 5 }],
    [`/type ${typed}`, { type: ['string', 5] }],
    [`/type ${typed}`, { type: 'strng' }],
    ['/type must name a type', { type: [] }],
    ['/enum must be an array', { enum: 5 }],
    ['/minLength must be a whole number from 0 on', { minLength: -1 }],
    ['/maxLength must be a whole number from 0 on', { maxLength: '1' }],
    ['/minItems must be a whole number from 0 on', { minItems: 1.5 }],
    ['/multipleOf must be more than 0', { multipleOf: 0 }],
    ['/multipleOf must be a number', { multipleOf: '1' }],
    ['/minimum must be a number', { minimum: 'a' }],
    ['/required must be an array of strings', { required: [5] }],
    ['/items must be a schema: an object, true or false', { items: 5 }],
    ['/items must be one schema beside prefixItems', { prefixItems: [true], items: [true] }],
    ['/uniqueItems must be true or false', { uniqueItems: 1 }],
    ['/pattern must be a string', { pattern: 5 }],
    ['/pattern holds a pattern that RE2 does not know: missing closing ]: `[`', { pattern: '[' }],
    ['/patternProperties must be an object', { patternProperties: 5 }],
    [
      '/patternProperties holds a pattern that RE2 does not know: missing closing ]: `[`',
      { patternProperties: { '[': true } },
    ],
    ['/dependentRequired must be an object', { dependentRequired: 5 }],
    ['/dependentRequired must be an array of strings', { dependentRequired: { a: [5] } }],
    ['/dependentSchemas must be an object', { dependentSchemas: [] }],
    ['/dependencies must be an object', { dependencies: 5 }],
    ['/dependencies must be an array of strings', { dependencies: { a: [5] } }],
    ['/allOf must be an array of one or more schemas', { allOf: [] }],
    ['/not must be a schema: an object, true or false', { not: 5 }],
    ['/properties/a must be a schema: an object, true or false', { properties: { a: 5 } }],
    ['/$dynamicRef is not known here; write $ref', { $dynamicRef: '#a' }],
    ['$schema must be a string', { $schema: 5 }],
    ['unknown dialect "http://x"; 2020-12, 2019-09 and draft-07 to 04 are known', { $schema: 'http://x' }],
    [
      'unknown dialect "json-schema.org/draft-07/schema#x"; 2020-12, 2019-09 and draft-07 to 04 are known',
      { $schema: 'json-schema.org/draft-07/schema#x' },
    ],
    [
      '/properties/a/$schema must be that of the whole schema',
      {
        $schema: 'http://json-schema.org/draft-07/schema#',
        properties: { a: { $schema: 'https://json-schema.org/draft/2020-12/schema' } },
      },
    ],
  ])('%s: %j', (reason, schema) => {
    expect(reasonOf(schema)).toBe(reason);
  });

  test('a schema inside may say what the whole says', () => {
    const $schema = 'http://json-schema.org/draft-07/schema#';
    expect(
      reasonOf({ $schema, properties: { a: { $schema: 'https://json-schema.org/draft-07/schema' } } }),
    ).toBeUndefined();
  });

  test('a pattern of a thousand characters is read, a longer one is not', () => {
    expect(reasonOf({ pattern: 'a'.repeat(1000) })).toBeUndefined();
    expect(reasonOf({ pattern: 'a'.repeat(1001) })).toBe(
      '/pattern holds a pattern that cannot be used: longer than 1000 characters',
    );
  });
});

describe('what is told', () => {
  const told = (schema: unknown, args: unknown): readonly (string | undefined)[] => {
    const result = compileSchema(read(schema));
    const fault = result.kind === 'schema' ? result.check(read(args), 'schema') : undefined;
    return [fault?.pointer, fault?.message];
  };

  test('names the place, with long keys cut', () => {
    const long = 'k'.repeat(150);
    expect(told({ additionalProperties: A }, { [long]: 5 })[0]).toBe(`/${'k'.repeat(100)}…`);
    expect(told({ additionalProperties: A }, { ['k'.repeat(100)]: 5 })[0]).toBe(`/${'k'.repeat(100)}`);
    expect(told({ items: A }, ['a', 5])).toEqual(['/1', '/1 must be a string']);
  });

  test.each<[unknown, unknown, string]>([
    [{ maxLength: 3 }, '👍👍👍👍', 'the arguments must hold at most 3 characters'],
    [{ minLength: 1 }, '', 'the arguments must hold at least 1 character'],
    [{ multipleOf: 0.1 }, 0.25, 'the arguments must be a multiple of 0.1'],
    [{ enum: ['a', 'b'] }, 'c', 'the arguments must be one of "a", "b"'],
    [{ enum: ['a'] }, 'c', 'the arguments must be "a"'],
    [false, {}, 'the arguments must be left out'],
  ])('%j', (schema, args, message) => {
    expect(told(schema, args)[1]).toBe(message);
  });

  test.each<[object, unknown, boolean]>([
    [{ maxLength: 3 }, '👍👍👍', true],
    [{ maxLength: 3 }, '👍👍ab', false],
    [{ minLength: 3 }, '👍👍', false],
    [{ minLength: 2 }, '👍👍', true],
    [{ minLength: 4 }, 'abcd', true],
    [{ minLength: 5 }, 'abcd', false],
    [{ multipleOf: 0.1 }, 0.3, true],
    [{ multipleOf: 7 }, 21, true],
    [{ multipleOf: 7 }, 22, false],
    [{ multipleOf: 7 }, 3.5, false],
    [{ multipleOf: 0.01 }, 4.35, true],
    [{ multipleOf: 1e-7 }, 1, true],
    [{ minProperties: 1 }, {}, false],
    [{ maxProperties: 1 }, { a: 1 }, true],
    [{ maxProperties: 1 }, { a: 1, b: 1 }, false],
    [{ uniqueItems: true }, [1, '1', true, null], true],
    [{ uniqueItems: true }, [1, 2, 1], false],
    [
      { uniqueItems: true },
      [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ],
      false,
    ],
    [{ uniqueItems: true }, [null, null], false],
    [{ uniqueItems: true }, ['[1]', [1]], true],
    [{ dependentRequired: { a: ['b'] } }, { a: 1 }, false],
    [{ dependentRequired: { a: ['b'] } }, { c: 1 }, true],
    [{ dependencies: { a: ['b'] } }, { a: 1, b: 1 }, true],
    [{ dependencies: { a: { required: ['c'] } } }, { a: 1 }, false],
    [{ dependentSchemas: { a: { required: ['c'] } } }, { a: 1 }, false],
    [{ dependentSchemas: { a: { required: ['c'] } } }, { b: 1 }, true],
  ])('%j and %j: %s', (schema, args, isGood) => {
    expect(passes(schema, args)).toBe(isGood);
  });
});
