/** Whether a URI may have been made from a template. */
export interface UriTest {
  /** `slashes`: those of the URI, which is counted once for many templates. */
  fits(uri: string, slashes: number): boolean;
  /** How many texts are looked for in the URI. */
  readonly texts: number;
}

const EXPRESSION = /\{[^{}]*\}/g;
const SCHEME = /^[a-z][a-z0-9+.-]*:/i;
const MAX_LENGTH = 1_024;

/**
 * Reads a URI template (RFC 6570) as far as routing needs it: the texts between the expressions stand in the URI in their order. Undefined for a
 * template that would fit every URI of every server, since it has no scheme of its own. Takes time linear in the URI.
 */
export function uriTest(template: string): UriTest | undefined {
  if (template.length > MAX_LENGTH) return undefined;
  const texts = template.split(EXPRESSION);
  const [first = '', ...rest] = texts;
  if (!SCHEME.test(first)) return undefined;
  const last = rest.pop();
  if (last === undefined) return { fits: (uri) => uri === template, texts: 1 };
  const slashes = mayHoldSlashes(template) ? undefined : countSlashes(texts.join(''));
  const fits = (uri: string, found: number): boolean => {
    if (!uri.startsWith(first) || uri.length < first.length + last.length || !uri.endsWith(last)) return false;
    if (slashes !== undefined && found !== slashes) return false;
    const end = uri.length - last.length;
    let at = first.length;
    for (const text of rest) {
      const next = uri.indexOf(text, at);
      if (next < 0 || next + text.length > end) return false;
      at = next + text.length;
    }
    return at <= end;
  };
  return { fits, texts: texts.length };
}

/** A plain `{name}` writes a slash as `%2F`; with an operator, or a `*`, it may not. */
function mayHoldSlashes(template: string): boolean {
  return [...template.matchAll(EXPRESSION)].some(([expression]) => !/^\{[A-Za-z0-9_.%,:]+\}$/.test(expression));
}

/** How many slashes stand in a text. */
export function countSlashes(text: string): number {
  let slashes = 0;
  for (let at = text.indexOf('/'); at >= 0; at = text.indexOf('/', at + 1)) slashes++;
  return slashes;
}
