import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from '../wire/write-json.ts';
import { readJsonSource } from './json-source.ts';
import { offsetOf } from './place.ts';
import { readYamlSource } from './yaml-source.ts';

const json = fc.json({ stringUnit: 'grapheme', maxDepth: 5 });

test('a text that is both JSON and YAML says the same in both', () => {
  fc.assert(
    fc.property(json, (text) => {
      const asJson = readJsonSource(text);
      const asYaml = readYamlSource(text);
      // Equal keys, or a number beyond doubles: refused by both.
      const inJson = asJson.kind === 'fault' ? 'refused' : canonicalJson(asJson.value);
      const inYaml = asYaml.kind === 'fault' ? 'refused' : canonicalJson(asYaml.value);
      expect(inYaml).toBe(inJson);
    }),
  );
});

test.each([['{"a": [1, {"b~/": true}], "c": null}', ['', '/a', '/a/0', '/a/1/b~0~1', '/c', '/c/nothing']]])(
  'and its parts stand at the same places: %s',
  (text, pointers) => {
    const [asJson, asYaml] = [readJsonSource(text), readYamlSource(text)];
    if (asJson.kind === 'fault' || asYaml.kind === 'fault') return expect.unreachable();
    const places = pointers.map((pointer) => offsetOf(asJson.places(), pointer));
    expect(places).toEqual([0, 1, 7, 11, 26, 26]);
    expect(pointers.map((pointer) => offsetOf(asYaml.places(), pointer))).toEqual(places);
  },
);
