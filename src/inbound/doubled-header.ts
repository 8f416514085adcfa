/** Headers of which Node keeps one and drops or joins the rest, while who stands in front may take another. */
const SINGLE: ReadonlySet<string> = new Set(['host', 'authorization', 'origin', 'content-type', 'content-encoding']);

/** The name of one that stands there twice, or undefined. `raw` is names and values in turn, as they came. */
export function doubledHeader(raw: readonly string[]): string | undefined {
  const seen = new Set<string>();
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at]?.toLowerCase() ?? '';
    if (!SINGLE.has(name)) continue;
    if (seen.has(name)) return name;
    seen.add(name);
  }
  return undefined;
}
