/** No longer URI can be called. */
const MAX_URI = 1_024;

/**
 * Whether a server may resolve a URI to another resource than the one judged: control characters, dot segments, or encoded
 * `/ . \`, however often encoded. `..;` is a dot segment to servers that know path parameters.
 */
export function isUnsafeUri(uri: string): boolean {
  if (uri.length > MAX_URI) return true;
  for (let text = uri; ; ) {
    if (/\p{Cc}/u.test(text)) return true;
    if (/%(?:2f|2e|5c)/i.test(text) || text.includes('\\')) return true;
    if (/(?:^|[/:])\.{1,2}(?:[/?#;]|$)/.test(text)) return true;
    const decoded = text.replace(/%([0-7][0-9a-f])/gi, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
    if (decoded === text) return false;
    text = decoded;
  }
}
