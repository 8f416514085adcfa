import { describe, expect, it } from 'vitest';
import { loadedSettings } from '../../test/kit/loaded-settings.ts';
import { type InForce, inForce, narrowed } from './in-force.ts';

const OWN = 'a-token-of-twenty-characters';
const OTHER = 'another-token-of-that-length';
const PHRASE = `scrypt:131072:8:1:${'A'.repeat(22)}:${'A'.repeat(43)}`;
const CHANGED = PHRASE.replace(/.$/, 'B');
const AGENT = { owner: 'alice', servers: { s: 'open' } };

async function inForceWith(configuration: object): Promise<InForce> {
  return inForce(await loadedSettings(configuration), new Map());
}

/** Who may still come in by which token, while the change to `next` waits for its record. */
async function narrowedTo(now: object, next: object): Promise<InForce> {
  return narrowed(await inForceWith(now), await loadedSettings(next));
}

const withPerson = (person: object): object => ({ people: { bob: person } });

describe('what the next configuration takes from a person is gone at once', () => {
  it('the person', async () => {
    const now = await narrowedTo(withPerson({ roles: ['admin'] }), {});
    expect([now.tokens.people.size, now.settings.people.size]).toEqual([0, 0]);
  });

  it('roles', async () => {
    const now = await narrowedTo(
      withPerson({ roles: ['approver', 'editor'] }),
      withPerson({ roles: ['editor', 'admin'] }),
    );
    expect(now.settings.people.get('bob')?.roles).toEqual(new Set(['editor']));
    expect(now.tokens.people.size).toBe(1);
  });

  it.each<[string, object, object]>([
    ['a token for another', { token: OWN }, { token: OTHER }],
    ['a token for one that is to be made', { token: OWN }, {}],
    ['a made token for one of their own', {}, { token: OWN }],
    ['a made token for a passphrase', {}, { passphrase: PHRASE }],
    ['a token for a passphrase', { token: OWN }, { passphrase: PHRASE }],
  ])('%s', async (_, before, after) => {
    const roles = ['admin'];
    const now = await narrowedTo(withPerson({ roles, ...before }), withPerson({ roles, ...after }));
    expect(now.tokens.people.size).toBe(0);
  });

  it('a passphrase', async () => {
    const roles = ['admin'];
    const before = withPerson({ roles, passphrase: PHRASE });
    for (const after of [{ roles, passphrase: CHANGED }, { roles }]) {
      const now = await narrowedTo(before, withPerson(after));
      expect(now.settings.people.get('bob')?.passphrase).toBeUndefined();
    }
  });
});

describe('what it leaves stays, and what it gives waits', () => {
  it.each<[string, object]>([
    ['a token of their own', { token: OWN }],
    ['a made token', {}],
  ])('%s', async (_, person) => {
    const before = await inForceWith(withPerson({ roles: ['viewer'], ...person }));
    const now = narrowed(before, await loadedSettings(withPerson({ roles: ['viewer', 'admin'], ...person })));
    expect(now.tokens.people).toEqual(before.tokens.people);
    expect(now.settings.people.get('bob')?.roles).toEqual(new Set(['viewer']));
  });

  it('a passphrase, but no person who is new', async () => {
    const bob = { roles: ['viewer'], passphrase: PHRASE };
    const now = await narrowedTo({ people: { bob } }, { people: { bob, carol: { roles: ['admin'], token: OWN } } });
    expect([...now.settings.people.keys()]).toEqual(['bob']);
    expect(now.settings.people.get('bob')?.passphrase).toBe(PHRASE);
    expect(now.tokens.people.size).toBe(0);
  });
});

describe('the same holds for grants', () => {
  it.each<[string, object, object, number]>([
    ['a made token stays', {}, {}, 1],
    ['their own stays', { token: OWN }, { token: OWN }, 1],
    ['one of their own goes when another is to be made', { token: OWN }, {}, 0],
    ['a made one goes when they get their own', {}, { token: OWN }, 0],
  ])('%s', async (_, before, after, left) => {
    const now = await narrowedTo(
      { grants: { agent: { ...AGENT, ...before } } },
      { grants: { agent: { ...AGENT, ...after } } },
    );
    expect(now.tokens.table.size).toBe(left);
  });
});
