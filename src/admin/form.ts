import { bad, type Read, read } from './fault.ts';

/** The fields of a form, in their order; a name may stand there several times. */
export interface Form {
  /** Undefined when it is not there; the first when it is there several times. */
  one(name: string): string | undefined;
  all(name: string): readonly string[];
}

/** Reads `application/x-www-form-urlencoded` text; what is not UTF-8 is refused, not replaced. */
export function readForm(text: string): Read<Form> {
  const fields = new Map<string, string[]>();
  for (const pair of text === '' ? [] : text.split('&')) {
    const at = pair.indexOf('=');
    const name = decoded(at < 0 ? pair : pair.slice(0, at));
    const value = decoded(at < 0 ? '' : pair.slice(at + 1));
    if (name === undefined || value === undefined) return bad('The form cannot be read.');
    const known = fields.get(name);
    if (known === undefined) fields.set(name, [value]);
    else known.push(value);
  }
  return read({ one: (name) => fields.get(name)?.[0], all: (name) => fields.get(name) ?? [] });
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}
