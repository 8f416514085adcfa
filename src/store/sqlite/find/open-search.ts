import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { StoreFault } from '../../../gateway/ports.ts';
import { openDatabase } from '../driver.ts';
import { storeFault } from '../fault.ts';
import { checkSchema } from '../schema.ts';
import { IndexFile } from './index-file.ts';
import { LogRows } from './log-rows.ts';
import { SqliteSearch } from './sqlite-search.ts';

const LOG = 'toolgate.db';
const INDEX = 'toolgate-index.db';
/** How long one look at the log waits for a lock, which nobody holds for longer than a moment. */
const BUSY_MS = 1_000;

/** Opens the search in the log of a data folder, beside running gateways. Throws `StoreFault`. */
export function openSearch(folder: string): SqliteSearch {
  const path = join(folder, LOG);
  if (!existsSync(path)) {
    throw new StoreFault(`store ${path}: there is none; name the data folder of a gateway that has run`);
  }
  try {
    const db = openDatabase(path, { readOnly: true, busyMs: BUSY_MS });
    try {
      checkSchema(db, path);
      return new SqliteSearch(new LogRows(path, db), new IndexFile(join(folder, INDEX)));
    } catch (error) {
      db.close();
      throw error;
    }
  } catch (error) {
    throw storeFault(path, error);
  }
}
