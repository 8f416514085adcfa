import type { Json, JsonObject } from '../../wire/json.ts';
import { layoutDepth } from '../../wire/layout-depth.ts';
import { inPlainSight, jsonInPlainSight } from '../../wire/plain-sight.ts';
import { agreed } from './answer.ts';
import type { Approval } from './approval.ts';
import { callIn } from './call-key.ts';
import { extraOf } from './extra-of.ts';
import { isoTime } from './iso-time.ts';
import { type ShownChanges, type ShownParams, shownDifferences } from './shown-differences.ts';

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

/** All that a person decides by. */
export interface ApprovalDetail extends ApprovalSummary {
  /** The server's words about its tool: not to be trusted. In plain sight; null where there are none. */
  readonly description: string | null;
  readonly arguments: JsonObject;
  /** On several lines, with everything unseen written as an escape. */
  readonly argumentsText: string;
  /** What of the call's params stands beside its name and arguments, and is sent as it stands; null where there is nothing. */
  readonly extra: JsonObject | null;
  readonly extraText: string | null;
  /** What is sent if an approver changed the arguments. */
  readonly edit:
    | ({
        readonly by: string;
        readonly arguments: JsonObject;
        readonly argumentsText: string;
      } & ShownChanges)
    | null;
  /** The last call of this name on this server that was approved and sent, and what differs from it now. */
  readonly lastApproved:
    | ({
        readonly id: string;
        readonly at: string;
        readonly grant: string;
        readonly by: readonly string[];
        readonly argumentsText: string;
        readonly extraText: string | null;
      } & ShownChanges)
    | null;
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
  const asked = paramsShown(subject, subject.params);
  return {
    ...summaryOf(approval, now),
    description: subject.description === undefined ? null : inPlainSight(subject.description),
    arguments: asked.args,
    argumentsText: laidOut(asked.args),
    extra: asked.extra,
    extraText: asked.extra === null ? null : laidOut(asked.extra),
    edit: edit === undefined ? null : editShown(approval, edit, asked),
    lastApproved: last === undefined ? null : lastShown(last, asked),
    approvers: subject.quorum.lists,
  };
}

/** What a person sees of a call's params. */
function paramsShown(subject: Approval['subject'], params: string) {
  const call = callIn(subject, params);
  return { args: call.args, extra: extraOf(call) };
}

function editShown({ subject }: Approval, { by, params }: NonNullable<Approval['edit']>, before: ShownParams) {
  const after = paramsShown(subject, params);
  return { by, arguments: after.args, argumentsText: laidOut(after.args), ...shownDifferences(before, after) };
}

function lastShown(last: Approval, now: ShownParams): NonNullable<ApprovalDetail['lastApproved']> {
  const { args, extra } = paramsShown(last.subject, last.edit?.params ?? last.subject.params);
  return {
    id: last.id,
    at: iso(last.used?.at ?? last.askedAt),
    grant: last.subject.grant,
    by: last.answers.filter(({ said }) => said === 'approve').map(({ by }) => by),
    argumentsText: laidOut(args),
    extraText: extra === null ? null : laidOut(extra),
    ...shownDifferences({ args, extra }, now),
  };
}

function laidOut(value: Json): string {
  return jsonInPlainSight(value, { depth: layoutDepth(value) });
}

function iso(at: number): string {
  return isoTime(at) ?? String(at);
}
