import { hash, timingSafeEqual } from 'node:crypto';

/** The grants that hold a token, by the SHA-256 (lower-case hex) of the token; the tokens themselves are nowhere. */
export type TokenTable = ReadonlyMap<string, string>;

export type Identified =
  | { readonly kind: 'grant'; readonly label: string }
  | { readonly kind: 'stranger'; readonly reason: string };

const MAX_TOKEN_LENGTH = 4096;

/** SHA-256 in lower-case hex: all that is kept of a token. */
export function hashToken(token: string): string {
  return hash('sha256', token, 'hex');
}

/**
 * Finds whose bearer token it is. Only hashes are looked up, so the time it takes tells nothing of how near a guess was;
 * the comparison of the whole hash takes constant time too, and is made even when nothing was found.
 */
export function identify(authorization: string | undefined, tokens: TokenTable): Identified {
  if (authorization === undefined) return { kind: 'stranger', reason: 'no bearer token' };
  const token = /^Bearer +([\x21-\x7e]+)$/i.exec(authorization)?.[1];
  if (token === undefined || token.length > MAX_TOKEN_LENGTH) {
    return { kind: 'stranger', reason: 'the Authorization header is no bearer token' };
  }
  const given = hashToken(token);
  const label = tokens.get(given);
  const known = label === undefined ? NOBODY : given;
  const same = timingSafeEqual(Buffer.from(known), Buffer.from(given));
  return label !== undefined && same ? { kind: 'grant', label } : { kind: 'stranger', reason: 'unknown token' };
}

const NOBODY = '-'.repeat(64);
