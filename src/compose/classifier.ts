import { classify } from '../catalogue/classify.ts';
import { knownAs } from '../catalogue/known-as.ts';
import type { KnownServer } from '../catalogue/known-server.ts';
import { overrule } from '../catalogue/overrule.ts';
import { type KeptClass, keptClassOf } from '../gateway/pins/kept-class.ts';
import { type Catalogue, loadCatalogue } from '../settings/load-catalogue.ts';
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
    return classOf(tool, known);
  };
}

/** What a definition can do, if it is one of this server's. */
export function classOf(tool: JsonObject, known: KnownServer | undefined): KeptClass {
  const { name } = tool;
  const knownTool = typeof name === 'string' ? known?.tools.get(name) : undefined;
  return keptClassOf(overrule(classify(tool), tool, knownTool, undefined), known?.name);
}

function knownServer(
  { catalogue: named, name, command }: ServerWord,
  catalogue: () => Catalogue,
): KnownServer | undefined {
  if (named === 'none') return undefined;
  return named === undefined ? knownAs({ name, command }, catalogue()) : catalogue().server(named);
}
