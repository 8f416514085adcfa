import fc from 'fast-check';
import type { Json, JsonObject } from '../../src/wire/json.ts';
import { readJson, STRICT } from '../../src/wire/read-json.ts';

/** The value as the strict reader would give it: bare objects, no stranger's prototype. */
export function strict(value: unknown): Json {
  const read = readJson(JSON.stringify(value), STRICT);
  if (read.kind === 'fault') throw new Error(read.reason);
  return read.value;
}

export function strictObject(value: unknown): JsonObject {
  return strict(value) as JsonObject;
}

/** Few numbers, so that conditions and arguments meet. */
export const number: fc.Arbitrary<number> = fc.constantFrom(0, 1, 5, 5.5, -1, 100);
/** Few texts, some of which spell other values. */
export const text: fc.Arbitrary<string> = fc.constantFrom('5', '5.0', 'true', 'abc', 'ABC', 'a', '', 'a/b c', 'null');

export const scalar: fc.Arbitrary<Json> = fc.oneof(
  { weight: 4, arbitrary: number },
  { weight: 4, arbitrary: text },
  { weight: 2, arbitrary: fc.boolean() },
  { weight: 1, arbitrary: fc.constant(null) },
);

const point: fc.Arbitrary<Json> = fc.record({ x: scalar, y: scalar }, { requiredKeys: [] });

/** Any value that stands in arguments or in a condition. */
export const value: fc.Arbitrary<Json> = fc.oneof(
  { weight: 6, arbitrary: scalar },
  { weight: 1, arbitrary: fc.array(scalar, { maxLength: 3 }) },
  { weight: 1, arbitrary: point },
);

const wrong = { weight: 1, arbitrary: value };

/** Arguments of a call; the paths of conditions lead into them, sometimes through values of the wrong type. */
export const args: fc.Arbitrary<JsonObject> = fc
  .record(
    {
      a: value,
      b: value,
      'odd key': value,
      point: fc.oneof({ weight: 3, arbitrary: point }, wrong),
      list: fc.oneof({ weight: 4, arbitrary: fc.array(scalar, { maxLength: 3 }) }, wrong),
      points: fc.oneof(
        { weight: 4, arbitrary: fc.array(fc.oneof({ weight: 4, arbitrary: point }, wrong), { maxLength: 3 }) },
        wrong,
      ),
      matrix: fc.oneof(
        { weight: 4, arbitrary: fc.array(fc.oneof(fc.array(scalar, { maxLength: 2 }), value), { maxLength: 2 }) },
        wrong,
      ),
    },
    { requiredKeys: [] },
  )
  .map(strictObject);
