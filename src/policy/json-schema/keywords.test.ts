import { describe, expect, it } from 'vitest';
import type { Json } from '../../wire/json.ts';
import { RELAY, readJson } from '../../wire/read-json.ts';
import { compileSchema } from './compile-schema.ts';

function read(text: string): Json {
  const result = readJson(text, RELAY);
  if (result.kind === 'fault') throw new Error(result.reason);
  return result.value;
}

function passes(schema: string, value: string): boolean {
  const compiled = compileSchema(read(schema));
  if (compiled.kind === 'problem') throw new Error(compiled.reason);
  const fault = compiled.check(read(value), 'schema');
  if (fault?.message.includes('cannot be judged') === true) throw new Error(fault.message);
  return fault === undefined;
}

/** Schema, what satisfies it, what does not. */
type Case = readonly [schema: string, valid: readonly string[], invalid: readonly string[]];

const DRAFT_07 = '"$schema":"http://json-schema.org/draft-07/schema#"';
const DRAFT_2019 = '"$schema":"https://json-schema.org/draft/2019-09/schema"';

const GROUPS: { readonly [group: string]: readonly Case[] } = {
  'boolean schemas': [
    ['true', ['1', 'null', '{}'], []],
    ['false', [], ['1', 'null', '{}']],
    ['{}', ['1', '"a"', '[[]]'], []],
    ['{"properties":{"a":true,"b":false}}', ['{}', '{"a":1}'], ['{"b":1}', '{"a":1,"b":2}']],
  ],
  type: [
    ['{"type":"integer"}', ['1', '1.0', '-3', '1e3', '1e300'], ['1.1', '"1"', 'null', 'true', '{}', '[]']],
    ['{"type":"number"}', ['1', '1.5'], ['"1"', 'null', 'false']],
    ['{"type":"string"}', ['""', '"1"'], ['1', 'null', '{}', '[]', 'true']],
    ['{"type":"object"}', ['{}'], ['[]', 'null', '"a"']],
    ['{"type":"array"}', ['[]'], ['{}', 'null']],
    ['{"type":"boolean"}', ['true', 'false'], ['0', '""', 'null', '"true"']],
    ['{"type":"null"}', ['null'], ['0', 'false', '""', '{}', '[]']],
    ['{"type":["integer","string"]}', ['1', '"a"'], ['null', '1.5', 'true', '[]']],
  ],
  'enum and const': [
    ['{"enum":[1,2,3]}', ['1', '2.0'], ['4', '"1"', 'true']],
    ['{"enum":[6,"foo",[],true,{"foo":12}]}', ['[]', '{"foo":12.0}'], ['null', '{"foo":false}', '{"foo":12,"boo":4}']],
    ['{"enum":[[0],{"a":0}]}', ['[0]', '{"a":0}'], ['[false]', '{"a":false}', '0']],
    ['{"enum":[null]}', ['null'], ['0', '""', 'false']],
    ['{"const":{"a":1,"b":[2]}}', ['{"b":[2],"a":1}'], ['{"a":1}', '{"a":1,"b":[2],"c":3}', '[]']],
    ['{"const":null}', ['null'], ['0', '{}']],
    ['{"const":false}', ['false'], ['0', '[]', 'null']],
    ['{"const":0}', ['0', '-0', '0.0'], ['false', '"0"', '1']],
    ['{"const":"a\\u0000b"}', ['"a\\u0000b"'], ['"ab"']],
    ['{"const":{"__proto__":{"a":1}}}', ['{"__proto__":{"a":1}}'], ['{}', '{"__proto__":{}}']],
  ],
  numbers: [
    ['{"minimum":1.1}', ['1.1', '2', '"a"'], ['0.6']],
    ['{"maximum":300}', ['300', '299.97', '{}'], ['300.5']],
    ['{"exclusiveMinimum":1.1}', ['1.2'], ['1.1', '0']],
    ['{"exclusiveMaximum":3}', ['2.9'], ['3', '4']],
    ['{"multipleOf":2}', ['10', '0', '-4', '"x"'], ['7', '2.5']],
    ['{"multipleOf":0.01}', ['19.99', '0.07', '4.35', '1.1', '-0.29'], ['0.0075', '19.995']],
    ['{"multipleOf":0.0001}', ['0.0075'], ['0.00751']],
    ['{"multipleOf":1e-8}', ['12391239123'], ['1e-9']],
    ['{"maximum":18446744073709551615}', ['18446744073709550000'], ['18446744073709552000']],
    ['{"minimum":1e400}', [], ['1e300', '0']],
  ],
  strings: [
    ['{"minLength":2}', ['"fo"', '1'], ['"f"', '"\u{1F4A9}"']],
    ['{"maxLength":2}', ['"fo"', '"\u{1F4A9}\u{1F4A9}"'], ['"foo"']],
    ['{"minLength":2.0}', ['"ab"'], ['"a"']],
    ['{"maxLength":18446744073709551615}', ['"abc"'], []],
    ['{"pattern":"^a*$"}', ['"aaa"', '""', '5'], ['"abc"']],
    ['{"pattern":"a+"}', ['"xxaayy"'], ['"xyz"']],
    ['{"pattern":"^\\\\S+@\\\\S+$"}', ['"a@b.example"'], ['"a b@c"', '"a\u00a0b@c"']],
    ['{"format":"email"}', ['"no address"'], []],
  ],
  arrays: [
    ['{"items":{"type":"integer"}}', ['[1,2]', '[]', '{"0":"a"}'], ['[1,"x"]']],
    ['{"items":false}', ['[]'], ['[1]']],
    ['{"prefixItems":[{"type":"integer"},{"type":"string"}]}', ['[1,"a"]', '[1]', '[1,"a",true]'], ['["a",1]']],
    ['{"prefixItems":[{}],"items":{"type":"integer"}}', ['["x",1]', '["x"]'], ['["x","y"]']],
    ['{"items":[{"type":"integer"}],"additionalItems":false}', ['[1]', '[]'], ['[1,2]', '["a"]']],
    [`{${DRAFT_07},"items":[{}],"additionalItems":{"type":"integer"}}`, ['["a",1]'], ['["a","b"]']],
    ['{"additionalItems":false}', ['[1,2]'], []],
    ['{"contains":{"minimum":5}}', ['[3,5]', '{}'], ['[]', '[3,4]']],
    ['{"contains":true,"items":false}', [], ['[]', '[1]']],
    ['{"contains":{"const":1},"minContains":2,"maxContains":3}', ['[1,1]', '[1,1,1,2]'], ['[1]', '[1,1,1,1]', '[]']],
    ['{"contains":{"const":1},"minContains":0}', ['[]', '[2]'], []],
    ['{"minContains":2}', ['[]'], []],
    ['{"minItems":1,"maxItems":2}', ['[1]', '[1,2]', '""'], ['[]', '[1,2,3]']],
    ['{"uniqueItems":true}', ['[1,2]', '[1,true]', '["1",1]', '[{"a":1},{"a":2}]'], ['[1,1.0]', '[[1],[1]]']],
    ['{"uniqueItems":true}', ['[[0],[false]]', '[null,0,"",false]'], ['[{"a":1,"b":2},{"b":2,"a":1}]', '["a","a"]']],
    ['{"uniqueItems":false}', ['[1,1]'], []],
  ],
  objects: [
    ['{"properties":{"foo":{"type":"integer"}}}', ['{"foo":1}', '{"bar":[]}', '[]'], ['{"foo":"x"}']],
    ['{"properties":{"foo":{"type":"null"}}}', ['{"foo":null}'], ['{"foo":0}']],
    ['{"required":["foo"]}', ['{"foo":null}', '[]', '12'], ['{}', '{"bar":1}']],
    ['{"required":["__proto__","toString","constructor"]}', ['{"__proto__":1,"toString":1,"constructor":1}'], ['{}']],
    ['{"properties":{"__proto__":{"type":"number"}}}', ['{}', '{"__proto__":1}'], ['{"__proto__":"x"}']],
    ['{"properties":{"toString":{"type":"number"}}}', ['{}', '{"toString":1}'], ['{"toString":"x"}']],
    ['{"additionalProperties":false}', ['{}'], ['{"constructor":1}', '{"__proto__":1}']],
    [
      '{"properties":{"foo":{},"bar":{}},"patternProperties":{"^v":{}},"additionalProperties":false}',
      ['{"foo":1}', '{"foo":1,"vroom":2}', '"x"'],
      ['{"foo":1,"quux":2}'],
    ],
    ['{"additionalProperties":{"type":"boolean"}}', ['{"a":true}'], ['{"a":1}']],
    [
      '{"patternProperties":{"a*":{"type":"integer"},"aaa*":{"maximum":20}}}',
      ['{"a":21}', '{"aaaa":18}'],
      ['{"a":"bar"}', '{"aaaa":31}'],
    ],
    ['{"patternProperties":{"[0-9]{2,}":{"type":"boolean"}}}', ['{"a31b":true,"x":1}'], ['{"a31b":null}']],
    ['{"propertyNames":{"maxLength":3}}', ['{"foo":1}', '{}', '[]'], ['{"foobar":1}']],
    ['{"propertyNames":false}', ['{}'], ['{"a":1}']],
    ['{"minProperties":1,"maxProperties":2}', ['{"a":1}', '[]'], ['{}', '{"a":1,"b":2,"c":3}']],
    ['{"dependentRequired":{"a":["b"]}}', ['{}', '{"b":1}', '{"a":1,"b":1}'], ['{"a":1}']],
    ['{"dependentRequired":{"toString":["b"]}}', ['{}'], ['{"toString":1}']],
    [
      '{"dependentSchemas":{"a":{"properties":{"b":{"type":"integer"}}}}}',
      ['{"a":1,"b":2}', '{"b":"x"}'],
      ['{"a":1,"b":"x"}'],
    ],
    [`{${DRAFT_07},"dependencies":{"a":["b"],"c":{"required":["d"]}}}`, ['{"c":1,"d":1}'], ['{"a":1}', '{"c":1}']],
  ],
  combinations: [
    ['{"allOf":[{"required":["a"]},{"required":["b"]}]}', ['{"a":1,"b":1}'], ['{"a":1}']],
    ['{"anyOf":[{"type":"integer"},{"minimum":2}]}', ['1', '2.5', '3'], ['1.5']],
    ['{"oneOf":[{"type":"integer"},{"minimum":2}]}', ['1', '2.5'], ['3', '1.5']],
    ['{"oneOf":[true,true,false]}', [], ['1']],
    ['{"not":{"type":"integer"}}', ['"a"', '1.1'], ['1']],
    ['{"not":{"not":{"type":"integer"}}}', ['1'], ['"a"']],
    ['{"not":{}}', [], ['1', '{}']],
    ['{"if":{"exclusiveMaximum":0},"then":{"minimum":-10},"else":{"multipleOf":2}}', ['-1', '4'], ['-100', '3']],
    ['{"then":{"const":0},"else":{"const":1}}', ['"neither"'], []],
  ],
  references: [
    ['{"properties":{"foo":{"$ref":"#"}},"additionalProperties":false}', ['{"foo":{"foo":{}}}'], ['{"foo":{"bar":1}}']],
    ['{"$defs":{"a":{"type":"integer"}},"$ref":"#/$defs/a"}', ['1'], ['"a"']],
    ['{"$defs":{"a":{"type":"integer"}},"$ref":"#/$defs/a","maximum":5}', ['4'], ['6', '"a"']],
    [
      `{${DRAFT_07},"definitions":{"a":{"type":"integer"}},"properties":{"x":{"$ref":"#/definitions/a","maximum":5}}}`,
      ['{"x":6}'],
      ['{"x":"a"}'],
    ],
    [
      '{"$defs":{"a/b":{"type":"integer"},"c%d":{"type":"null"}},"properties":{"x":{"$ref":"#/$defs/a~1b"},"y":{"$ref":"#/$defs/c%25d"}}}',
      ['{"x":1,"y":null}'],
      ['{"x":null}', '{"y":1}'],
    ],
    ['{"$defs":{"A":{"$anchor":"foo","type":"integer"}},"$ref":"#foo"}', ['1'], ['"a"']],
    [
      `{${DRAFT_07},"definitions":{"A":{"$id":"#foo","type":"integer"}},"properties":{"x":{"$ref":"#foo"}}}`,
      ['{"x":1}'],
      ['{"x":"a"}'],
    ],
    [
      '{"$id":"https://tools.example/s","$defs":{"a":{"type":"integer"}},"properties":{"x":{"$ref":"https://tools.example/s#/$defs/a"}}}',
      ['{"x":1}'],
      ['{"x":"a"}'],
    ],
    ['{"properties":{"$ref":{"type":"string"}}}', ['{"$ref":"a"}'], ['{"$ref":2}']],
    ['{"prefixItems":[{"type":"integer"},{"$ref":"#/prefixItems/0"}]}', ['[1,2]'], ['[1,"a"]']],
  ],
  unevaluated: [
    ['{"properties":{"a":{}},"unevaluatedProperties":false}', ['{"a":1}', '[]'], ['{"a":1,"b":1}']],
    [
      '{"allOf":[{"properties":{"a":{}}}],"properties":{"b":{}},"unevaluatedProperties":false}',
      ['{"a":1,"b":1}'],
      ['{"c":1}'],
    ],
    ['{"allOf":[{"additionalProperties":true}],"unevaluatedProperties":false}', ['{"a":1}'], []],
    [
      '{"anyOf":[{"properties":{"a":{"const":1}},"required":["a"]},{"properties":{"b":{}},"required":["b"]}],"unevaluatedProperties":false}',
      ['{"a":1}', '{"a":1,"b":2}'],
      ['{"a":2,"b":2}', '{"a":1,"c":1}'],
    ],
    [
      '{"if":{"properties":{"k":{"const":"x"}},"required":["k"]},"then":{"properties":{"v":{}}},"unevaluatedProperties":false}',
      ['{"k":"x","v":1}', '{}'],
      ['{"k":"y"}', '{"v":1}'],
    ],
    ['{"allOf":[{"properties":{"a":{}}},{"unevaluatedProperties":false}]}', ['{}'], ['{"a":1}']],
    ['{"not":{"not":{"properties":{"a":{}}}},"unevaluatedProperties":false}', ['{}'], ['{"a":1}']],
    [
      '{"$ref":"#/$defs/d","$defs":{"d":{"properties":{"a":{}}}},"unevaluatedProperties":{"type":"null"}}',
      ['{"a":1,"b":null}'],
      ['{"b":1}'],
    ],
    [
      '{"dependentSchemas":{"a":{"properties":{"b":{}}}},"properties":{"a":{}},"unevaluatedProperties":false}',
      ['{"a":1,"b":1}'],
      ['{"b":1}'],
    ],
    [
      '{"properties":{"in":{"properties":{"a":{}}}},"unevaluatedProperties":false}',
      ['{"in":{"a":1,"z":1}}'],
      ['{"a":1}'],
    ],
    ['{"unevaluatedProperties":false}', ['{}'], ['{"toString":1}', '{"__proto__":1}']],
    ['{"prefixItems":[{}],"unevaluatedItems":false}', ['[1]'], ['[1,2]']],
    ['{"allOf":[{"prefixItems":[{},{}]}],"unevaluatedItems":{"type":"null"}}', ['[1,2,null]'], ['[1,2,3]']],
    ['{"contains":{"type":"string"},"unevaluatedItems":false}', ['["a","b"]'], ['["a",1]']],
    [`{${DRAFT_2019},"contains":{"type":"string"},"unevaluatedItems":false}`, [], ['["a"]']],
    ['{"items":{},"unevaluatedItems":false}', ['[1,2]'], []],
  ],
  'what asserts nothing': [
    ['{"title":"t","description":"d","default":5,"examples":[1],"deprecated":true,"readOnly":true}', ['"a"', '{}'], []],
    ['{"nullable":true,"type":"string"}', ['"a"'], ['null']],
    ['{"x-order":1,"contentEncoding":"base64","$comment":"c"}', ['"%"'], []],
    ['{"properties":{"a":{"type":"string","default":5}}}', ['{}'], ['{"a":5}']],
  ],
};

describe('the keywords mean what the specification says', () => {
  describe.each(Object.entries(GROUPS))('%s', (_group, cases) => {
    it.each(cases)('%s', (schema, valid, invalid) => {
      expect(valid.filter((value) => !passes(schema, value))).toEqual([]);
      expect(invalid.filter((value) => passes(schema, value))).toEqual([]);
    });
  });
});
