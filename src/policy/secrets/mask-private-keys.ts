const BEGIN = /-----BEGIN (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----/g;
const END = /-----END (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----/g;
/** What may stand in a key whose end is missing, escaped line ends too. */
const BODY = /(?:[A-Za-z0-9+/=:,.()\s-]|\\[nrt])*/y;

/** A text with private keys in PEM (RFC 7468) and OpenPGP armour (RFC 9580) masked; one that is cut off up to where it is. */
export function maskPrivateKeys(text: string, mask: string): string {
  if (!text.includes('-----BEGIN ')) return text;
  let kept = '';
  let done = 0;
  let isOpen = true;
  for (const { 0: begin, index } of text.matchAll(BEGIN)) {
    if (index < done) continue;
    const end = isOpen ? endAfter(text, index + begin.length) : undefined;
    // Of a text without a further end only what looks like a key is taken, and the end is not looked for again.
    isOpen = end !== undefined;
    kept += text.slice(done, index) + mask;
    done = end ?? bodyEnd(text, index + begin.length);
  }
  return kept + text.slice(done);
}

function endAfter(text: string, from: number): number | undefined {
  END.lastIndex = from;
  const found = END.exec(text);
  return found === null ? undefined : found.index + found[0].length;
}

function bodyEnd(text: string, from: number): number {
  BODY.lastIndex = from;
  return BODY.test(text) ? BODY.lastIndex : from;
}
