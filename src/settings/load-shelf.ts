import type { Attack } from '../catalogue/attack.ts';
import { type Shelf, shelfOf } from '../catalogue/pages/shelf.ts';
import { loadAttacks } from './load-attacks.ts';
import { type Catalogue, loadCatalogue } from './load-catalogue.ts';
import { sqlParsersFor } from './sql-parsers.ts';

/** All of the catalogue, as its pages and searches take it. Rejects when the package is not whole. */
export async function loadShelf(
  catalogue: Catalogue = loadCatalogue(),
  attacks: readonly Attack[] = loadAttacks(),
): Promise<Shelf> {
  const servers = catalogue.names().flatMap((name) => catalogue.server(name) ?? []);
  return shelfOf(servers, catalogue.packages(), attacks, await sqlParsersFor('sql_only'));
}
