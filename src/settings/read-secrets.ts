import { quoted } from '../policy/problem.ts';
import { HEADER_TWICE, headerNameFault, headerValueFault } from './header-rules.ts';
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

/** Headers for every request to a remote server. */
export function readHeaders(reading: Reading, item: Item | undefined): ReadonlyMap<string, Secret> {
  const names = new Set<string>();
  return readSecrets(reading, item, {
    name(name) {
      const fault = headerNameFault(name);
      if (fault !== undefined) return fault;
      if (names.has(name.toLowerCase())) return HEADER_TWICE;
      names.add(name.toLowerCase());
      return undefined;
    },
    value: headerValueFault,
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
