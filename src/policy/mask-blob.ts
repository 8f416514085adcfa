import type { Json } from '../wire/json.ts';
import { base64OfText, textOfBase64 } from './base64-text.ts';
import { REDACTED } from './results.ts';

/**
 * Base64 of a text with that text masked. What is said to be a text and cannot be read as one is masked as a whole; what is
 * said to be something else and is no text (pictures, archives) is left as it is.
 */
export function maskBlob(blob: string, mimeType: Json | undefined, mask: (text: string) => string): string {
  const type = typeof mimeType === 'string' ? mimeType.toLowerCase() : '';
  if (/^(?:image\/(?!svg)|audio\/|video\/|font\/)/.test(type) && isBase64(blob)) return blob;
  const text = textOfBase64(blob);
  if (text !== undefined) {
    const masked = mask(text);
    return masked === text ? blob : base64OfText(masked);
  }
  if (isTextual(type)) return base64OfText(REDACTED);
  return isBase64(blob) ? blob : mask(blob);
}

function isBase64(text: string): boolean {
  return /^[A-Za-z0-9+/\s]*={0,2}$/.test(text);
}

function isTextual(type: string): boolean {
  return /^text\/|[/+](?:json|xml|yaml|x-yaml|toml|sql|javascript|typescript|x-sh|x-www-form-urlencoded|csv)(?:;|$)/.test(
    type,
  );
}
