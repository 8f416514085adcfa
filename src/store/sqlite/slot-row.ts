import type { Slot } from '../../policy/count/slot.ts';
import { readSum, type Sum, sumOf, sumText } from '../../policy/count/sum.ts';
import { numberIn, type Row } from './driver.ts';

/** What the column `used` holds for a sum: an integer, or the text of what is none. */
export function usedColumn(used: Sum): number | string {
  return typeof used === 'number' ? used : sumText(used);
}

/** Throws for a row that holds no sum. */
export function slotIn(row: Row): Slot {
  return { bucket: numberIn(row, 'bucket'), used: sumIn(row), until: numberIn(row, 'until') };
}

function sumIn({ used }: Row): Sum {
  const sum = typeof used === 'number' ? sumOf(used) : typeof used === 'string' ? readSum(used) : undefined;
  if (sum === undefined) throw new Error('column used holds no sum');
  return sum;
}
