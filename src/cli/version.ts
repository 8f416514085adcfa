import { readFileSync } from 'node:fs';

/** The version of the package, from its own package.json. */
export function packageVersion(): string {
  const own: { readonly version?: unknown } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  );
  return String(own.version);
}
