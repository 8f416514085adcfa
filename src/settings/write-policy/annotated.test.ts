import fc from 'fast-check';
import { expect, test } from 'vitest';
import { below } from '../../policy/problem.ts';
import { canonicalJson } from '../../wire/write-json.ts';
import { readJsonSource } from '../json-source.ts';
import { annotatedJson } from './annotated.ts';

test('notes stand above what they speak of', () => {
  const value = { version: '1', tools: { act: { limits: [{ max: 5 }] }, other: {} } };
  const notes = new Map([
    ['', ['Above all.', 'A second line.']],
    ['/tools/act', ['12 calls']],
    ['/tools/act/limits/0', ['at most 3']],
  ]);
  expect(annotatedJson(value, notes)).toBe(`// Above all.
// A second line.
{
  "version": "1",
  "tools": {
    // 12 calls
    "act": {
      "limits": [
        // at most 3
        { "max": 5 }
      ]
    },
    "other": {}
  }
}
`);
});

test('no note ends its comment, and what is written is the value', () => {
  const TEXT = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\n}', '*/', '\u2028"x":1', '\r,', '\u0085'));
  fc.assert(
    fc.property(fc.dictionary(TEXT, fc.jsonValue()), TEXT, fc.dictionary(TEXT, TEXT), (value, note, inner) => {
      const document = JSON.parse(JSON.stringify({ ...value, inner }));
      const notes = new Map([
        ['', [note]],
        ...Object.keys(inner).map((key) => [below('/inner', key), [note]] as const),
      ]);
      const text = annotatedJson(document, notes);
      const read = readJsonSource(text);
      expect(read.kind === 'value' && canonicalJson(read.value)).toBe(canonicalJson(document));
    }),
  );
});
