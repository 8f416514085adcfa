import fc from 'fast-check';
import type { AuditFilter } from '../../src/gateway/audit/find/audit-filter.ts';
import type { WrittenRecord } from './record-log.ts';

/** Few names, so that filters meet records; some of them odd. */
const GRANTS = ['alice', 'bob', 'Alice-2', 'bö b', 'a*b', ''];
const SERVERS = ['mail', 'files', 'mail-2', '文件'];
const TOOLS = ['send', 'send_mail', 'read.mail', 'Send', 'x'.repeat(30), `${'x'.repeat(30)}y`, 'a "b" c', 'c:\\temp'];
const RULES = ['/tools/send', '/tools/*', '(default deny)', 'no-mail', 'default'];
const EFFECTS = ['allow', 'deny', 'require_approval'] as const;
const WORDS = [
  'invoice',
  'Invoices',
  'cfo@example.com',
  'ΟΔΟΣ',
  'οδος',
  'naïve',
  'İstanbul',
  '发票已付',
  'ไทย',
  '42',
  '3.14',
  'x'.repeat(19),
  'x'.repeat(20),
  'x'.repeat(25),
  'a-b_c',
  '"quoted"',
  'line\nbreak',
  'tab\there',
  '\u{1d400}bold',
  'end\\',
  '\uE000gabc',
  'e\u0301te',
  'nul\u0000nul',
  '\ud800',
];

const name = (names: readonly string[]) => fc.option(fc.constantFrom(...names), { nil: undefined });
const words = fc.array(fc.constantFrom(...WORDS), { maxLength: 4 }).map((some) => some.join(' '));

const call = fc.record({
  grant: name(GRANTS),
  owner: name(GRANTS),
  server: name(SERVERS),
  tool: name(TOOLS),
  target: name(TOOLS),
  decision: name(EFFECTS),
  rule: name(RULES),
  ruleId: name(RULES),
  approval: name(['ap_1', 'ap_2']),
  args: fc.option(fc.record({ text: words }), { nil: undefined }),
  wouldHave: fc.option(fc.record({ decision: fc.constantFrom(...EFFECTS), rule: fc.constantFrom(...RULES) }), {
    nil: undefined,
  }),
});
const event = fc.record({
  event: fc.constantFrom('session opened', 'approval asked', 'policy changed', 'configuration taken up'),
  grant: name(GRANTS),
  approval: name(['ap_1', 'ap_2']),
});
const LIMITS = ['[]', '[{"counter":"invoices_rate","max":2,"scope":"grant","used":1}]'];

/** What stands for one call in the log: its decision, perhaps an outcome so many records later. */
interface Told {
  readonly record: Omit<WrittenRecord, 'id'>;
  readonly outcomeAfter: number | undefined;
}

const told: fc.Arbitrary<Told> = fc
  .record({
    kind: fc.constantFrom('call', 'call', 'call', 'refused', 'event'),
    call,
    event,
    at: fc.integer({ min: 0, max: 50 }),
    limits: fc.constantFrom(...LIMITS),
    outcomeAfter: fc.option(fc.integer({ min: 0, max: 12 }), { nil: undefined }),
  })
  .map(({ kind, call, event, at, limits, outcomeAfter }) => ({
    record: { kind: kind as WrittenRecord['kind'], at, limits, body: JSON.stringify(kind === 'event' ? event : call) },
    outcomeAfter: kind === 'call' && call.decision === 'allow' ? outcomeAfter : undefined,
  }));

/** A log in which clocks run as they like. */
export const someLog: fc.Arbitrary<readonly WrittenRecord[]> = fc
  .array(told, { maxLength: 80, size: 'max' })
  .map((all) => {
    const due: { readonly at: number; readonly record: WrittenRecord }[] = [];
    const log: WrittenRecord[] = [];
    const settle = (now: number): void => {
      for (const one of due.filter(({ at }) => at <= now)) {
        log.push(one.record);
        due.splice(due.indexOf(one), 1);
      }
    };
    for (const [index, { record, outcomeAfter }] of all.entries()) {
      const id = `id-${index}`;
      log.push({ ...record, id });
      if (outcomeAfter !== undefined) {
        const body = JSON.stringify({ kind: 'ok', detail: `of ${id}` });
        due.push({ at: index + outcomeAfter, record: { id, kind: 'outcome', at: record.at, limits: '[]', body } });
      }
      settle(index);
    }
    settle(Number.POSITIVE_INFINITY);
    return log;
  });

const pattern = (names: readonly string[]) =>
  fc.oneof(
    fc.constantFrom(...names),
    fc.tuple(fc.constantFrom(...names), fc.nat(6), fc.nat(6)).map(([one, from, length]) => {
      const letters = [...one];
      return `${letters.slice(0, from).join('')}*${letters.slice(from + length).join('')}`;
    }),
    fc.constantFrom('*', '*mail', 's*l', '*a*', '**'),
  );
/** A part of a word, or of several. */
const sought = fc
  .tuple(fc.constantFrom(...WORDS, 'invoices_rate', '"tool":"send', 'alice', ' '), fc.nat(8), fc.nat(24))
  .map(([one, from, length]) => [...one].slice(from, from + length).join(''));
/** Several at a time hardly ever meet anything. */
const rarely = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ arbitrary: fc.constant(undefined), weight: 6 }, { arbitrary: of, weight: 1 });

const often = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.oneof(fc.constant(undefined), of);

export const someFilter: fc.Arbitrary<AuditFilter> = fc.record({
  since: rarely(fc.integer({ min: 0, max: 50 })),
  until: rarely(fc.integer({ min: 0, max: 51 })),
  grant: rarely(pattern(GRANTS)),
  owner: rarely(pattern(GRANTS)),
  server: rarely(pattern(SERVERS)),
  tool: rarely(pattern(TOOLS)),
  effect: rarely(fc.constantFrom(...EFFECTS)),
  wouldHave: rarely(fc.constantFrom(...EFFECTS)),
  rule: rarely(fc.constantFrom(...RULES)),
  approval: rarely(fc.constantFrom('ap_1', 'ap_2')),
  text: often(fc.array(sought, { minLength: 1, maxLength: 3 }).map((some) => some.join(' '))),
  which: fc.constantFrom('all', 'decisions'),
});
