import { knownAs } from '../catalogue/known-as.ts';
import type { KnownServer } from '../catalogue/known-server.ts';
import { classifyDefinition } from '../gateway/pins/classify-definition.ts';
import type { KeptClass } from '../gateway/pins/kept-class.ts';
import { type Catalogue, loadCatalogue } from '../settings/load-catalogue.ts';
import type { Settings } from '../settings/settings.ts';
import type { JsonObject } from '../wire/json.ts';

/** What the operator says of a server; what it says of itself decides nothing. */
export interface ServerWord {
  /** The server of the catalogue that it is; `none`: it is none of them; undefined: by its command, else by its name. */
  readonly catalogue: string | undefined;
  readonly name: string;
  /** Undefined for a remote one. */
  readonly command: readonly string[] | undefined;
}

/**
 * Says what a definition can do: the catalogue's word, else the classifier's. The catalogue is opened, and the file of a server read, when a
 * definition is first seen.
 */
export function classifier(): (server: ServerWord, tool: JsonObject) => KeptClass {
  let catalogue: Catalogue | undefined;
  return (server, tool) => {
    const known = knownServer(server, () => {
      catalogue ??= loadCatalogue();
      return catalogue;
    });
    return classifyDefinition(tool, known);
  };
}

function knownServer(
  { catalogue: named, name, command }: ServerWord,
  catalogue: () => Catalogue,
): KnownServer | undefined {
  if (named === 'none') return undefined;
  return named === undefined ? knownAs({ name, command }, catalogue()) : catalogue().server(named);
}

/** What a configuration says of a server. */
export function wordFor(name: string, { servers }: Settings): ServerWord {
  const server = servers.get(name);
  return { name, catalogue: server?.catalogue, command: server?.kind === 'command' ? server.command : undefined };
}
