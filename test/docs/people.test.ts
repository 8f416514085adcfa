import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { keysOf, type Shape } from '../../src/policy/shape.ts';
import { ROLES } from '../../src/policy/words.ts';
import { HOOK, PERSON, QUESTIONS } from '../../src/settings/people-vocabulary.ts';
import { DEFAULT_APPROVALS, HOLD_SECONDS, OPEN_QUESTIONS } from '../../src/settings/question-bounds.ts';
import { HOOK_FORMS, NOTICE_EVENTS, USUAL_EVENTS } from '../../src/settings/words.ts';

const page = readFileSync(new URL('../../docs/reference/configuration.md', import.meta.url), 'utf8');

/** The cells of the rows under a heading, by the key that begins them. */
function rowsUnder(heading: string): ReadonlyMap<string, readonly string[]> {
  const [, section = ''] = page.split(`\n## ${heading}\n`);
  const [own = ''] = section.split('\n## ');
  const rows = own.matchAll(/^\| `([a-z_]+)` \|(.*)\|$/gm);
  return new Map([...rows].map(([, key = '', rest = '']) => [key, rest.split(' | ').map((cell) => cell.trim())]));
}

const coded = (words: readonly string[]): string => words.map((word) => `\`${word}\``).join(', ');

describe('the reference of the configuration', () => {
  it.each<[string, Shape]>([
    ['People', PERSON],
    ['Approvals', QUESTIONS],
    ['Notices', HOOK],
  ])('tells every key of %s', (heading, shape) => {
    expect([...rowsUnder(heading).keys()]).toEqual(keysOf(shape));
  });

  it('tells every role', () => {
    const [roles = ''] = rowsUnder('People').get('roles') ?? [];
    for (const role of ROLES) expect(roles).toContain(`\`${role}\``);
  });

  it('tells how people are asked where nothing is said, and within which bounds', () => {
    const rows = rowsUnder('Approvals');
    expect(rows.get('timeout')?.[0]).toBe(`\`${DEFAULT_APPROVALS.timeoutMs / 60_000}m\``);
    expect(rows.get('hold')?.[1]).toContain(`from ${HOLD_SECONDS.least} to ${HOLD_SECONDS.most}`);
    expect(rows.get('open')?.[0]).toBe(String(DEFAULT_APPROVALS.maxOfGrant));
    expect(rows.get('open_per_tool')?.[0]).toBe(String(DEFAULT_APPROVALS.maxOfName));
    for (const key of ['open', 'open_per_tool']) {
      expect(rows.get(key)?.[1]).toContain(`${OPEN_QUESTIONS.least} to ${OPEN_QUESTIONS.most}`);
    }
  });

  it('tells every event, and those that are told without a word', () => {
    const rows = rowsUnder('Notices');
    const [standard = '', more = ''] = rows.get('events') ?? [];
    expect(standard).toBe(coded(USUAL_EVENTS));
    const others = NOTICE_EVENTS.filter((event) => !USUAL_EVENTS.includes(event));
    for (const event of others) expect(more).toContain(`\`${event}\``);
    expect(rows.get('form')?.[0]).toBe(`\`${HOOK_FORMS[0]}\``);
  });
});
