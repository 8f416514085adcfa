import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../wire/json.ts';
import { RELAY, readJson } from '../../wire/read-json.ts';
import { compileSchema } from './compile-schema.ts';

function read(text: string): Json {
  const result = readJson(text, RELAY);
  if (result.kind === 'fault') throw new Error(result.reason);
  return result.value;
}

function strictly(schema: string, value: string): string {
  const compiled = compileSchema(read(schema));
  if (compiled.kind === 'problem') throw new Error(compiled.reason);
  return compiled.check(read(value), 'strict')?.message ?? 'passes';
}

describe('strict: arguments hold nothing that the schema does not name', () => {
  it.each([
    ['named properties', '{"properties":{"a":{},"b":true}}', '{"a":1,"b":2}'],
    ['names by pattern', '{"patternProperties":{"^x-":{"type":"string"}}}', '{"x-a":"1"}'],
    ['a map whose values are described', '{"additionalProperties":{"type":"string"}}', '{"any":"1"}'],
    ['names in two parts of allOf', '{"allOf":[{"properties":{"a":{}}},{"properties":{"b":{}}}]}', '{"a":1,"b":2}'],
    ['the alternative that fits', '{"anyOf":[{"type":"null"},{"properties":{"a":{}}}]}', '{"a":1}'],
    ['a reference', '{"$ref":"#/$defs/x","$defs":{"x":{"properties":{"a":{}}}}}', '{"a":1}'],
    ['then', '{"if":{"required":["a"]},"then":{"properties":{"a":{}}}}', '{"a":1}'],
    ['what is left, where it is described', '{"unevaluatedProperties":{"type":"number"}}', '{"a":1}'],
    ['items that are described', '{"items":{"type":"number"}}', '[1,2]'],
    ['places of a tuple', '{"prefixItems":[{},{}]}', '[1,2]'],
    [
      'one object described twice',
      '{"allOf":[{"properties":{"o":{"properties":{"a":{}}}}},{"properties":{"o":{"properties":{"b":{}}}}}]}',
      '{"o":{"a":1,"b":2}}',
    ],
    [
      'names of a prototype, when named',
      '{"properties":{"__proto__":{},"toString":{}}}',
      '{"__proto__":1,"toString":2}',
    ],
    ['nothing, where nothing is named', '{"type":"object"}', '{}'],
  ])('lets pass %s', (_what, schema, value) => {
    expect(strictly(schema, value)).toBe('passes');
  });

  it.each([
    ['an object without properties', '{"type":"object"}', '{"a":1}', 'the arguments must hold no property "a"'],
    ['additionalProperties true', '{"properties":{"a":{}},"additionalProperties":true}', '{"b":1}', '"b"'],
    ['additionalProperties {}', '{"properties":{"a":{}},"additionalProperties":{}}', '{"b":1}', '"b"'],
    ['a description that asks for nothing', '{"additionalProperties":{"description":"any"}}', '{"b":1}', '"b"'],
    [
      'a key further in',
      '{"properties":{"a":{"properties":{"b":{}}}}}',
      '{"a":{"b":1,"c":2}}',
      '/a must hold no property "c"',
    ],
    ['a key in an item', '{"items":{"type":"object"}}', '[{},{"x":1}]', '/1 must hold no property "x"'],
    [
      'what stands below a property of any kind',
      '{"properties":{"data":{}}}',
      '{"data":{"x":1}}',
      '/data must hold no property "x"',
    ],
    [
      'names in an alternative that does not fit',
      '{"anyOf":[{"properties":{"a":{"const":1}}},{"type":"object"}]}',
      '{"a":2}',
      '"a"',
    ],
    ['names in not', '{"not":{"properties":{"a":{"const":1}},"required":["a"]}}', '{"a":2}', '"a"'],
    ['a required name alone', '{"required":["a"]}', '{"a":1}', '"a"'],
    ['names of a prototype', '{"properties":{"a":{}}}', '{"constructor":1}', '"constructor"'],
    ['__proto__', '{"properties":{"a":{}}}', '{"__proto__":{"a":1}}', '"__proto__"'],
    ['items of which nothing is said', '{"type":"array"}', '[1]', 'must hold no item 0'],
    ['items beyond a tuple', '{"prefixItems":[{}]}', '[1,2]', 'must hold no item 1'],
    [
      'what does not satisfy the schema anyway',
      '{"properties":{"a":{"type":"string"}}}',
      '{"a":1}',
      '/a must be a string',
    ],
  ])('refuses %s', (_what, schema, value, message) => {
    expect(strictly(schema, value)).toContain(message);
  });
});

describe('laws of the validator', () => {
  const runs = { numRuns: Number(process.env['TOOLGATE_RUNS'] ?? 500) };
  const key = fc.constantFrom('a', 'b', 'type', '__proto__', 'toString');
  const value = fc.jsonValue({ maxDepth: 3 });
  const { schema } = fc.letrec((tie) => ({
    schema: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom(true, false, {}, { type: 'object' }, { type: 'string' }, { $ref: '#' }, { type: 'integer' }),
      fc.record({ properties: fc.dictionary(key, tie('schema'), { maxKeys: 3 }), required: fc.uniqueArray(key) }),
      fc.record({ additionalProperties: tie('schema'), patternProperties: fc.dictionary(key, tie('schema')) }),
      fc.record({ anyOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }), not: tie('schema') }),
      fc.record({
        oneOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }),
        unevaluatedProperties: tie('schema'),
      }),
      fc.record({
        prefixItems: fc.array(tie('schema'), { maxLength: 2 }),
        contains: tie('schema'),
        uniqueItems: fc.boolean(),
      }),
      fc.record(
        // biome-ignore lint/suspicious/noThenProperty: it is a keyword of JSON Schema
        { if: tie('schema'), then: tie('schema'), items: tie('schema'), enum: fc.array(value) },
        { requiredKeys: [] },
      ),
      fc.dictionary(fc.constantFrom('type', 'items', 'required', '$ref', 'pattern', 'multipleOf'), value),
    ),
  }));

  it('answers for any schema and any value, and the same each time; strict never lets more pass', () => {
    fc.assert(
      fc.property(schema, value, (anySchema, anyValue) => {
        const compiled = compileSchema(read(JSON.stringify(anySchema)));
        if (compiled.kind === 'problem') return;
        const args = read(JSON.stringify(anyValue));
        const plain = compiled.check(args, 'schema');
        expect(compiled.check(args, 'schema')).toEqual(plain);
        if (plain !== undefined) expect(compiled.check(args, 'strict')).toBeDefined();
      }),
      runs,
    );
  });

  it('a double negation changes nothing, unless it cannot be judged', () => {
    fc.assert(
      fc.property(schema, value, (anySchema, anyValue) => {
        const plain = compileSchema(read(JSON.stringify({ $defs: { s: anySchema }, allOf: [{ $ref: '#/$defs/s' }] })));
        const twice = compileSchema(
          read(JSON.stringify({ $defs: { s: anySchema }, allOf: [{ not: { not: { $ref: '#/$defs/s' } } }] })),
        );
        if (plain.kind === 'problem' || twice.kind === 'problem') return;
        // The reference to the whole would see the negation.
        if (JSON.stringify(anySchema).includes('"#"')) return;
        const args = read(JSON.stringify(anyValue));
        expect(twice.check(args, 'schema') === undefined).toBe(plain.check(args, 'schema') === undefined);
      }),
      runs,
    );
  });
});
