import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from './json.ts';
import { RELAY, type ReadResult, readJson, STRICT } from './read-json.ts';
import { canonicalJson, writeJson } from './write-json.ts';

function reasonOf(text: string): string {
  const read = readJson(text, STRICT);
  return read.kind === 'fault' ? read.reason : `read as ${writeJson(read.value)}`;
}

function readValue(read: ReadResult): Json {
  if (read.kind === 'fault') throw new Error(read.reason);
  return read.value;
}

const runs = { numRuns: Number(process.env['TOOLGATE_RUNS'] ?? 500) };

describe('the strict reader refuses what two readers could take differently', () => {
  it.each([
    ['equal keys', '{"a":1,"a":2}', 'stands twice'],
    ['equal keys, one of them escaped', '{"a":1,"\\u0061":2}', 'stands twice'],
    ['equal keys deep inside', '{"x":[{"name":1,"name":1}]}', 'stands twice'],
    ['a second __proto__', '{"__proto__":1,"__proto__":2}', 'stands twice'],
    ['an integer past 2^53', '9007199254740993', 'cannot be carried exactly'],
    ['a number past every double', '1e400', 'cannot be carried exactly'],
    ['more digits than a double holds', '0.10000000000000001', 'cannot be carried exactly'],
    ['a lone surrogate, escaped', '"\\ud800"', 'lone surrogate'],
    ['a lone surrogate in the text', '"\ud800"', 'lone surrogate'],
    ['a byte order mark', '\ufeff{}', 'not a JSON value'],
    ['text after the value', '{} {}', 'after the end'],
    ['a raw line feed in a string', '"a\nb"', 'control character'],
    ['a NUL in a key', '{"a\u0000":1}', 'control character'],
    ['a leading zero', '01', 'not a JSON value'],
    ['a comma with nothing before it', '[,]', 'not a JSON value'],
    ['single quotes', "{'a':1}", 'double quotes'],
    ['NaN', 'NaN', 'not a JSON value'],
    ['nothing', '', 'not a JSON value'],
  ])('%s', (_, text, reason) => {
    expect(reasonOf(text)).toContain(reason);
  });

  it('nesting of 100,000, without running out of stack', () => {
    expect(reasonOf('['.repeat(100_000))).toBe('nested deeper than allowed');
    expect(reasonOf('{"a":'.repeat(100_000))).toBe('nested deeper than allowed');
  });

  it('more values than allowed', () => {
    expect(reasonOf(`[${'1,'.repeat(200_001)}1]`)).toBe('more values than allowed');
  });
});

describe('a comma after the last member', () => {
  it.each([
    ['{"a":1,}', 'remove the comma before "}"', 6],
    ['{"a":1 , \n}', 'remove the comma before "}"', 7],
    ['[1,]', 'remove the comma before "]"', 2],
    ['{"a":[1,2,\n ],"b":2}', 'remove the comma before "]"', 9],
  ])('%j: says what to remove, and where', (text, reason, at) => {
    expect(readJson(text, STRICT)).toEqual({ kind: 'fault', reason, at });
  });
});

describe('what it reads', () => {
  it('has no inherited keys, and __proto__ is a key like any other', () => {
    const read = readValue(readJson('{"__proto__":{"polluted":true},"constructor":1}', STRICT));
    expect((read as Record<string, Json>)['polluted']).toBeUndefined();
    expect((read as Record<string, Json>)['toString']).toBeUndefined();
    expect(writeJson(read)).toBe('{"__proto__":{"polluted":true},"constructor":1}');
  });

  it('takes numbers whose value a double has exactly, however they are spelt', () => {
    expect(readValue(readJson('[1.0, 1e2, -0, 0.1, 1E-7, 123456789012345, 100000000000000000000]', STRICT))).toEqual([
      1, 100, 0, 0.1, 1e-7, 123456789012345, 1e20,
    ]);
  });

  it('keeps the text of a server’s number that no double has', () => {
    const text = '{"id":9007199254740993,"pi":3.14159265358979323846,"big":1e400}';
    expect(writeJson(readValue(readJson(text, RELAY)))).toBe(text);
  });

  it('equals what JSON.parse reads, for every JSON text', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(0, 1, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(JSON.parse(writeJson(readValue(readJson(text, STRICT))))).toEqual(JSON.parse(text));
      }),
      runs,
    );
  });

  it('agrees with JSON.parse on damaged texts: what it reads, JSON.parse reads alike', () => {
    const damaged = fc
      .tuple(
        fc.jsonValue({ maxDepth: 4 }),
        fc.nat(),
        fc.constantFrom('', '"', '\\', ',', '}', ']', '0', 'e', '\u0000', '{'),
      )
      .map(([value, at, put]) => {
        const text = JSON.stringify(value);
        const place = at % (text.length + 1);
        return text.slice(0, place) + put + text.slice(place + 1);
      });
    fc.assert(
      fc.property(damaged, (text) => {
        const read = readJson(text, STRICT);
        if (read.kind === 'value') expect(JSON.parse(writeJson(read.value))).toEqual(JSON.parse(text));
        else expect(read.at).toBeLessThanOrEqual(text.length);
      }),
      runs,
    );
  });

  it('has one canonical text, whatever the order of keys', () => {
    const one = readValue(readJson('{"b":1,"a":{"d":[1,2],"c":null}}', STRICT));
    const other = readValue(readJson('{"a":{"c":null,"d":[1.0,2e0]},"b":1}', STRICT));
    expect(canonicalJson(one)).toBe('{"a":{"c":null,"d":[1,2]},"b":1}');
    expect(canonicalJson(other)).toBe(canonicalJson(one));
  });
});

it('writes one line even for readers that break lines at U+0085, U+2028 and U+2029', () => {
  const text = writeJson({ 'n\u0085': 'a\u2028b\u2029c\u0085' });
  expect(text).toBe('{"n\\u0085":"a\\u2028b\\u2029c\\u0085"}');
  expect(JSON.parse(text)).toEqual({ 'n\u0085': 'a\u2028b\u2029c\u0085' });
});
