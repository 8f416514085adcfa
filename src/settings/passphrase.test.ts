import { describe, expect, it, test } from 'vitest';
import { hashPassphrase, isPassphrase, isPassphraseHash } from './passphrase.ts';

/** Made by another implementation of scrypt (Python's hashlib) of a text in composed letters. */
const FOREIGN = 'scrypt:16384:8:1:AAECAwQFBgcICQoLDA0ODw:P2m1yymX_2BIvtIqqYI2b0JLuwqfXl70iNaSAcJmkS0';
const PHRASE = 'größe der kröte';

describe('a passphrase', () => {
  it('is kept as a hash that it fits, and no other; each time with another salt', async () => {
    const [one, two] = [await hashPassphrase(PHRASE), await hashPassphrase(PHRASE)];
    expect(one).toMatch(/^scrypt:131072:8:1:[\w-]{22}:[\w-]{43}$/);
    expect(one).not.toBe(two);
    expect([one, two].every(isPassphraseHash)).toBe(true);
    expect(await isPassphrase(PHRASE, one)).toBe(true);
    expect(await isPassphrase(PHRASE.toUpperCase(), one)).toBe(false);
  });

  it('is hashed as scrypt is elsewhere', async () => {
    expect(await isPassphrase(PHRASE, FOREIGN)).toBe(true);
  });

  it('is the same whichever way a keyboard puts its accents together', async () => {
    expect(await isPassphrase(PHRASE.normalize('NFD'), FOREIGN)).toBe(true);
  });

  test.each(['', ' ', `${PHRASE} `, PHRASE.slice(1), FOREIGN, 'x'.repeat(1_000_000), '\ud800'])(
    'is not %j',
    async (guess) => {
      expect(await isPassphrase(guess, FOREIGN)).toBe(false);
    },
  );
});

describe('what is no hash fits nothing', () => {
  test.each([
    '',
    PHRASE,
    FOREIGN.slice(0, -3),
    `${FOREIGN}\n`,
    FOREIGN.replace('scrypt', 'argon2'),
    FOREIGN.replace('16384', '16385'),
    FOREIGN.replace('16384', '524288'),
    FOREIGN.replace(':8:', ':999:'),
    FOREIGN.replace('16384:8', '131072:99'),
    FOREIGN.replace(':1:', ':5:'),
    FOREIGN.replace(':1:', ':0:'),
    'scrypt:::::',
  ])('%j', async (hash) => {
    expect(isPassphraseHash(hash)).toBe(false);
    expect(await isPassphrase(PHRASE, hash)).toBe(false);
  });
});
