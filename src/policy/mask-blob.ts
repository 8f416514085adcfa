import type { Json } from '../wire/json.ts';
import { base64OfText, textOfBase64 } from './base64-text.ts';
import { REDACTED } from './results.ts';

/**
 * Base64 of a text with that text masked, whatever it is said to be. What is said to be a text and cannot be read as one is
 * masked as a whole; what is said to be something else and is no text (pictures, archives) is left as it is.
 */
export function maskBlob(blob: string, mimeType: Json | undefined, mask: (text: string) => string): string {
  const text = textOfBase64(blob.replace(/\s/g, ''));
  // NUL stands between the letters of UTF-16, where no mask would find them.
  if (isTextual(mimeType) && (text === undefined || text.includes('\0'))) return base64OfText(REDACTED);
  if (text === undefined) return isBase64(blob) ? blob : mask(blob);
  const masked = mask(text);
  return masked === text ? blob : base64OfText(masked);
}

function isBase64(text: string): boolean {
  return /^[A-Za-z0-9+/\s]*={0,2}$/.test(text);
}

function isTextual(mimeType: Json | undefined): boolean {
  if (typeof mimeType !== 'string') return false;
  return /^text\/|[/+](?:json|xml|yaml|x-yaml|toml|sql|javascript|typescript|x-sh|x-www-form-urlencoded|csv)(?:;|$)/i.test(
    mimeType,
  );
}
