import { sha256 } from './named-policy.ts';
import { isPassphrase } from './passphrase.ts';
import type { PersonSettings } from './settings.ts';

/** Whose passphrase is asked for when nobody has one: finding out takes as long as being wrong. Nothing has this hash. */
const NOBODY = `scrypt:131072:8:1:${'A'.repeat(22)}:${'A'.repeat(43)}`;
const MAX_SECRET_LENGTH = 4096;

/**
 * Finds out which person speaks: with a name, by that person's passphrase, else by a token. What they may do is not looked at.
 * `tokens` are the people by the SHA-256 (lower-case hex) of their tokens. A passphrase takes a third of a second and 128 MiB
 * to check: the caller bounds how many are tried at once and how often.
 */
export async function identifyPerson(
  people: ReadonlyMap<string, PersonSettings>,
  tokens: ReadonlyMap<string, string>,
  secret: string,
  name?: string,
): Promise<PersonSettings | undefined> {
  if (secret.length > MAX_SECRET_LENGTH) return undefined;
  // Only hashes are looked up, so the time it takes tells nothing of how near a guess was.
  if (name === undefined) return people.get(tokens.get(sha256(secret)) ?? '');
  const person = people.get(name);
  const isTheirs = await isPassphrase(secret, person?.passphrase ?? NOBODY);
  return isTheirs && person?.passphrase !== undefined ? person : undefined;
}
