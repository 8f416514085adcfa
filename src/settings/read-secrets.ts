import { quoted } from '../policy/problem.ts';
import { type Item, namedItems, type Reading, say, textAt } from './reading.ts';
import { Secret } from './secret.ts';

/** What makes a name or a value unfit; undefined when nothing does. Texts for the user: they must not repeat a value. */
interface Rules {
  name(name: string): string | undefined;
  value(value: string): string | undefined;
}

/** Values for the environment of a child process. */
export function readEnvironment(reading: Reading, item: Item | undefined): ReadonlyMap<string, Secret> {
  return readSecrets(reading, item, {
    name: (name) => (name === '' || /[=\0]/.test(name) ? 'is no name for an environment variable' : undefined),
    value: (value) => (value.includes('\0') ? 'must not hold a NUL character' : undefined),
  });
}

/** These belong to the transport; a configured one would break it or be overwritten. */
const OWN_HEADERS: ReadonlySet<string> = new Set(
  `accept connection content-encoding content-length content-type expect host keep-alive last-event-id mcp-method mcp-name
  mcp-protocol-version mcp-session-id te trailer transfer-encoding upgrade`.split(/\s+/),
);

/** Headers for every request to a remote server. */
export function readHeaders(reading: Reading, item: Item | undefined): ReadonlyMap<string, Secret> {
  const names = new Set<string>();
  return readSecrets(reading, item, {
    name(name) {
      const lower = name.toLowerCase();
      if (!/^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(lower)) return 'is no name for a header';
      if (OWN_HEADERS.has(lower)) return 'is a header that the gateway sets itself; leave it out';
      if (names.has(lower)) return 'stands twice: case makes no difference in the name of a header';
      names.add(lower);
      return undefined;
    },
    value: (value) =>
      /^[\t\x20-\x7e\x80-\xff]*$/.test(value) ? undefined : 'holds a character that no header can carry',
  });
}

function readSecrets(reading: Reading, item: Item | undefined, rules: Rules): ReadonlyMap<string, Secret> {
  const secrets = new Map<string, Secret>();
  for (const entry of namedItems(reading, item)) {
    const nameFault = rules.name(entry.name);
    if (nameFault !== undefined) say(reading, entry.pointer, `${quoted(entry.name)} ${nameFault}`);
    const text = textAt(reading, entry);
    if (text === undefined) continue;
    const valueFault = rules.value(text);
    if (valueFault !== undefined) say(reading, entry.pointer, valueFault);
    secrets.set(entry.name, new Secret(text));
  }
  return secrets;
}
