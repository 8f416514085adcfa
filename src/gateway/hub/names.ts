const BETWEEN = '__';
const FIT = /^[A-Za-z0-9_.-]{1,128}$/;

/** What a tool or prompt of a server is called where all servers stand together. */
export function publicName(server: string, name: string): string {
  return `${server}${BETWEEN}${name}`;
}

/** Whether clients can be expected to take such a name. Source: 2025-11-25, "Tool names". */
export function isFit(name: string): boolean {
  return FIT.test(name);
}

/** A public name taken apart. */
export interface Split {
  readonly server: string;
  /** The server's own name for it. */
  readonly name: string;
}

/** All readings of a public name: more than one where the name of a server holds two underscores or ends in one. */
export function readingsOf(name: string, servers: ReadonlySet<string>): readonly Split[] {
  const readings: Split[] = [];
  for (let at = name.indexOf(BETWEEN); at >= 0; at = name.indexOf(BETWEEN, at + 1)) {
    const server = name.slice(0, at);
    const own = name.slice(at + BETWEEN.length);
    if (own !== '' && servers.has(server)) readings.push({ server, name: own });
  }
  return readings;
}

/** Texts of which two names share one when a reader may take the one for the other: by case, or by how the letters look. */
function looksOf(name: string): readonly string[] {
  const lower = name.toLowerCase();
  const drawn = name
    .replace(/[I1|]/g, 'l')
    .replace(/0/g, 'o')
    .toLowerCase()
    .replace(/rn/g, 'm')
    .replace(/vv/g, 'w')
    .replace(/[-._]+/g, '_');
  return [`case ${lower}`, `look ${drawn}`];
}

/** Public names that cannot be told apart, each with the one that it is mistaken for. Names that are not fit count for nothing. */
export function clashesAmong(offers: Iterable<Split>): ReadonlyMap<string, string> {
  const first = new Map<string, Split>();
  const clashes = new Map<string, string>();
  for (const offer of offers) {
    const name = publicName(offer.server, offer.name);
    if (!isFit(name)) continue;
    for (const look of looksOf(name)) {
      const other = first.get(look);
      if (other === undefined) first.set(look, offer);
      else if (other.server !== offer.server || other.name !== offer.name) {
        clashes.set(name, told(other));
        clashes.set(publicName(other.server, other.name), told(offer));
      }
    }
  }
  return clashes;
}

function told({ server, name }: Split): string {
  return `${publicName(server, name)} of the server ${server}`;
}
