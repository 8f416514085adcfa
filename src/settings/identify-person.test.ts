import { scryptSync } from 'node:crypto';
import { describe, expect, it, test } from 'vitest';
import { identifyPerson } from './identify-person.ts';
import { sha256 } from './named-policy.ts';
import type { PersonSettings } from './settings.ts';

/** As cheap as a hash may be, so that the tests need no patience. */
function cheapHash(passphrase: string): string {
  const salt = Buffer.alloc(16, 7);
  const hash = scryptSync(passphrase, salt, 32, { N: 2 ** 14, r: 8, p: 1 });
  return `scrypt:16384:8:1:${salt.toString('base64url')}:${hash.toString('base64url')}`;
}

const TOKEN = 'a-token-of-twenty-characters';
const PHRASE = 'four words nobody joins';

function person(name: string, more: Partial<PersonSettings> = {}): [string, PersonSettings] {
  return [name, { name, roles: new Set(['approver']), tokenHash: undefined, passphrase: undefined, ...more }];
}

const people = new Map([
  person('bob', { tokenHash: sha256(TOKEN) }),
  person('carol', { passphrase: cheapHash(PHRASE), roles: new Set(['viewer']) }),
  person('dave', { passphrase: cheapHash('another one entirely') }),
]);
const tokens = new Map([[sha256(TOKEN), 'bob']]);

async function nameOf(secret: string, name?: string): Promise<string | undefined> {
  return (await identifyPerson(people, tokens, secret, name))?.name;
}

describe('a person is known', () => {
  it('by their token', async () => {
    expect(await nameOf(TOKEN)).toBe('bob');
  });

  it('by name and passphrase, whatever the person may do', async () => {
    expect(await nameOf(PHRASE, 'carol')).toBe('carol');
  });
});

describe('nobody is known by', () => {
  test.each<[string, string, string | undefined]>([
    ['another token', `${TOKEN}x`, undefined],
    ['the hash of a token', sha256(TOKEN), undefined],
    ['no token at all', '', undefined],
    ['a passphrase without a name', PHRASE, undefined],
    ["somebody else's passphrase", PHRASE, 'dave'],
    ['the passphrase and a name that nobody has', PHRASE, 'erin'],
    ['a token in place of a passphrase', TOKEN, 'carol'],
    ['a token beside the name of its person', TOKEN, 'bob'],
    ['the hash of a passphrase', people.get('carol')?.passphrase ?? '', 'carol'],
    ['a name that objects have by themselves', PHRASE, '__proto__'],
    ['a secret beyond all measure', 'x'.repeat(100_000), undefined],
    ['a passphrase beyond all measure', 'x'.repeat(100_000), 'carol'],
  ])('%s', async (_, secret, name) => {
    expect(await nameOf(secret, name)).toBeUndefined();
  });

  it('a token of somebody whom the configuration does not have any more', async () => {
    expect(await identifyPerson(new Map(), tokens, TOKEN)).toBeUndefined();
  });
});
