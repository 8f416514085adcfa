import { isoTime } from '../gateway/approvals/iso-time.ts';
import { type Json, type JsonObject, objectOf } from '../wire/json.ts';
import type { Backtest } from './backtest.ts';
import type { RecordedRuling } from './recorded-call.ts';
import type { Called, Changed, Example, Shadowed } from './report.ts';

/** A backtest as command line and API give it. */
export function backtestJson(found: Backtest): JsonObject {
  return object({
    since: timeOf(found.since),
    until: timeOf(found.until),
    lookedFrom: timeOf(found.lookedFrom),
    logBegins: found.logBegins === undefined ? undefined : timeOf(found.logBegins),
    calls: found.calls,
    unchanged: found.unchanged,
    looser: found.looser,
    tighter: found.tighter,
    cannotTell: found.cannotTell,
    notJudged: found.notJudged,
    repeated: found.repeated,
    underBaseline: found.underBaseline,
    changes: found.changes.map(changeJson),
    unknown: found.unknown.map(({ why, count, ...called }) => object({ ...calledJson(called), why, count })),
    outside: found.outside.map(({ rule, count }) => object({ rule, count })),
    shadow: object({
      recorded: found.shadow.recorded.map(shadowJson),
      draft: found.shadow.draft.map(shadowJson),
    }),
  });
}

function changeJson({ direction, recorded, draft, count, grants, first, last, examples, ...called }: Changed): Json {
  return object({
    ...calledJson(called),
    direction,
    recorded: rulingJson(recorded),
    draft: rulingJson(draft),
    count,
    grants,
    first: timeOf(first),
    last: timeOf(last),
    examples: examples.map(exampleJson),
  });
}

function exampleJson({ id, at, grant, args }: Example): Json {
  return object({ id, time: timeOf(at), grant, args });
}

function shadowJson({ would, count, ...called }: Shadowed): Json {
  return object({ ...calledJson(called), would: rulingJson(would), count });
}

function calledJson({ server, kind, name }: Called): { readonly [key: string]: Json } {
  return { server, kind, name };
}

function rulingJson({ effect, rule, id, document }: RecordedRuling): Json {
  return object({ effect, rule, id, document: document === 'baseline' ? document : undefined });
}

function timeOf(at: number): string {
  return isoTime(at) ?? String(at);
}

function object(members: { readonly [key: string]: Json | undefined }): JsonObject {
  return objectOf(Object.entries(members).filter((member): member is [string, Json] => member[1] !== undefined));
}
