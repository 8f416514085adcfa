import { afterAll, describe, expect, test } from 'vitest';
import { NOTHING, sum, tryBatch } from './batch.ts';
import { compare } from './compare.ts';
import { keptMessages } from './kept.ts';
import { buildGo, startReaders } from './readers.ts';

/** A slice of `npm run proof:wire`, always the same one. */
const SEEDS = Array.from({ length: 12 }, (_, index) => 1 + index);

const go = buildGo();
// A machine without Go has one kind of reader less, and says so.
for (const missing of go.missing) console.warn(`left out of the differential test: ${missing}`);
const readers = startReaders(go.commands);
/** Each kept message is one that at least one of these reads otherwise than the rest; without them all there is nothing to show. */
const SHOWN_BY = ['JavaScript', 'Python json', 'Go encoding/json', 'Go encoding/json/v2'];
const shown = SHOWN_BY.every((name) => readers.some((reader) => reader.name === name)) ? keptMessages() : [];

afterAll(() => {
  for (const reader of readers) reader.close();
  go.remove();
});

describe('messages made to be read in two ways', () => {
  test('whatever passes, JavaScript, Python and Go read what was judged', { timeout: 300_000 }, async () => {
    let total = NOTHING;
    for (const seed of SEEDS) total = sum(total, await tryBatch(seed, readers));
    expect(total.disagreements).toEqual([]);
    // What is made is neither all broken nor all sound, and the refusals are of many kinds.
    expect(total.sent).toBeGreaterThan(total.messages / 4);
    expect(total.calls).toBeGreaterThan(total.messages / 10);
    expect(total.sent).toBeLessThan(total.messages / 2);
    expect(Object.keys(total.refused).length).toBeGreaterThan(20);
  });
});

describe('what was read in two ways once', () => {
  test.each(keptMessages())('is not any more: $file', async ({ text }) => {
    expect((await compare([text], readers)).disagreements).toEqual([]);
  });
});

describe('the readers themselves', () => {
  test.each(shown)('would read it in two ways, were it let through: $file', async ({ text }) => {
    const readings = await Promise.all(readers.map((reader) => reader.read([text])));
    const taken = new Set(readings.flatMap(([reading]) => (reading?.kind === 'read' ? reading.fields : [])));
    expect(taken.size > 1 || /[\u0085\u2028\u2029]/.test(text)).toBe(true);
  });

  test.each([
    ['an exact duplicate', '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","name":"b"}}', '"b"'],
    ['plain', '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"b","n":-0.0}}', '"b"'],
  ])('are real parsers: %s', async (_, text, name) => {
    for (const reader of readers) {
      const [reading] = await reader.read([text]);
      expect(reading?.kind === 'read' && reading.fields[0]).toBe(
        `{"id":1e0,"method":"tools/call","params.name":${name}}`,
      );
    }
  });

  test('Go takes NAME for name, and the most lenient of Python progress_token for progressToken', async () => {
    const text = '{"params":{"name":"a","NAME":"b","_meta":{"progressToken":1,"progress_token":2}}}';
    for (const reader of readers) {
      const [reading] = await reader.read([text]);
      const taken = reading?.kind === 'read' ? reading.fields.at(-1) : '';
      if (reader.name === 'JavaScript') expect(taken).toContain('"params.name":"a"');
      else expect(taken).toContain('"params.name":"b"');
      const forgiving = reader.name === 'Python json' || reader.name.endsWith('v2');
      expect(taken).toContain(`"params._meta.progressToken":${forgiving ? 2 : 1}e0`);
    }
  });
});
