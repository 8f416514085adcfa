import { bucketWidth } from '../policy/count/sliding.ts';
import type { Policies } from '../policy/policy.ts';

/** How long before a call another one may count for it, ms: the longest window of all that the documents count by. */
export function lookBack(all: Iterable<Policies>): number {
  let longest = 0;
  for (const { policy, baseline } of all) {
    for (const document of baseline === undefined ? [policy] : [policy, baseline]) {
      const counts = [...document.counted.values()].flat();
      for (const { windowMs } of [...document.counters.values(), ...counts]) {
        // A bucket counts until all of it is too old. A calendar's month is a day or so shorter than this at most.
        longest = Math.max(longest, windowMs + bucketWidth(windowMs));
      }
    }
  }
  return longest;
}
