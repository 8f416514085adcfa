import type { ClassifyTool } from '../gateway/pins/kept-class.ts';
import type { ServerWord } from '../settings/known-server-of.ts';
import type { Settings } from '../settings/settings.ts';

/**
 * Says what the definitions of a server can do. The classifier and the catalogue are loaded when a definition is first seen, and of the catalogue
 * the file of that one server: a gateway that starts has other things to do.
 */
export function classifiers(): (server: ServerWord) => Promise<ClassifyTool> {
  let loading: Promise<(server: ServerWord) => ClassifyTool> | undefined;
  return async (server) => {
    loading ??= import('./known-classifier.ts').then(({ knownClassifier }) => knownClassifier());
    return (await loading)(server);
  };
}

/** What a configuration says of a server. */
export function wordFor(name: string, { servers }: Settings): ServerWord {
  const server = servers.get(name);
  return { name, catalogue: server?.catalogue, command: server?.kind === 'command' ? server.command : undefined };
}
