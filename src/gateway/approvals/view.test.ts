import { describe, expect, it } from 'vitest';
import { question } from '../../../test/kit/fake-desk.ts';
import type { Approval, Subject } from './approval.ts';
import { type ApprovalDetail, detailOf } from './view.ts';

const NOW = { tick: 0, at: 0 };
const MANY = 262_144;

/** A question about a call with these params. */
function asked(params: object, said: Partial<Subject> = {}, more: Partial<Approval> = {}): Approval {
  return { ...question('ap_1', {}, { params: JSON.stringify({ name: 'send_email', ...params }), ...said }), ...more };
}

function changesOf({ edit, lastApproved }: ApprovalDetail): readonly string[] {
  return (edit ?? lastApproved)?.changes.map(({ text }) => text) ?? [];
}

describe('what stands beside the arguments', () => {
  const params = { arguments: { to: 'a' }, options: { bcc: '\u200bb' }, task: { ttl: 1 } };

  it('is shown: all that is sent but what is shown already', () => {
    const detail = detailOf(asked(params), undefined, NOW);
    expect(detail).toMatchObject({ arguments: { to: 'a' }, extra: { options: { bcc: '\u200bb' }, task: { ttl: 1 } } });
    expect(detail.extraText).toContain('"bcc": "\\u{200b}b"');
  });

  it('is nothing of a call that has nothing there', () => {
    for (const one of [{}, { arguments: { to: 'a' } }]) {
      expect(detailOf(asked(one), undefined, NOW)).toMatchObject({ extra: null, extraText: null });
    }
  });

  it.each([
    ['resource', 'resources/read', { uri: 'file:///a', as: 'root' }, { as: 'root' }],
    ['resource', 'resources/subscribe', { uri: 'file:///a', as: 'root' }, { as: 'root' }],
    ['prompt', 'prompts/get', { name: 'p', arguments: { a: 'b' }, as: 'root' }, { as: 'root' }],
    [
      'prompt',
      'completion/complete',
      { ref: { type: 'ref/prompt', name: 'p', x: 1 }, argument: { name: 'a', value: 'b' } },
      { ref: { type: 'ref/prompt', name: 'p', x: 1 }, argument: { name: 'a', value: 'b' } },
    ],
  ] as const)('of a %s: %s', (kind, method, given, extra) => {
    const subject = { kind, method, name: 'p', params: JSON.stringify(given) };
    expect(detailOf(asked({}, subject), undefined, NOW).extra).toEqual(extra);
  });

  it('is compared with the last call that was approved', () => {
    const last = asked({ ...params, options: { bcc: 'c' } }, {}, { used: { pass: 'p', at: 0 } });
    const detail = detailOf(asked(params), last, NOW);
    expect(changesOf(detail)).toEqual(['beside the arguments, /options/bcc: "c" → "\\u{200b}b"']);
    expect(detail.lastApproved).toMatchObject({
      changes: [{ in: 'extra', pointer: '/options/bcc' }],
      moreChanges: 0,
      extraText: expect.stringContaining('"bcc": "c"'),
    });
    expect(changesOf(detailOf(asked(params), asked(params), NOW))).toEqual([]);
    expect(changesOf(detailOf(asked({ arguments: { to: 'a' } }), asked(params), NOW))).toEqual([
      'beside the arguments, /options: { "bcc": "\\u{200b}b" } → (absent)',
      'beside the arguments, /task: { "ttl": 1 } → (absent)',
    ]);
  });

  it('is compared also where a key is one that objects of JavaScript have', () => {
    expect(changesOf(detailOf(asked({ constructor: 1 }), asked({}), NOW))).toEqual([
      'beside the arguments, /constructor: (absent) → 1',
    ]);
  });
});

describe('what an approver changed', () => {
  function changed(before: unknown, after: unknown): string {
    const params = JSON.stringify({ name: 'send_email', arguments: { text: after } });
    const detail = detailOf(
      asked({ arguments: { text: before } }, {}, { edit: { by: 'ann', params } }),
      undefined,
      NOW,
    );
    expect(detail.edit?.changes).toHaveLength(1);
    return changesOf(detail)[0]?.slice('/text: '.length) ?? '';
  }
  const script = 'echo step\n'.repeat(60);
  const shown = '[^"]*echo step\\\\n';

  it('is told whole where it is short', () => {
    expect(changed('a', 'b')).toBe('"a" → "b"');
    expect(changed(1, [true, null])).toBe('1 → [true, null]');
  });

  it('is told around the first difference where it is long', () => {
    expect(changed(`${script}ls`, `${script}rm -rf /`)).toMatch(
      new RegExp(`^…"${shown}ls" → …"${shown}rm -rf /" \\(from character 601 on; 602 and 608 characters\\)$`),
    );
    const tail = ' ok'.repeat(500);
    const both = changed(`${script}ls -la ~${tail}`, `${script}rm -rf ~${tail}`);
    expect(both).toMatch(new RegExp(`^…"${shown}ls -la ~( ok)*.{0,2}"… → …"${shown}rm -rf ~( ok)*.{0,2}"… \\(from`));
    const [left, right] = both.split(' → ');
    expect(left).not.toBe(right);
  });

  it.each([
    ['the last character', script, `${script}x`],
    ['the first character', script, `x${script}`],
    ['an end that is missing', `${script}rm -rf /`, script],
    ['two spellings of one letter', `${script}é`, `${script}e\u0301`],
    ['the second half of a character', `${script}😀`, `${script}😁`],
    ['what cannot be seen', `${script}a`, `${script}\u200ba`],
    ['a long number', JSON.rawJSON(`${'1'.repeat(500)}2`), JSON.rawJSON(`${'1'.repeat(500)}3`)],
    ['a text that becomes a list', script, [script]],
    ['a list that becomes an object', [script], { 0: script }],
  ])('reads otherwise on both sides: %s', (_, before, after) => {
    const text = changed(before, after);
    const [left = '', right = ''] = text.replace(/ \(from character .*$/, '').split(' → ');
    expect(left.normalize('NFC')).not.toBe(right.normalize('NFC'));
    expect(text.isWellFormed()).toBe(true);
    expect(text.length).toBeLessThan(1_500);
  });
});

describe('however large a question is', () => {
  const chain = JSON.parse('['.repeat(95) + ']'.repeat(95));
  const long = 'k'.repeat(MANY / 2);
  const numbers = (first: number) => Array.from({ length: MANY / 2 }, (_, at) => (at + first) % 10);
  it.each<[string, object, object]>([
    ['nested deeply', { v: Array.from({ length: MANY / 192 }, () => chain) }, { v: [] }],
    ['every number another', { v: numbers(0) }, { v: numbers(1) }],
    ['all keys new', { ...numbers(0).slice(0, MANY / 12) }, {}],
    ['many below a long key', { [long]: numbers(0).slice(0, MANY / 4) }, { [long]: numbers(1).slice(0, MANY / 4) }],
    ['a long text', { v: 'x'.repeat(MANY) }, { v: 'y'.repeat(MANY) }],
  ])('what is told is about three times as much: %s', (_, now, before) => {
    const size = JSON.stringify(now).length + JSON.stringify(before).length;
    for (const where of ['arguments', 'extra']) {
      const [one, last] = [asked({ [where]: now }), asked({ [where]: before })];
      const detail = detailOf({ ...one, edit: { by: 'ann', params: last.subject.params } }, last, NOW);
      expect(JSON.stringify(detail).length).toBeLessThan(3.2 * 2 * size + 120_000);
      const { changes, moreChanges } = detail.lastApproved ?? { changes: [], moreChanges: 0 };
      expect(changes.length).toBeLessThanOrEqual(200);
      expect(changes.length).toBeGreaterThan(0);
      if (changes.length === 200) expect(moreChanges).toBeGreaterThan(10_000);
    }
  });
});
