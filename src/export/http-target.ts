import { hash } from 'node:crypto';
import type { Clock } from '../gateway/ports.ts';
import type { Poster } from '../post/http-poster.ts';
import { failureOf } from './answer.ts';
import type { HttpPlan } from './export-plan.ts';
import { headersOf } from './headers-of.ts';
import { recordLine } from './record-line.ts';
import type { Target } from './target.ts';

/** Posts JSON lines. */
export function httpTarget(plan: HttpPlan, poster: Poster, clock: Pick<Clock, 'now'>): Target {
  return {
    write: recordLine,
    async send(records) {
      const body = `${records.join('\n')}\n`;
      // The same records have the same id, whoever sends them and however often.
      const own = { 'content-type': 'application/x-ndjson', 'toolgate-batch': hash('sha256', body, 'hex') };
      const posted = await poster.post({ url: plan.url.reveal(), headers: headersOf(plan, own), body });
      return failureOf(posted, clock.now()) ?? { kind: 'taken', refused: 0 };
    },
    close: () => poster.close(),
  };
}
