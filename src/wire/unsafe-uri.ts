/** No longer URI can be called. */
const MAX_URI = 1_024;
/** Nobody encodes what is encoded so many times over; to look through it all would take time quadratic in the length. */
const MOST_LAYERS = 8;
/** Letters, digits, `-`, `_` and `~` mean the same encoded or not; `.` is looked at by itself. */
const NEEDLESS = /%(?:2d|3\d|4[1-9a-f]|5[0-9af]|6[1-9a-f]|7[0-9ae])/i;
/** `/ . \` encoded, encodings that are no UTF-8 (of which some readers make `.` and `/`), and those of old JavaScript. */
const HIDING = /%(?:2f|2e|5c|c0|c1|u)/i;
const DOT_SEGMENT = /(?:^|[/:])\.{1,2}(?:[/?#;]|$)/;

/**
 * Whether a server may resolve a URI to another resource than the one judged: control characters, dot segments (`..;` is one to
 * servers that know path parameters), empty segments, what is encoded needlessly or more than once, and whatever URL parsers
 * write otherwise.
 */
export function isUnsafeUri(uri: string): boolean {
  if (uri.length > MAX_URI || !uri.isWellFormed()) return true;
  let text = uri;
  for (let layer = 0; ; layer++) {
    if (layer > MOST_LAYERS) return true;
    if (/\p{Cc}/u.test(text) || text.includes('\\') || HIDING.test(text) || NEEDLESS.test(text)) return true;
    if (DOT_SEGMENT.test(text) || DOT_SEGMENT.test(text.normalize('NFKC'))) return true;
    const decoded = decodedOnce(text);
    if (decoded === text) break;
    text = decoded;
  }
  return pathOf(uri).includes('//') || isRewritten(uri);
}

function pathOf(uri: string): string {
  return uri.replace(/^[^:/?#]+:(?:\/\/[^/?#]*)?/, '').split(/[?#]/, 1)[0] ?? '';
}

/** `FILE:///x`, ` file:/x` and `file://localhost/x` are one file to whoever parses URLs, and three names to a policy. */
function isRewritten(uri: string): boolean {
  const href = URL.parse(uri)?.href;
  if (href === undefined) return false;
  const written = plain(uri);
  return plain(href) !== written && plain(href) !== `${written}/`;
}

/** In one spelling, whatever is encoded of it. */
function plain(uri: string): string {
  for (let text = encodeURI(uri); ; ) {
    const decoded = decodedOnce(text);
    if (decoded === text) return text;
    text = decoded;
  }
}

function decodedOnce(text: string): string {
  return text.replace(/%([0-7][0-9a-f])/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
