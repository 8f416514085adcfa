import type { Decision, RiskClass } from '../policy/decision.ts';
import type { Call } from '../wire/call.ts';
import { bareObject, isObject, type Json, type JsonObject, objectOf, withKeys } from '../wire/json.ts';
import { canonicalJson } from '../wire/write-json.ts';
import type { Outcome } from './exchanges.ts';
import type { ArgumentPrivacy, Standing } from './gate.ts';
import type { InspectedOutcome } from './inspect-result.ts';
import { redactArguments } from './redact.ts';
import type { Refusal } from './refusal.ts';

/** Of arguments longer than this as canonical JSON only the digest is kept, so that one call cannot fill the log: a key can be as long as a value. */
const MAX_ARGUMENT_CHARACTERS = 65_536;
const MAX_TEXT = 2_000;
const MAX_METHOD = 200;

/** Who sent what is recorded. */
export interface Sender {
  readonly grant: string;
  readonly owner: string | undefined;
  readonly session: string | undefined;
  readonly client: { readonly name: string | undefined; readonly version: string | undefined };
  readonly server: string;
}

/** What is recorded of a judged call before its verdict. */
export interface CallTold {
  readonly fields: CallFields;
  /** Arguments that are kept whole, as canonical JSON: sealed, beside the record, so that they can be erased. */
  readonly kept: string | undefined;
}

/** Part of a record's body, in no order: the body is canonical JSON. */
type CallFields = Fields;
type Fields = readonly (readonly [string, Json | undefined])[];

/** This is done for every call: nothing is put together first. */
function body(...parts: readonly Fields[]): string {
  const object = bareObject();
  for (const fields of parts) for (const [key, value] of fields) if (value !== undefined) object[key] = value;
  return canonicalJson(object);
}

function present(fields: Fields): readonly (readonly [string, Json])[] {
  return fields.filter((field): field is readonly [string, Json] => field[1] !== undefined);
}

function senderFields(sender: Sender): Fields {
  return [
    ['grant', sender.grant],
    ['owner', sender.owner],
    ['session', sender.session],
    ['client', clientObject(sender.client)],
    ['server', sender.server],
  ];
}

function clientObject({ name, version }: Sender['client']): JsonObject {
  return objectOf([
    ['name', cut(name) ?? null],
    ['version', cut(version) ?? null],
  ]);
}

/** INVARIANT: a character cut in half would make the whole record unreadable to a strict reader. */
function cut<T extends string | undefined>(text: T, length: number = MAX_TEXT): T | string {
  return text === undefined || text.length <= length ? text : text.slice(0, length).toWellFormed();
}

/** What a completion carries to the server stands beside the arguments, which it has none of, and is not judged. */
function sentArguments({ method, args, params }: Call): JsonObject {
  if (method !== 'completion/complete') return args;
  return withKeys(args, { argument: params['argument'], context: params['context'] });
}

/**
 * What of a judged call is the same whatever becomes of it; made once, used for the verdict that comes. `definition` is the mark of the
 * tool's definition. INVARIANT: with its tick this is all that the judge looked at, as far as it is kept, so that the log can be judged again.
 */
export function toldOf(
  sender: Sender,
  call: Call,
  riskClass: RiskClass,
  standing: Standing | undefined,
  privacy: ArgumentPrivacy,
  digest: (text: string) => string,
  definition?: string | undefined,
): CallTold {
  const args = sentArguments(call);
  const canonical = canonicalJson(args);
  const fits = canonical.length <= MAX_ARGUMENT_CHARACTERS;
  const isWhole = fits && privacy === 'full';
  const fields: Fields = [
    ...senderFields(sender),
    ['method', cut(call.method, MAX_METHOD)],
    [call.kind === 'tool' ? 'tool' : 'target', cut(call.name)],
    // What is completed can be read from the method of no other call.
    ['completes', call.method === 'completion/complete' ? call.kind : undefined],
    ['labels', labelsIn(standing)],
    ['class', call.kind === 'tool' ? riskClass : undefined],
    ['definition', definition],
    ['argsDigest', digest(canonical)],
    ['args', fits && privacy !== 'full' ? redactArguments(args, privacy) : undefined],
    ['argsKept', fits ? privacy : 'digest'],
    ['policy', standing?.policyDigest],
    ['policyName', standing?.policyName],
    ['baseline', standing?.baselineDigest],
  ];
  return { fields, kept: isWhole ? canonical : undefined };
}

function saidObject(said: Said): JsonObject {
  const { decision, pointer, id, document } =
    'effect' in said
      ? { decision: said.effect, ...said.rule }
      : { decision: said.decision, pointer: said.rule, id: said.ruleId, document: said.document };
  const isBaseline = document === 'baseline';
  return objectOf(
    present([
      ['decision', decision],
      ['rule', pointer],
      ['ruleId', id],
      ['document', isBaseline ? document : undefined],
    ]),
  );
}

/** Most grants have none. */
function labelsIn(standing: Standing | undefined): JsonObject | undefined {
  if (standing === undefined) return undefined;
  const { labels } = standing.grant;
  for (const _ in labels) return labels;
  return undefined;
}

/** What rules say of a call: a refusal, or the rule that lets it pass. */
export type Said = Refusal | Pick<Decision, 'effect' | 'rule'>;

/** What only the transaction knows of a call. */
export interface Committing {
  /** Whether it was counted, or goes on with a call that was. */
  readonly round: 'first' | 'later';
  /** By which limits counted, ms. */
  readonly tick: number;
  /** What the rules said, where a person or the lack of one said something else. */
  readonly said: Said | undefined;
  /** A question that was answered otherwise than by a yes to this call: the one for which its client waited. */
  readonly waited: string | undefined;
}

function committingFields({ round, tick, said, waited }: Committing): Fields {
  return [
    ['round', round === 'later' ? round : undefined],
    // Windows are whole milliseconds, so that no count differs by what is cut off here.
    ['tick', Math.floor(tick)],
    ['said', said && saidObject(said)],
    ['question', waited],
  ];
}

/** What a person had to do with a call that passed. */
export interface ApprovedBy {
  readonly approval: string;
  readonly by: readonly string[];
  /** The arguments are those that an approver put in the place of the agent's. */
  readonly isEdited: boolean;
  /** The limit that would have stopped it: the call is counted beyond its `max`. */
  readonly beyond: string | undefined;
}

/** `wouldHave`: what the rules in shadow would have refused it for, if they would. */
export function allowedBody(
  fields: Fields,
  decision: Decision,
  wouldHave: Refusal | undefined,
  committing: Committing,
  approved?: ApprovedBy | undefined,
): string {
  return body(fields, committingFields(committing), approved === undefined ? NONE : approvedFields(approved), [
    ['decision', 'allow'],
    ['rule', decision.rule.pointer],
    ['ruleId', decision.rule.id],
    ['document', decision.rule.document === 'baseline' ? 'baseline' : undefined],
    ['reason', cut(decision.reason)],
    wouldHaveField(wouldHave),
  ]);
}

const NONE: Fields = [];

function approvedFields({ approval, by, isEdited, beyond }: ApprovedBy): Fields {
  return [
    ['approval', approval],
    ['approvedBy', by],
    ['edited', isEdited ? true : undefined],
    ['beyondLimit', beyond],
  ];
}

/** `wouldHave` as for what passes: a call that asks could have been denied. */
export function refusedBody(
  fields: Fields,
  refusal: Refusal,
  wouldHave: Refusal | undefined,
  committing: Committing,
): string {
  return body(fields, committingFields(committing), answerFields(refusal), [wouldHaveField(wouldHave)]);
}

function wouldHaveField(wouldHave: Refusal | undefined): Fields[number] {
  return ['wouldHave', wouldHave && objectOf(present(answerFields(wouldHave)))];
}

function answerFields(refusal: Refusal): Fields {
  return [
    ['decision', refusal.decision],
    ['rule', refusal.rule],
    ['ruleId', refusal.ruleId],
    ['document', refusal.document === 'baseline' ? 'baseline' : undefined],
    ['reason', cut(refusal.reason)],
    ['retryAfterSeconds', refusal.retryAfterSeconds],
    ['approval', refusal.asked?.id],
  ];
}

/** A message that never became a call: unparsable, a batch, an unknown method, out of turn. */
export function unreadBody(sender: Sender, method: string | undefined, reason: string): string {
  return body([
    ...senderFields(sender),
    ['method', cut(method, MAX_METHOD)],
    ['decision', 'deny'],
    ['rule', '(message refused)'],
    ['reason', cut(reason)],
  ]);
}

/** Refused before anybody was identified: one record for a source and reason, with how many there were. */
export function strangerBody(source: string, reason: string, count: number, seconds: number): string {
  return body([
    ['decision', 'deny'],
    ['rule', '(message refused)'],
    ['source', cut(source)],
    ['reason', cut(reason)],
    ['count', count],
    ['withinSeconds', seconds],
  ]);
}

export function eventBody(event: string, sender: Partial<Sender>, more: JsonObject): string {
  return body([
    ['event', event],
    ['grant', sender.grant],
    ['owner', sender.owner],
    ['session', sender.session],
    ['server', sender.server],
    ['client', sender.client && clientObject(sender.client)],
    ...Object.entries(more).map(([key, value]) => [key, typeof value === 'string' ? cut(value) : value] as const),
  ]);
}

/** Where the time of a call went, in whole microseconds. */
export interface Latency {
  readonly decideUs: number;
  readonly commitUs: number;
  readonly serverUs: number;
}

/** What was masked is never told, only in how many places. */
export function outcomeBody({ outcome, masked, withheld }: InspectedOutcome, latency: Latency): string {
  return body([
    ['kind', outcomeKind(outcome)],
    ['code', outcome.kind === 'failed' ? outcome.error.code : undefined],
    ['detail', 'reason' in outcome ? cut(outcome.reason) : undefined],
    ['masked', masked === 0 ? undefined : masked],
    ['withheld', withheld?.rule],
    ['document', withheld?.document === 'baseline' ? 'baseline' : undefined],
    ['latency', objectOf(Object.entries(latency))],
  ]);
}

/** `ok`, `tool-error` (a result with isError), `input-required` and `task` (not over yet), `error` (a JSON-RPC error), `unsent`, `lost` (sent, no answer), `cancelled`. */
function outcomeKind(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'answered':
      return isObject(outcome.result) ? resultKind(outcome.result) : 'ok';
    case 'failed':
      return 'error';
    case 'unsent':
    case 'lost':
    case 'cancelled':
      return outcome.kind;
  }
}

function resultKind({ isError, resultType, task }: JsonObject): string {
  if (isError === true) return 'tool-error';
  if (resultType === 'input_required') return 'input-required';
  return resultType === 'task' || isObject(task) ? 'task' : 'ok';
}
