import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, test } from 'vitest';
import { loadSettings } from './load.ts';
import type { PersonSettings } from './settings.ts';

const folder = await mkdtemp(join(tmpdir(), 'toolgate-people-'));
afterAll(() => rm(folder, { recursive: true }));

const SALT = 'AAECAwQFBgcICQoLDA0ODw';
const HASH = 'A'.repeat(43);
const GOOD = `scrypt:131072:8:1:${SALT}:${HASH}`;

async function load(person: unknown): Promise<PersonSettings | undefined | string> {
  const file = join(folder, 'toolgate.json');
  await writeFile(file, JSON.stringify({ servers: {}, people: { bob: person } }));
  const loaded = await loadSettings(file, { PHRASE: GOOD, WRONG: 'correct horse battery' });
  if (loaded.kind === 'settings') return loaded.settings.people.get('bob');
  return loaded.problems.map(({ pointer, message }) => `${pointer} ${message}`).join('\n');
}

describe('the passphrase of a person', () => {
  it('stands in the configuration as a hash, or comes from the environment', async () => {
    const bob = { name: 'bob', roles: new Set(['approver']), tokenHash: undefined, passphrase: GOOD };
    expect(await load({ roles: ['approver'], passphrase: GOOD })).toEqual(bob);
    expect(await load({ roles: ['approver'], passphrase: `\${PHRASE}` })).toEqual(bob);
    expect(await load({ roles: ['approver'] })).toEqual({ ...bob, passphrase: undefined });
  });

  it('is told apart from its hash, and not repeated', async () => {
    for (const passphrase of ['correct horse battery', `\${WRONG}`]) {
      expect(await load({ roles: ['admin'], passphrase })).toBe(
        '/people/bob/passphrase must be the hash of a passphrase, not the passphrase itself; make one with "toolgate people passphrase"',
      );
    }
  });

  test.each([
    ['no hash', 'scrypt:'],
    ['one that was cut short', GOOD.slice(0, -8)],
    ['one that was joined with another', `${GOOD},${GOOD}`],
    ['a cost that every guess could pay', `scrypt:1024:8:1:${SALT}:${HASH}`],
    ['blocks that are too small', `scrypt:131072:1:1:${SALT}:${HASH}`],
    ['memory that no gateway has', `scrypt:131072:32:1:${SALT}:${HASH}`],
    ['a cost beyond all patience', `scrypt:16384:8:9:${SALT}:${HASH}`],
    ['a cost that is no power of two', `scrypt:131071:8:1:${SALT}:${HASH}`],
    ['no rounds', `scrypt:131072:8:0:${SALT}:${HASH}`],
    ['a salt that guesses could share', `scrypt:131072:8:1:AAAA:${HASH}`],
    ['another alphabet', `scrypt:131072:8:1:${SALT}:${'+/'.repeat(22)}`],
  ])('with %s is refused, and not repeated', async (_, passphrase) => {
    const said = await load({ roles: ['admin'], passphrase });
    expect(said).toMatch(/^\/people\/bob\/passphrase is no hash that can be used: .* "toolgate people passphrase"$/);
    expect(said).not.toContain('scrypt:');
  });

  it('goes with a name that can be sent beside it', async () => {
    const file = join(folder, 'colon.json');
    await writeFile(file, JSON.stringify({ servers: {}, people: { 'a:b': { roles: ['admin'], passphrase: GOOD } } }));
    const loaded = await loadSettings(file, {});
    expect(loaded.kind === 'problems' && loaded.problems.map(({ message }) => message)).toEqual([
      'the name of a person with a passphrase holds no colon; give another name, or a token',
    ]);
  });

  it('is a text', async () => {
    expect(await load({ roles: ['admin'], passphrase: 5 })).toBe('/people/bob/passphrase must be a string');
  });
});

test.each<[string, unknown, string]>([
  ['are missing', {}, '/people/bob "roles" must name at least one of viewer, approver, editor, admin'],
  ['are none', { roles: [] }, '/people/bob/roles must name at least one of viewer, approver, editor, admin'],
  ['are no list', { roles: 'admin' }, '/people/bob/roles must be an array'],
  ['stand twice', { roles: ['admin', 'admin'] }, '/people/bob/roles/1 stands twice'],
])('roles that %s are told, once', async (_, person, said) => {
  expect(await load(person)).toBe(said);
});
