import { askedDelay } from '../post/asked-delay.ts';
import type { Posted } from '../post/http-poster.ts';
import type { Sent } from './target.ts';

/** So a receiver says that there is too much at once, or that something in it is not to its liking: smaller batches find out what. */
const SPLIT: ReadonlySet<number> = new Set([400, 413, 422]);

/** What an answer other than a 2xx means; undefined for a 2xx. `now`: wall time, ms. */
export function failureOf(posted: Posted, now: number): Sent | undefined {
  if (posted.kind === 'failed') {
    // A batch that took too long may have been too large.
    const remedy = posted.code === 'TIMEOUT' ? 'shrink' : 'wait';
    return { kind: 'failed', why: posted.code, asked: undefined, remedy };
  }
  const { status, retryAfter } = posted;
  if (status >= 200 && status < 300) return undefined;
  return {
    kind: 'failed',
    why: `the receiver answered ${status}`,
    asked: askedDelay(retryAfter, now),
    remedy: SPLIT.has(status) ? 'split' : 'wait',
  };
}
