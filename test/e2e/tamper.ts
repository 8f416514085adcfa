import { DatabaseSync } from 'node:sqlite';

/** What a person with a tool could do to the log: `find` names a place, `change` is done there. */
interface Tampering {
  readonly find: string;
  /** SQL in which `$n`, `$writer` and `$seq` stand for the place. */
  readonly change: string;
  /** How many records after the place the chain is seen to be broken. */
  readonly shownAfter: 0 | 1;
}

const MIDDLE = "SELECT n, writer, seq FROM record WHERE body LIKE '%no-sevens%'";
const LAST = 'SELECT writer, max(seq) AS seq FROM record WHERE writer = (SELECT min(writer) FROM record)';
const ADD = `INSERT INTO record (writer, seq, id, kind, at, limits, body, hash)
  SELECT writer, seq + 1, 'made-up', kind, at, limits, body, hash FROM record WHERE writer = $writer AND seq = $seq`;
const SQUEEZE_IN = `
  UPDATE record SET seq = -seq WHERE writer = $writer AND seq > $seq;
  ${ADD};
  UPDATE record SET seq = 1 - seq WHERE writer = $writer AND seq < 0`;
const SWAP = `
  UPDATE record SET seq = -1 WHERE n = $n;
  UPDATE record SET seq = seq - 1 WHERE writer = $writer AND seq = $seq + 1;
  UPDATE record SET seq = $seq + 1 WHERE n = $n`;

function set(column: string): Tampering {
  return { find: MIDDLE, change: `UPDATE record SET ${column} WHERE n = $n`, shownAfter: 0 };
}

export const TAMPERINGS: readonly (readonly [string, Tampering])[] = [
  ['a changed decision', set(`body = replace(body, '"deny"', '"allow"')`)],
  ['a changed time', set('at = at - 1000')],
  ['a changed count', set(`limits = '[1]'`)],
  ['a changed hash', set(`hash = '${'0'.repeat(64)}'`)],
  ['a removed record', { find: MIDDLE, change: 'DELETE FROM record WHERE n = $n', shownAfter: 1 }],
  ['two that changed places', { find: MIDDLE, change: SWAP, shownAfter: 0 }],
  ['an inserted record', { find: MIDDLE, change: SQUEEZE_IN, shownAfter: 1 }],
  ['an added record', { find: LAST, change: ADD, shownAfter: 1 }],
];

/** Tampers with a database that nobody has open; gives the place where that must be seen. */
export function tamper(file: string, tampering: Tampering): { readonly writer: string; readonly seq: number } {
  const db = new DatabaseSync(file);
  try {
    const place = db.prepare(tampering.find).get() ?? {};
    const change = tampering.change.replace(/\$(n|writer|seq)/g, (_all, column: string) => String(place[column] ?? 0));
    db.exec(change);
    const writer = db.prepare('SELECT id FROM writer WHERE n = ?').get(place['writer'] ?? 0);
    return { writer: String(writer?.['id']), seq: Number(place['seq']) + tampering.shownAfter };
  } finally {
    db.close();
  }
}
