import { classifyDefinition } from '../gateway/pins/classify-definition.ts';
import type { ClassifyTool } from '../gateway/pins/kept-class.ts';
import { knownServerOf, type ServerWord } from '../settings/known-server-of.ts';
import { type Catalogue, loadCatalogue } from '../settings/load-catalogue.ts';

/** Says what the definitions of a server can do: the catalogue's word, else the classifier's. */
export function knownClassifier(): (server: ServerWord) => ClassifyTool {
  let opened: Catalogue | undefined;
  const catalogue = (): Catalogue => {
    opened ??= loadCatalogue();
    return opened;
  };
  return (server) => {
    const known = knownServerOf(server, catalogue);
    return (tool) => classifyDefinition(tool, known);
  };
}
