import { type Row, textIn } from './driver.ts';

export const ALL_TOKENS = 'SELECT grant_name, hash FROM token';

export function tokensIn(rows: readonly Row[]): ReadonlyMap<string, string> {
  return new Map(rows.map((row) => [textIn(row, 'grant_name'), textIn(row, 'hash')]));
}
