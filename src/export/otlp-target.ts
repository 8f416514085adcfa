import type { Clock, StoredRecord } from '../gateway/ports.ts';
import type { Poster } from '../post/http-poster.ts';
import { failureOf } from './answer.ts';
import { attributes } from './attributes.ts';
import type { OtlpPlan } from './export-plan.ts';
import { headersOf } from './headers-of.ts';
import { otlpRecord } from './otlp-record.ts';
import type { Target } from './target.ts';
import { toldBy } from './told.ts';

const OWN = { 'content-type': 'application/json' };

interface OtlpParts {
  readonly poster: Poster;
  readonly clock: Pick<Clock, 'now'>;
  /** Toolgate's own. */
  readonly version: string;
}

/** Posts OTLP logs over HTTP, in the JSON mapping of its protobuf. */
export function otlpTarget(plan: OtlpPlan, { poster, clock, version }: OtlpParts): Target {
  const resource = JSON.stringify({
    attributes: attributes([
      ['service.name', plan.service],
      ['service.version', version],
    ]),
  });
  const scope = JSON.stringify({ name: 'toolgate', version });
  return {
    write: (record: StoredRecord) => otlpRecord(record, clock.now()),
    async send(records) {
      const logs = `{"scope":${scope},"logRecords":[${records.join(',')}]}`;
      const body = `{"resourceLogs":[{"resource":${resource},"scopeLogs":[${logs}]}]}`;
      const posted = await poster.post({
        url: plan.url.reveal(),
        headers: headersOf(plan, OWN),
        body,
        reads: 'answer',
      });
      const failure = failureOf(posted, clock.now());
      if (failure !== undefined) return failure;
      return { kind: 'taken', refused: posted.kind === 'answered' ? refusedIn(posted.said) : 0 };
    },
    close: () => poster.close(),
  };
}

/** How many records the receiver says that it dropped: OTLP wants those not to be sent again. */
function refusedIn(said: string | undefined): number {
  const told = toldBy(said ?? '');
  const count = Number(told.scalar('partialSuccess', 'rejectedLogRecords') ?? 0);
  return Number.isSafeInteger(count) && count > 0 ? count : 0;
}
