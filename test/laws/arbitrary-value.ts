import fc from 'fast-check';
import type { Json, JsonObject } from '../../src/wire/json.ts';
import { readJson, STRICT } from '../../src/wire/read-json.ts';
import { STATEMENTS } from './statements.ts';

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

/** Texts of a kind that the typed operators know, none of them devious. */
const TYPED = {
  url: [
    'https://example.com/x',
    'https://EXAMPLE.com/x',
    'https://api.example.com/?q=1',
    'http://a.b.example.com:8080/',
    'https://example.com.evil.org/',
    'https://notexample.com/',
    'http://10.0.0.5/x',
  ],
  path: ['/srv/data/a.txt', '/srv/data/b/c', '/srv/database', '/srv/data/../secret', '/srv/data/./a', '/etc/passwd'],
  ip: ['10.1.2.3', '11.0.0.1', '192.168.1.255', '192.168.2.1', '::ffff:10.1.2.3', '2001:db8::1', '2001:db9::1', '::1'],
  email: ['a@example.com', 'b@other.org', 'c@sub.example.com', 'd@example.com.evil.org'],
  sql: STATEMENTS.map((one) => one.text),
} as const satisfies { readonly [key: string]: readonly string[] };

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

function mostly(right: fc.Arbitrary<Json>): fc.Arbitrary<Json> {
  return fc.oneof({ weight: 6, arbitrary: right }, { weight: 1, arbitrary: fc.constantFrom(null, 5, true, [], {}) });
}

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
      n: fc.oneof({ weight: 8, arbitrary: fc.constantFrom(0, 1, 2.5, 0.1, 1e15, 40) }, wrong),
      account: fc.oneof({ weight: 4, arbitrary: scalar }, wrong),
      url: mostly(fc.constantFrom(...TYPED.url)),
      urls: mostly(fc.array(fc.constantFrom(...TYPED.url), { maxLength: 3 })),
      path: mostly(fc.constantFrom(...TYPED.path)),
      ip: mostly(fc.constantFrom(...TYPED.ip)),
      email: mostly(fc.constantFrom(...TYPED.email)),
      sql: mostly(fc.constantFrom(...TYPED.sql)),
    },
    { requiredKeys: ['n', 'account'] },
  )
  .map(strictObject);
