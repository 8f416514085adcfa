import { createHash } from 'node:crypto';
import type { KnownPerson, People } from '../admin/people.ts';
import type { Store } from '../gateway/ports.ts';
import { hashToken } from '../inbound/credentials.ts';
import { identifyPerson } from '../settings/identify-person.ts';
import type { PersonSettings, Settings } from '../settings/settings.ts';
import { canonicalJson } from '../wire/write-json.ts';
import type { InForce } from './in-force.ts';
import { peopleTokens, type Tokens } from './tokens.ts';

/** The people of the configuration in force. */
export function peopleInForce(now: () => InForce): People {
  return {
    async identify(secret, name) {
      // As it stood when it was tried: whoever is another by then has another mark.
      const { settings, tokens } = now();
      return known(await identifyPerson(settings.people, tokens.people, secret, name), tokens);
    },
    personOf(name) {
      const { settings, tokens } = now();
      return known(settings.people.get(name), tokens);
    },
    isGrantToken: (secret) => now().tokens.table.has(hashToken(secret)),
  };
}

function known(person: PersonSettings | undefined, tokens: Pick<Tokens, 'people'>): KnownPerson | undefined {
  return person === undefined ? undefined : { person, credential: personMark(person, tokens) };
}

const MARK = 'mark\n';

/** Whether a key of what the store keeps is that of a person's mark. */
export function isMark(key: string): boolean {
  return key.startsWith(MARK);
}

/**
 * What the store keeps of each person, so that the command line on the same folder takes nobody for a person whom no gateway was told of: name,
 * roles and credentials in one digest.
 */
export function marksOf(
  people: ReadonlyMap<string, PersonSettings>,
  tokens: Pick<Tokens, 'people'>,
): ReadonlyMap<string, string> {
  return new Map([...people].map(([name, person]) => [`${MARK}${name}`, personMark(person, tokens)]));
}

/** Who a person is by what gateways on the data folder know. */
export function markIn(stored: ReadonlyMap<string, string>, name: string): string | undefined {
  return stored.get(`${MARK}${name}`);
}

/** Who a person is by a configuration. */
export function markFor(settings: Settings, stored: ReadonlyMap<string, string>, name: string): string | undefined {
  const person = settings.people.get(name);
  return person === undefined ? undefined : personMark(person, { people: peopleTokens(settings, stored) });
}

/** Whether a gateway on this data folder knows the person as this configuration names it. */
export function isMarked(
  stored: ReadonlyMap<string, string>,
  person: PersonSettings,
  tokens: Pick<Tokens, 'people'>,
): boolean {
  return markIn(stored, person.name) === personMark(person, tokens);
}

/** The names of those whose marks are others than they were. */
export function changedMarks(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly string[] {
  const keys = new Set([...before.keys(), ...after.keys()].filter(isMark));
  return [...keys]
    .filter((key) => before.get(key) !== after.get(key))
    .map((key) => key.slice(MARK.length))
    .sort();
}

export function personMark(
  { name, roles, tokenHash, passphrase }: PersonSettings,
  tokens: Pick<Tokens, 'people'>,
): string {
  const made = [...tokens.people].find(([, of]) => of === name)?.[0];
  const told = [name, [...roles].sort(), tokenHash ?? made ?? null, passphrase ?? null];
  return createHash('sha256').update(canonicalJson(told)).digest('hex');
}

/**
 * Makes people known to a data folder that knows none yet; those whom a gateway made known stay as they are, and other ones are told of.
 * Rejects as the store does.
 */
export async function introducePeople(
  store: Pick<Store, 'tokenHashes' | 'saveTokenHashes'>,
  settings: Settings,
  log: (line: string) => void,
): Promise<void> {
  const stored = await store.tokenHashes();
  const marks = marksOf(settings.people, { people: peopleTokens(settings, stored) });
  const others = changedMarks(stored, marks);
  if (others.length === 0) return;
  if (![...stored.keys()].some(isMark)) return store.saveTokenHashes(new Map([...stored, ...marks]));
  log(
    `a gateway on this data folder knows other people than the configuration names (${others.join(', ')}); they answer there once toolgate serve has run with it`,
  );
}
