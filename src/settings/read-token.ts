import { sha256 } from './named-policy.ts';
import { type Item, type Reading, say, textAt } from './reading.ts';

const MIN_LENGTH = 20;
const MAX_LENGTH = 4096;

/** Whose token has which hash, so that no two identities share one. */
export type TokenHolders = Map<string, string>;

/** The SHA-256 of a token, lower-case hex. The token itself goes nowhere else, least of all into a message. */
export function readToken(reading: Reading, item: Item | undefined, holders: TokenHolders): string | undefined {
  const token = textAt(reading, item);
  if (token === undefined || item === undefined) return undefined;
  if (token.length < MIN_LENGTH || token.length > MAX_LENGTH) {
    return say(
      reading,
      item.pointer,
      `a token has ${MIN_LENGTH} to ${MAX_LENGTH} characters; make one with "openssl rand -hex 32"`,
    );
  }
  if (!/^[\x21-\x7e]+$/.test(token)) {
    return say(reading, item.pointer, 'a token holds only visible ASCII characters, as the Authorization header does');
  }
  const hash = sha256(token);
  const holder = holders.get(hash);
  if (holder !== undefined)
    return say(reading, item.pointer, `the same token as ${holder}; every identity needs its own`);
  holders.set(hash, item.pointer);
  return hash;
}
