import type { AttackOnPage } from '../catalogue/pages/attack-on-page.ts';
import { type Shelf, shelfOf } from '../catalogue/pages/shelf.ts';
import { type Catalogue, loadCatalogue } from './load-catalogue.ts';

/** All of the catalogue, as its pages and searches take it. Throws when the package is not whole. */
export function loadShelf(catalogue: Catalogue = loadCatalogue(), attacks: readonly AttackOnPage[] = []): Shelf {
  const servers = catalogue.names().flatMap((name) => catalogue.server(name) ?? []);
  return shelfOf(servers, catalogue.packages(), attacks);
}
