import { quoted } from '../policy/problem.ts';
import { HEADER_TWICE, headerNameFault, headerValueFault } from '../settings/header-rules.ts';
import { interpolate } from '../settings/interpolate.ts';
import { Secret } from '../settings/secret.ts';
import { UsageFault } from './options.ts';
import type { World } from './world.ts';

/** A header as it was typed, and what it says with its variables replaced. */
export interface HeaderOption {
  readonly name: string;
  readonly typed: string;
  readonly value: Secret;
}

/** Reads `--header 'Name: value'`, any number of them. Throws `UsageFault`, which repeats no value: it may be a secret. */
export function readHeaderOptions(given: readonly string[], env: World['env']): readonly HeaderOption[] {
  const headers: HeaderOption[] = [];
  for (const text of given) {
    const header = readHeader(text, env);
    const isThere = headers.some(({ name }) => name.toLowerCase() === header.name.toLowerCase());
    if (isThere) throw new UsageFault(`--header: ${quoted(header.name)} ${HEADER_TWICE}`);
    headers.push(header);
  }
  return headers;
}

function readHeader(text: string, env: World['env']): HeaderOption {
  const [, name, typed] = /^([^:]*):[\t ]*(.*?)[\t ]*$/s.exec(text) ?? [];
  if (name === undefined || typed === undefined) {
    throw new UsageFault(`--header must be a name and a value, such as 'Authorization: Bearer \${TOKEN}'`);
  }
  const nameFault = headerNameFault(name);
  if (nameFault !== undefined) throw new UsageFault(`--header: ${quoted(name)} ${nameFault}`);
  const value = replaced(`--header ${name}`, typed, env);
  const valueFault = headerValueFault(value);
  if (valueFault !== undefined) throw new UsageFault(`--header ${name}: the value ${valueFault}`);
  return { name, typed, value: new Secret(value) };
}

/** The text with its variables replaced. Throws `UsageFault`, which says of what `option` they cannot be. */
export function replaced(option: string, typed: string, env: World['env']): string {
  const read = interpolate(typed, env);
  if (read.kind === 'text') return read.text;
  throw new UsageFault(`${option}: ${read.reasons.join('; ')}`);
}
