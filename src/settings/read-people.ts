import { keysOf } from '../policy/shape.ts';
import { ROLES } from '../policy/words.ts';
import { checkIdentityName } from './read-grants.ts';
import { readToken, type TokenHolders } from './read-token.ts';
import { elements, type Item, knownKeys, member, namedItems, type Reading, say, wordAt } from './reading.ts';
import type { PersonSettings, Role } from './settings.ts';
import { PERSON } from './vocabulary.ts';

export function readPeople(
  reading: Reading,
  item: Item | undefined,
  holders: TokenHolders,
): ReadonlyMap<string, PersonSettings> {
  const people = new Map<string, PersonSettings>();
  for (const person of namedItems(reading, item)) {
    checkIdentityName(reading, person);
    if (!knownKeys(reading, person, keysOf(PERSON))) continue;
    const roles = readRoles(reading, member(person, 'roles') ?? { value: [], pointer: person.pointer });
    const tokenHash = readToken(reading, member(person, 'token'), holders);
    people.set(person.name, { name: person.name, roles, tokenHash });
  }
  return people;
}

function readRoles(reading: Reading, item: Item): ReadonlySet<Role> {
  const roles = new Set<Role>();
  const words = elements(reading, item);
  for (const element of words) {
    const role = wordAt(reading, element, ROLES);
    if (role !== undefined && roles.has(role)) say(reading, element.pointer, 'stands twice');
    if (role !== undefined) roles.add(role);
  }
  if (words.length === 0) say(reading, item.pointer, `"roles" must name at least one of ${ROLES.join(', ')}`);
  return roles;
}
