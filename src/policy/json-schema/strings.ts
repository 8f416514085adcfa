import { isFound, miss, type Run, spend } from './run.ts';
import { countOf, keywordOf, refuse, type Spot, searchOf } from './spot.ts';

/** The keywords of strings. Lengths are in code points; patterns search and are linear in the text. */
export function addStringChecks(spot: Spot): void {
  const least = countOf(spot, 'minLength');
  if (least !== undefined) {
    const wants = `hold at least ${counted(least, 'character')}`;
    spot.into.onString.push((text, run) => isAsLong(run, text, least) || miss(run, wants));
  }
  const most = countOf(spot, 'maxLength');
  if (most !== undefined) {
    const wants = `hold at most ${counted(most, 'character')}`;
    spot.into.onString.push((text, run) => !isAsLong(run, text, most + 1) || miss(run, wants));
  }
  const pattern = keywordOf(spot, 'pattern');
  if (pattern === undefined) return;
  if (typeof pattern !== 'string') return refuse(spot, 'pattern', 'must be a string');
  const search = searchOf(spot, 'pattern', pattern);
  spot.into.onString.push((text, run) => isFound(run, search, text) || miss(run, 'match the pattern of the schema'));
}

export function counted(count: number, thing: string, things = `${thing}s`): string {
  return `${count} ${count === 1 ? thing : things}`;
}

/** Counts only where UTF-16 units leave it open. */
function isAsLong(run: Run, text: string, count: number): boolean {
  if (text.length < count) return false;
  if (text.length >= 2 * count) return true;
  spend(run, text.length >> 4);
  let points = text.length;
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) >> 10 !== 0x36 || text.charCodeAt(index + 1) >> 10 !== 0x37) continue;
    points--;
    index++;
  }
  return points >= count;
}
