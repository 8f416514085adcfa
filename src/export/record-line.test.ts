import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linkIn } from '../../test/export/link-check.ts';
import type { StoredLink } from '../gateway/audit/audit-ports.ts';
import { objectOf } from '../wire/json.ts';
import { RELAY, readJson } from '../wire/read-json.ts';
import { canonicalJson } from '../wire/write-json.ts';
import { recordLine } from './record-line.ts';

const LINK: StoredLink = {
  writer: '1fbeb4fafaf62d285a99248d5b2387a9',
  seq: 4,
  id: 'o-YKsTsvsBIDMmE42k9fRQ',
  kind: 'call',
  at: 1_795_289_671_960,
  limits: '[]',
  body: '{"tool":"echo"}',
  hash: 'b'.repeat(64),
};

describe('the line of a record', () => {
  it('is as the reference says', () => {
    expect(recordLine(LINK)).toBe(
      `{"format":"toolgate-record-1","time":"2026-11-21T19:34:31.960Z","writer":"1fbeb4fafaf62d285a99248d5b2387a9","seq":4,"id":"o-YKsTsvsBIDMmE42k9fRQ","kind":"call","at":1795289671960,"hash":"${'b'.repeat(64)}","limits":[],"body":{"tool":"echo"}}`,
    );
  });

  it('is one line of JSON from which every field of the link comes back exactly, whatever an agent wrote', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }).map((any) => any.toWellFormed()),
      fc.constantFrom(',"body":', ',"limits":', '"}', '\u2028', '\n', '__proto__'),
    );
    const limit = fc.record({ counter: text, max: fc.double(), scope: text, used: fc.double() });
    const written = fc.json().map((json) => readJson(json, RELAY));
    fc.assert(
      fc.property(text, written, text, fc.array(limit), (id, value, key, limits) => {
        const args = value.kind === 'value' ? value.value : null;
        const body = canonicalJson(
          objectOf([
            ['args', args],
            [key, key],
          ]),
        );
        const link = { ...LINK, id, body, limits: canonicalJson(limits.map((one) => objectOf(Object.entries(one)))) };
        const line = recordLine(link);
        expect(line).not.toMatch(/[\n\r]/);
        expect(JSON.parse(line).body).toEqual(JSON.parse(body));
        expect(linkIn(line)).toMatchObject(link);
      }),
      { numRuns: 500, seed: 20_260_401 },
    );
  });

  it('keeps numbers that no double holds', () => {
    const body = '{"args":{"n":123456789012345678901234567890.10}}';
    expect(linkIn(recordLine({ ...LINK, body }))?.body).toBe(body);
  });

  it.each(['', 'no JSON', '{"a":\n1}', '{"a":1', '"text"', '7'])(
    'is one line also where a record was changed into %j',
    (body) => {
      const line = recordLine({ ...LINK, body, limits: body, at: Number.NaN });
      expect(line).not.toContain('\n');
      expect(JSON.parse(line)).toMatchObject({ body, limits: body });
    },
  );
});
