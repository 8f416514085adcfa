import { classifyDefinition } from '../gateway/pins/classify-definition.ts';
import type { KeptClass } from '../gateway/pins/kept-class.ts';
import { knownServerOf, type ServerWord } from '../settings/known-server-of.ts';
import { type Catalogue, loadCatalogue } from '../settings/load-catalogue.ts';
import type { Settings } from '../settings/settings.ts';
import type { JsonObject } from '../wire/json.ts';

/**
 * Says what a definition can do: the catalogue's word, else the classifier's. The catalogue is opened, and the file of a server read, when a
 * definition is first seen.
 */
export function classifier(): (server: ServerWord, tool: JsonObject) => KeptClass {
  let catalogue: Catalogue | undefined;
  return (server, tool) => {
    const known = knownServerOf(server, () => {
      catalogue ??= loadCatalogue();
      return catalogue;
    });
    return classifyDefinition(tool, known);
  };
}

/** What a configuration says of a server. */
export function wordFor(name: string, { servers }: Settings): ServerWord {
  const server = servers.get(name);
  return { name, catalogue: server?.catalogue, command: server?.kind === 'command' ? server.command : undefined };
}
