import { isPassphraseHash } from './passphrase.ts';
import { type Item, type Reading, say, textAt } from './reading.ts';

/** The hash of a person's passphrase. It is never repeated: whoever reads it can try guesses. */
export function readPassphrase(reading: Reading, item: Item | undefined): string | undefined {
  const text = textAt(reading, item);
  if (text === undefined || item === undefined || isPassphraseHash(text)) return text;
  const remedy = 'make one with "toolgate people passphrase"';
  if (!text.startsWith('scrypt:')) {
    return say(reading, item.pointer, `must be the hash of a passphrase, not the passphrase itself; ${remedy}`);
  }
  return say(
    reading,
    item.pointer,
    `is no hash that can be used: it is cut short, or its costs are out of bounds; ${remedy}`,
  );
}
