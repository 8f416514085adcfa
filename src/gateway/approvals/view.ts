import type { Json, JsonObject } from '../../wire/json.ts';
import { inPlainSight, jsonInPlainSight } from '../../wire/plain-sight.ts';
import { canonicalJson } from '../../wire/write-json.ts';
import { differences } from '../pins/differences.ts';
import { agreed } from './answer.ts';
import type { Approval } from './approval.ts';
import { argumentsOf, callIn } from './call-key.ts';
import { isoTime } from './iso-time.ts';

/** A question as people see it in lists; JSON of the API. Times are ISO 8601 in UTC. */
export interface ApprovalSummary {
  readonly id: string;
  readonly state: Approval['state'];
  readonly askedAt: string;
  /** By the clock of who looks; what counts is `secondsLeft`. */
  readonly expiresAt: string;
  /** 0 for what is over. */
  readonly secondsLeft: number;
  readonly grant: string;
  readonly owner: string;
  readonly server: string;
  readonly kind: string;
  readonly method: string;
  /** Of the tool, or what else is called. */
  readonly name: string;
  readonly class: string;
  readonly client: { readonly name: string | null; readonly version: string | null };
  readonly reason: string;
  readonly rule: { readonly document: string; readonly pointer: string; readonly id: string | null };
  readonly agreed: number;
  readonly needed: number;
  readonly answers: readonly {
    readonly by: string;
    readonly said: string;
    readonly channel: string;
    readonly at: string;
    readonly note: string | null;
  }[];
  readonly why: string | null;
}

/** One place where two sets of arguments differ; what is not there is left out. */
export interface ShownDifference {
  readonly pointer: string;
  readonly before?: Json;
  readonly after?: Json;
  /** The same in plain sight. */
  readonly text: string;
}

/** All that a person decides by. */
export interface ApprovalDetail extends ApprovalSummary {
  /** The server's words about its tool: not to be trusted. In plain sight; null where there are none. */
  readonly description: string | null;
  readonly arguments: JsonObject;
  /** On several lines, with everything unseen written as an escape. */
  readonly argumentsText: string;
  /** What is sent if an approver changed the arguments. */
  readonly edit: {
    readonly by: string;
    readonly arguments: JsonObject;
    readonly argumentsText: string;
    readonly changes: readonly ShownDifference[];
  } | null;
  /** The last call of this name on this server that was approved and sent, and what differs from it now. */
  readonly lastApproved: {
    readonly id: string;
    readonly at: string;
    readonly grant: string;
    readonly by: readonly string[];
    readonly argumentsText: string;
    readonly changes: readonly ShownDifference[];
  } | null;
  /** Who may answer: each list must be satisfied by a role or as an owner; none means any approver. */
  readonly approvers: readonly { readonly roles: readonly string[]; readonly owners: readonly string[] }[];
  /** Why who looks may not answer; null when they may. Undefined when nobody in particular looks. */
  readonly whyNot?: string | null;
}

const DAYS_OF_TICKS = 366 * 86_400_000;

/** `tick`: now, as expiry is counted; `at`: now on the wall. */
export function summaryOf(approval: Approval, now: { readonly tick: number; readonly at: number }): ApprovalSummary {
  const { subject, answers } = approval;
  const leftMs = Math.max(0, approval.expires - now.tick);
  const isLive = approval.state === 'open' || approval.state === 'approved';
  return {
    id: approval.id,
    state: isLive && leftMs === 0 ? 'expired' : approval.state,
    askedAt: iso(approval.askedAt),
    expiresAt: iso(now.at + Math.min(leftMs, DAYS_OF_TICKS)),
    secondsLeft: isLive ? Math.ceil(leftMs / 1000) : 0,
    grant: subject.grant,
    owner: subject.owner,
    server: subject.server,
    kind: subject.kind,
    method: subject.method,
    name: subject.name,
    class: subject.class,
    client: { name: subject.client.name ?? null, version: subject.client.version ?? null },
    reason: subject.reason,
    rule: { document: subject.rule.document, pointer: subject.rule.pointer, id: subject.rule.id ?? null },
    agreed: agreed(answers),
    needed: subject.quorum.count,
    answers: answers.map(({ by, said, channel, at, note }) => ({ by, said, channel, at: iso(at), note: note ?? null })),
    why: approval.why ?? null,
  };
}

export function detailOf(
  approval: Approval,
  last: Approval | undefined,
  now: { readonly tick: number; readonly at: number },
): ApprovalDetail {
  const { subject, edit } = approval;
  const args = argumentsOf(approval);
  return {
    ...summaryOf(approval, now),
    description: subject.description === undefined ? null : inPlainSight(subject.description),
    arguments: args,
    argumentsText: jsonInPlainSight(args),
    edit: edit === undefined ? null : editShown(approval, edit, args),
    lastApproved: last === undefined ? null : lastShown(last, args),
    approvers: subject.quorum.lists,
  };
}

function editShown({ subject }: Approval, { by, params }: NonNullable<Approval['edit']>, before: JsonObject) {
  const { args } = callIn(subject, params);
  return { by, arguments: args, argumentsText: jsonInPlainSight(args), changes: shownDifferences(before, args) };
}

function lastShown(last: Approval, args: JsonObject): NonNullable<ApprovalDetail['lastApproved']> {
  const { args: before } = callIn(last.subject, last.edit?.params ?? last.subject.params);
  return {
    id: last.id,
    at: iso(last.used?.at ?? last.askedAt),
    grant: last.subject.grant,
    by: last.answers.filter(({ said }) => said === 'approve').map(({ by }) => by),
    argumentsText: jsonInPlainSight(before),
    changes: shownDifferences(before, args),
  };
}

/** Where two sets of arguments differ. */
export function shownDifferences(before: JsonObject, after: JsonObject): readonly ShownDifference[] {
  return differences(before, after).map(({ pointer, before: was, after: is }) => {
    const text = `${inPlainSight(pointer === '' ? '(all)' : pointer)}: ${brief(was)} → ${brief(is)}`;
    return { pointer, ...(was === undefined ? {} : { before: was }), ...(is === undefined ? {} : { after: is }), text };
  });
}

function brief(value: Json | undefined): string {
  if (value === undefined) return '(absent)';
  // One line: what is shown whole stands in the arguments.
  const text = jsonInPlainSight(value).replaceAll(/\n\s*/g, ' ');
  return text.length <= 400 ? text : `${text.slice(0, 400)}… (${canonicalJson(value).length} characters)`;
}

function iso(at: number): string {
  return isoTime(at) ?? String(at);
}
