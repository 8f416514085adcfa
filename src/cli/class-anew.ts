import { classifyDefinition } from '../gateway/pins/classify-definition.ts';
import type { ClassifyAnew } from '../gateway/pins/reclassify.ts';
import { didYouMean } from '../policy/nearest.ts';
import { quoted } from '../policy/problem.ts';
import { type Catalogue, loadCatalogue } from '../settings/load-catalogue.ts';
import { type Options, UsageFault } from './options.ts';

/**
 * How definitions are classified by this Toolgate: for the server of the catalogue for which they were taken, or the one that `--catalogue`
 * names. Throws `UsageFault` for one that it has not.
 */
export function classifyAnew(options: Options): ClassifyAnew {
  const named = options.texts.get('catalogue');
  let opened: Catalogue | undefined;
  const catalogue = (): Catalogue => {
    opened ??= loadCatalogue();
    return opened;
  };
  if (named !== undefined && named !== 'none' && !catalogue().names().includes(named)) {
    const nearest = didYouMean(named, catalogue().names());
    throw new UsageFault(`the catalogue has no server ${quoted(named)}${nearest}`);
  }
  return (frozen) => {
    const name = named ?? frozen?.catalogue;
    const known = name === undefined || name === 'none' ? undefined : catalogue().server(name);
    return (tool) => classifyDefinition(tool, known);
  };
}
