import { beforeEach, describe, expect, it } from 'vitest';
import type { KnownPerson } from './people.ts';
import { Sessions } from './sessions.ts';

const HOUR = 3_600_000;
let now = 0;
let ids = 0;
let people: Map<string, KnownPerson>;
let sessions: Sessions;

function known(name: string, credential: string = 'first'): KnownPerson {
  return { person: { name, roles: new Set(['approver']) }, credential };
}

beforeEach(() => {
  [now, ids] = [0, 0];
  people = new Map([['ann', known('ann')]]);
  sessions = new Sessions(
    { personOf: (name) => people.get(name) },
    () => now,
    () => `id${ids++}`,
  );
});

describe('a session', () => {
  it('is whose it was begun for, and nobody else’s', () => {
    const secret = sessions.begin(known('ann'));
    expect(sessions.visit(secret)?.person.name).toBe('ann');
    expect(sessions.visit(`${secret}x`)).toBeUndefined();
    expect(sessions.visit('')).toBeUndefined();
  });

  it('ends after an hour without use', () => {
    const secret = sessions.begin(known('ann'));
    now = HOUR - 1;
    expect(sessions.visit(secret)).toBeDefined();
    now += HOUR;
    expect(sessions.visit(secret)).toBeUndefined();
  });

  it('ends after eight hours, however much it is used', () => {
    const secret = sessions.begin(known('ann'));
    for (now = 0; now < 8 * HOUR; now += HOUR / 2) expect(sessions.visit(secret)).toBeDefined();
    now = 8 * HOUR;
    expect(sessions.visit(secret)).toBeUndefined();
  });

  it('ends when the person is gone, and does not come back with them', () => {
    const secret = sessions.begin(known('ann'));
    people.delete('ann');
    expect(sessions.visit(secret)).toBeUndefined();
    people.set('ann', known('ann'));
    expect(sessions.visit(secret)).toBeUndefined();
  });

  it('ends when the token or passphrase is another', () => {
    const secret = sessions.begin(known('ann'));
    people.set('ann', known('ann', 'second'));
    expect(sessions.visit(secret)).toBeUndefined();
  });

  it('has the roles that the person has now', () => {
    const secret = sessions.begin(known('ann'));
    people.set('ann', { person: { name: 'ann', roles: new Set(['viewer']) }, credential: 'first' });
    expect([...(sessions.visit(secret)?.person.roles ?? [])]).toEqual(['viewer']);
  });

  it('ends when somebody signs out', () => {
    const [first, second] = [sessions.begin(known('ann')), sessions.begin(known('ann'))];
    sessions.end(first);
    expect(sessions.visit(first)).toBeUndefined();
    expect(sessions.visit(second)).toBeDefined();
  });

  it('makes room for another when a person has a hundred: the oldest goes', () => {
    const secrets = Array.from({ length: 101 }, () => sessions.begin(known('ann')));
    expect(secrets.filter((secret) => sessions.visit(secret) === undefined)).toEqual([secrets[0]]);
  });

  it('tells its news once', () => {
    const secret = sessions.begin(known('ann'));
    sessions.visit(secret)?.tell('done');
    expect(sessions.visit(secret)?.takeNews()).toBe('done');
    expect(sessions.visit(secret)?.takeNews()).toBeUndefined();
  });
});
