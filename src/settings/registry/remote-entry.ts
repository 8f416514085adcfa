import { quoted } from '../../policy/problem.ts';
import { HEADER_TWICE, headerNameFault, headerValueFault } from '../header-rules.ts';
import { readServerUrl } from '../server-url.ts';
import { type Part, shownText } from './part.ts';
import { whyNoWay } from './public-address.ts';
import type { RegistryRemote } from './registry-server.ts';
import { type Filling, filledIn, resolveInput } from './resolve-input.ts';

export interface RemoteEntry {
  readonly url: readonly Part[];
  readonly headers: ReadonlyMap<string, readonly Part[]>;
}

/** The way to a remote server. What is in the way is told to `filling`. */
export function remoteEntry(filling: Filling, found: RegistryRemote, loopback: 'meant' | 'not meant'): RemoteEntry {
  if (found.type !== 'streamable-http' && found.type !== 'sse') {
    filling.faults.push(`${found.pointer}: ${quoted(found.type)} is no way to speak to a server that is known here`);
  }
  const input = { pointer: found.pointer, key: 'url', isSecret: false };
  checkVariables(filling, found);
  const url = filledIn(filling, input, found.url, found.variables);
  const shown = shownText(url);
  if (url.some(({ kind }) => kind === 'variable')) {
    filling.faults.push(
      `${found.pointer}: a secret would stand in the URL, which goes into logs everywhere; give it by a header`,
    );
  } else if (filling.faults.length === 0) {
    const read = readServerUrl(shown, '"headers"');
    const why = read.kind === 'fault' ? read.reason : whyNoWay(read.url, loopback);
    if (why !== undefined) filling.faults.push(`${found.pointer}: the address ${quoted(shown)} ${why}`);
    const braces = /\{[^}]*\}/.exec(shown)?.[0];
    if (braces !== undefined)
      filling.faults.push(`${found.pointer}: the address holds ${quoted(braces)}, which it does not explain`);
  }
  return { url, headers: headersOf(filling, found) };
}

/** A value within an address must not become another part of it; where it begins the address, the whole is checked. */
function checkVariables(filling: Filling, { url, variables, pointer }: RegistryRemote): void {
  for (const [name, variable] of variables) {
    const value = filling.given.get(name) ?? variable.value ?? variable.default;
    if (value === undefined || url.startsWith(`{${name}}`) || /^[A-Za-z0-9._~-]*$/.test(value)) continue;
    filling.faults.push(
      `${pointer}: the value of ${quoted(name)} must be letters, digits, dots, dashes and underscores within an address`,
    );
  }
}

function headersOf(filling: Filling, { headers }: RegistryRemote): ReadonlyMap<string, readonly Part[]> {
  const found = new Map<string, readonly Part[]>();
  const seen = new Set<string>();
  for (const input of headers) {
    const value = resolveInput(filling, input);
    const fixed = (value ?? []).map((part) => (part.kind === 'text' ? part.text : '')).join('');
    const isTwice = seen.has(input.key.toLowerCase());
    const why = headerNameFault(input.key) ?? (isTwice ? HEADER_TWICE : undefined) ?? headerValueFault(fixed);
    seen.add(input.key.toLowerCase());
    if (why !== undefined) filling.faults.push(`${input.pointer}: the header ${quoted(input.key)} ${why}`);
    else if (value !== undefined) found.set(input.key, value);
  }
  return found;
}
