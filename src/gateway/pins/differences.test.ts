import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Json, objectOf } from '../../wire/json.ts';
import { RELAY, readJson } from '../../wire/read-json.ts';
import { canonicalJson } from '../../wire/write-json.ts';
import { type Difference, differences } from './differences.ts';

function json(text: string): Json {
  const read = readJson(text, RELAY);
  if (read.kind !== 'value') throw new Error(read.reason);
  return read.value;
}

/** Values as the reader gives them, out of so few words that many are nearly equal. */
const value: fc.Arbitrary<Json> = fc
  .letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom('0', '-0', '1', '1.0', '9007199254740993', '9007199254740992', 'null', 'true', '""', '"a"'),
      fc.array(tie('any') as fc.Arbitrary<string>, { maxLength: 3 }).map((items) => `[${items.join(',')}]`),
      fc
        .dictionary(fc.constantFrom('a', '~/', '', '__proto__', 'rawJSON'), tie('any') as fc.Arbitrary<string>, {
          maxKeys: 3,
        })
        .map((members) => `{${Object.entries(members).map(([key, text]) => `${JSON.stringify(key)}:${text}`)}}`),
    ),
  }))
  .any.map((text) => json(text as string));

/** What a JSON Pointer finds. */
function at(root: Json, pointer: string): Json | undefined {
  let found: Json | undefined = root;
  for (const step of pointer.split('/').slice(1)) {
    found = (found as Record<string, Json>)?.[step.replaceAll('~1', '/').replaceAll('~0', '~')];
  }
  return found;
}

const textOf = (one: Json | undefined): string => (one === undefined ? 'nothing' : canonicalJson(one));

test('there are none exactly if the canonical texts are equal', () => {
  fc.assert(
    fc.property(value, value, (before, after) => {
      expect(differences(before, after).length === 0).toBe(canonicalJson(before) === canonicalJson(after));
      expect(differences(before, json(canonicalJson(before)))).toEqual([]);
    }),
    { numRuns: 2_000 },
  );
});

test('each tells what stands at its place before and after, and no place is told twice', () => {
  fc.assert(
    fc.property(value, value, (before, after) => {
      const found = differences(before, after);
      for (const one of found) {
        expect(textOf(one.before)).toBe(textOf(at(before, one.pointer)));
        expect(textOf(one.after)).toBe(textOf(at(after, one.pointer)));
        expect(textOf(one.before)).not.toBe(textOf(one.after));
      }
      expect(new Set(found.map(({ pointer }) => pointer)).size).toBe(found.length);
    }),
    { numRuns: 2_000 },
  );
});

test('a definition that was tampered with is told by place', () => {
  const before = json('{"name":"add","inputSchema":{"properties":{"a":{"type":"number"}},"required":["a"]}}');
  const after = json('{"name":"add","inputSchema":{"properties":{"a":{"type":"string"}},"required":["a","note"]}}');
  expect(differences(before, after)).toEqual<readonly Difference[]>([
    { pointer: '/inputSchema/properties/a/type', before: 'number', after: 'string' },
    { pointer: '/inputSchema/required/1', before: undefined, after: 'note' },
  ]);
  expect(differences(objectOf([]), objectOf([]))).toEqual([]);
});
