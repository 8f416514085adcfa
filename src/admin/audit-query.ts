import type { AuditWish } from '../gateway/audit/find/audit-desk.ts';
import { EFFECTS } from '../gateway/audit/find/audit-filter.ts';
import { whyNoText } from '../gateway/audit/find/why-no-text.ts';
import type { Effect } from '../policy/decision.ts';
import { bad, type Fault, type Read, read } from './fault.ts';
import type { AdminOptions } from './options.ts';

const STANDARD = 50;
const MOST = 1_000;
const WHICH = ['decisions', 'all'] as const;
const KEYS: readonly string[] = [
  'since',
  'until',
  'grant',
  'owner',
  'server',
  'tool',
  'effect',
  'would_have',
  'rule',
  'approval',
  'text',
  'which',
  'limit',
  'before',
];

/** Reads what of the log somebody wants to see. */
export function readAuditWish(query: URLSearchParams, readTime: AdminOptions['readTime']): Read<AuditWish> {
  const keys = [...query.keys()];
  const odd = keys.find((key) => !KEYS.includes(key));
  if (odd !== undefined)
    return bad(`The query has ${odd.slice(0, 100)}, which is not known here.`, `Known are ${KEYS.join(', ')}.`);
  const twice = keys.find((key, at) => keys.indexOf(key) < at);
  if (twice !== undefined) return bad(`The query has ${twice} twice.`);
  const empty = keys.find((key) => query.get(key) === '');
  if (empty !== undefined) return bad(`${empty} is empty.`, 'Leave it out, or say what you look for.');
  const fault = whyOdd(query, readTime);
  if (fault !== undefined) return { kind: 'fault', fault };
  const text = (key: string): string | undefined => query.get(key) ?? undefined;
  const time = (key: string): number | undefined => readTime(query.get(key) ?? '');
  const filter = {
    since: time('since'),
    until: time('until'),
    grant: text('grant'),
    owner: text('owner'),
    server: text('server'),
    tool: text('tool'),
    effect: effectOf(query.get('effect')),
    wouldHave: effectOf(query.get('would_have')),
    rule: text('rule'),
    approval: text('approval'),
    text: text('text'),
    which: WHICH.find((one) => one === query.get('which')) ?? 'decisions',
  };
  return read({ filter, before: placeOf(query.get('before')), limit: Number(query.get('limit') ?? STANDARD) });
}

/** Tells users where the next page begins; what it is made of is nobody's business. */
export function cursorOf(place: number): string {
  return `r${place.toString(36)}`;
}

function placeOf(cursor: string | null): number | undefined {
  return cursor === null ? undefined : Number.parseInt(cursor.slice(1), 36);
}

function effectOf(word: string | null): Effect | undefined {
  return EFFECTS.find((one) => one === word);
}

function whyOdd(query: URLSearchParams, readTime: AdminOptions['readTime']): Fault | undefined {
  const fault = (message: string, remedy?: string): Fault => ({ status: 400, message, remedy });
  for (const key of ['since', 'until']) {
    const written = query.get(key);
    if (written !== null && readTime(written) === undefined)
      return fault(
        `${key} is no time.`,
        'Write an age such as 2h or 7d, a day, or a time with its zone such as 2027-01-01T08:00:00Z.',
      );
  }
  const [since = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY] = ['since', 'until'].map((key) =>
    readTime(query.get(key) ?? ''),
  );
  if (since >= until) return fault('until must be later than since.');
  for (const [key, words] of [
    ['effect', EFFECTS],
    ['would_have', EFFECTS],
    ['which', WHICH],
  ] as const) {
    const written = query.get(key);
    if (written !== null && !words.some((word) => word === written))
      return fault(`${key} must be one of ${words.join(', ')}.`);
  }
  const text = query.get('text');
  const why = text === null ? undefined : whyNoText(text);
  if (why !== undefined) return fault(`text ${why}.`);
  const limit = query.get('limit') ?? String(STANDARD);
  if (!/^\d{1,4}$/.test(limit) || Number(limit) < 1 || Number(limit) > MOST)
    return fault(`limit must be a whole number from 1 to ${MOST}.`);
  const before = query.get('before');
  return before === null || /^r[0-9a-z]{1,10}$/.test(before)
    ? undefined
    : fault('before must be the "next" of another page.');
}
