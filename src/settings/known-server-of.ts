import { knownAs } from '../catalogue/known-as.ts';
import type { KnownServer } from '../catalogue/known-server.ts';
import type { Catalogue } from './load-catalogue.ts';

/** What the operator says of a server; what it says of itself decides nothing. */
export interface ServerWord {
  /** The server of the catalogue that it is; `none`: it is none of them; undefined: by its command, else by its name. */
  readonly catalogue: string | undefined;
  readonly name: string;
  /** Undefined for a remote one. */
  readonly command: readonly string[] | undefined;
}

/** The server of the catalogue that this is, if it is one. The catalogue is opened only if need be. */
export function knownServerOf(
  { catalogue: named, name, command }: ServerWord,
  catalogue: () => Catalogue,
): KnownServer | undefined {
  if (named === 'none') return undefined;
  return named === undefined ? knownAs({ name, command }, catalogue()) : catalogue().server(named);
}
