import { type Json, type JsonObject, objectOf } from '../../wire/json.ts';
import type { Entry } from '../ports.ts';
import { eventBody } from '../record.ts';
import type { Stamp } from '../stamp.ts';
import type { Approval } from './approval.ts';

export type ApprovalEvent =
  | 'approval asked'
  | 'approval shown'
  | 'approval answered'
  | 'approval used'
  | 'approval expired'
  | 'approval void'
  | 'approval given back';

/** One event of an approval's life, for the log. */
export function approvalRecord(
  stamp: Stamp,
  event: ApprovalEvent,
  { id, subject, state }: Approval,
  more: { readonly [key: string]: Json | undefined } = {},
): Entry {
  const { grant, owner, server, client, session, name, method, rule } = subject;
  const told: [string, Json | undefined][] = [
    ['approval', id],
    ['state', state],
    ['method', method],
    [subject.kind === 'tool' ? 'tool' : 'target', name],
    ['rule', rule.pointer],
    ['ruleId', rule.id],
    ...Object.entries(more),
  ];
  return {
    id: stamp.id(),
    kind: 'event',
    at: stamp.at,
    body: eventBody(event, { grant, owner, server, client, session }, present(told)),
  };
}

function present(fields: readonly (readonly [string, Json | undefined])[]): JsonObject {
  return objectOf(fields.flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])));
}
