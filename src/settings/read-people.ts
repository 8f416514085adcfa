import { keysOf } from '../policy/shape.ts';
import { ROLES } from '../policy/words.ts';
import { PERSON } from './people-vocabulary.ts';
import { checkIdentityName } from './read-grants.ts';
import { readPassphrase } from './read-passphrase.ts';
import { readToken, type TokenHolders } from './read-token.ts';
import { type Item, knownKeys, member, type NamedItem, namedItems, type Reading, say, wordsAt } from './reading.ts';
import type { PersonSettings, Role } from './settings.ts';

export function readPeople(
  reading: Reading,
  item: Item | undefined,
  holders: TokenHolders,
): ReadonlyMap<string, PersonSettings> {
  const people = new Map<string, PersonSettings>();
  for (const person of namedItems(reading, item)) {
    checkIdentityName(reading, person);
    if (!knownKeys(reading, person, keysOf(PERSON))) continue;
    const roles = readRoles(reading, person);
    const tokenHash = readToken(reading, member(person, 'token'), holders);
    const passphrase = readPassphraseOf(reading, person);
    people.set(person.name, { name: person.name, roles, tokenHash, passphrase });
  }
  return people;
}

function readRoles(reading: Reading, person: Item): ReadonlySet<Role> {
  const item = member(person, 'roles');
  if (item === undefined) say(reading, person.pointer, `"roles" must name at least one of ${ROLES.join(', ')}`);
  return wordsAt(reading, item, ROLES) ?? new Set();
}

/** Name and passphrase are sent as one text with a colon between them. */
function readPassphraseOf(reading: Reading, person: NamedItem): string | undefined {
  const item = member(person, 'passphrase');
  if (item !== undefined && person.name.includes(':')) {
    say(
      reading,
      person.pointer,
      'the name of a person with a passphrase holds no colon; give another name, or a token',
    );
  }
  return readPassphrase(reading, item);
}
