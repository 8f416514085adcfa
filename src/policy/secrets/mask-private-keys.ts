const BEGIN = /-----BEGIN (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----/g;
const END = /-----END (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----/g;
/** The longest key in use (RSA, 16384 bits) has 13,000 characters. */
const MAX_KEY = 20_000;

/** A text with private keys in PEM (RFC 7468) and OpenPGP armour (RFC 9580) masked; one that is cut off as far as it goes. */
export function maskPrivateKeys(text: string, mask: string): string {
  if (!text.includes('-----BEGIN ')) return text;
  const ends = [...text.matchAll(END)].map(({ 0: end, index }) => index + end.length);
  let next = 0;
  let kept = '';
  let done = 0;
  for (const { 0: begin, index } of text.matchAll(BEGIN)) {
    if (index < done) continue;
    const from = index + begin.length;
    while ((ends[next] ?? Number.POSITIVE_INFINITY) < from) next++;
    const end = ends[next];
    kept += text.slice(done, index) + mask;
    done = end !== undefined && end - from <= MAX_KEY ? end : bodyEnd(text, from);
  }
  return kept + text.slice(done);
}

/** Where the lines of a key end whose last line is missing; line ends may be escaped, as in JSON. */
function bodyEnd(text: string, from: number): number {
  const body =
    /(?:(?:\s|\\[nr])+(?:Proc-Type|DEK-Info|Version|Comment): ?[^\r\n\\"]{0,200})*(?:(?:\s|\\[nr])+[A-Za-z0-9+/=]{20,})*/y;
  body.lastIndex = from;
  return body.test(text) ? body.lastIndex : from;
}
