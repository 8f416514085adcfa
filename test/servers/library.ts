import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Started } from '../kit/started.ts';
import { folderFor } from './ground.ts';

/** A library's books in a SQLite file, looked at without the server. */
export interface Library {
  readonly file: string;
  titles(): readonly unknown[];
  tables(): readonly unknown[];
}

export function library(kit: Started): Library {
  const file = join(folderFor(kit), 'library.db');
  const ask = (sql: string): readonly unknown[] => {
    const database = new DatabaseSync(file);
    const rows = database.prepare(sql).all();
    database.close();
    return rows.map((row) => row['name']);
  };
  const database = new DatabaseSync(file);
  database.exec(`create table books (id integer primary key, name text);
    create table loans (book integer, reader text);
    insert into books (name) values ('Emma'), ('Ulysses');`);
  database.close();
  return {
    file,
    titles: () => ask('select name from books order by id'),
    tables: () => ask("select name from sqlite_master where type = 'table' order by name"),
  };
}
