import type { Decision, RiskClass } from '../policy/decision.ts';
import type { Call } from '../wire/call.ts';
import { isObject, type Json, type JsonObject, objectOf } from '../wire/json.ts';
import { canonicalJson } from '../wire/write-json.ts';
import type { Outcome } from './exchanges.ts';
import type { ArgumentPrivacy, Standing } from './gate.ts';
import { redactArguments } from './redact.ts';
import type { Refusal } from './refusal.ts';

/** Arguments longer than this as canonical JSON are kept as keys and digest only, so that one call cannot fill the log. */
const MAX_ARGUMENT_CHARACTERS = 65_536;
const MAX_TEXT = 2_000;

/** Who sent what is recorded. */
export interface Sender {
  readonly grant: string;
  readonly owner: string | undefined;
  readonly session: string | undefined;
  readonly client: { readonly name: string | undefined; readonly version: string | undefined };
  readonly server: string;
}

/** Part of a record's body, in no order: the body is canonical JSON. */
export type CallFields = Fields;
type Fields = readonly (readonly [string, Json | undefined])[];

function body(fields: Fields): string {
  const kept = fields.filter((field): field is readonly [string, Json] => field[1] !== undefined);
  return canonicalJson(objectOf(kept));
}

function senderFields(sender: Sender): Fields {
  return [
    ['grant', sender.grant],
    ['owner', sender.owner],
    ['session', sender.session],
    [
      'client',
      objectOf([
        ['name', cut(sender.client.name)],
        ['version', cut(sender.client.version)],
      ]),
    ],
    ['server', sender.server],
  ];
}

function cut(text: string | undefined): Json {
  return text === undefined ? null : text.slice(0, MAX_TEXT);
}

/** What of a judged call is the same whatever becomes of it; made once, used for the verdict that comes. */
export function callFields(
  sender: Sender,
  call: Call,
  riskClass: RiskClass,
  standing: Standing | undefined,
  privacy: ArgumentPrivacy,
  digest: (text: string) => string,
): CallFields {
  const canonical = canonicalJson(call.args);
  const kept = canonical.length > MAX_ARGUMENT_CHARACTERS ? 'keys' : privacy;
  return [
    ...senderFields(sender),
    ['method', call.method],
    [call.kind === 'tool' ? 'tool' : 'target', call.name],
    ['class', call.kind === 'tool' ? riskClass : undefined],
    ['argsDigest', digest(canonical)],
    ['args', redactArguments(call.args, kept)],
    ['argsKept', kept],
    ['policy', standing?.policyDigest],
    ['policyName', standing?.policyName],
    ['baseline', standing?.baselineDigest],
  ];
}

export function allowedBody(fields: Fields, decision: Decision): string {
  return body([
    ...fields,
    ['decision', 'allow'],
    ['rule', decision.rule.pointer],
    ['ruleId', decision.rule.id],
    ['document', decision.rule.document === 'baseline' ? 'baseline' : undefined],
    ['reason', decision.reason],
  ]);
}

export function refusedBody(fields: Fields, refusal: Refusal): string {
  return body([
    ...fields,
    ['decision', refusal.decision],
    ['rule', refusal.rule],
    ['ruleId', refusal.ruleId],
    ['document', refusal.document === 'baseline' ? 'baseline' : undefined],
    ['reason', refusal.reason.slice(0, MAX_TEXT)],
    ['retryAfterSeconds', refusal.retryAfterSeconds],
  ]);
}

/** A message that never became a call: unparsable, a batch, an unknown method, out of turn. */
export function unreadBody(sender: Sender, method: string | undefined, reason: string): string {
  return body([
    ...senderFields(sender),
    ['method', method?.slice(0, 200)],
    ['decision', 'deny'],
    ['rule', '(message refused)'],
    ['reason', reason.slice(0, MAX_TEXT)],
  ]);
}

/** Refused before anybody was identified: one record for a source and reason, with how many there were. */
export function strangerBody(source: string, reason: string, count: number, seconds: number): string {
  return body([
    ['decision', 'deny'],
    ['rule', '(message refused)'],
    ['source', source],
    ['reason', reason.slice(0, MAX_TEXT)],
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
    [
      'client',
      sender.client === undefined
        ? undefined
        : objectOf([
            ['name', cut(sender.client.name)],
            ['version', cut(sender.client.version)],
          ]),
    ],
    ...Object.entries(more),
  ]);
}

/** Where the time of a call went, in whole microseconds. */
export interface Latency {
  readonly decideUs: number;
  readonly commitUs: number;
  readonly serverUs: number;
}

export function outcomeBody(outcome: Outcome, latency: Latency): string {
  return body([
    ['kind', outcomeKind(outcome)],
    ['code', outcome.kind === 'failed' ? outcome.error.code : undefined],
    ['detail', 'reason' in outcome ? outcome.reason.slice(0, MAX_TEXT) : undefined],
    ['latency', objectOf(Object.entries(latency))],
  ]);
}

/** `ok`, `tool-error` (a result with isError), `error` (a JSON-RPC error), `unsent`, `lost` (sent, no answer), `cancelled`. */
function outcomeKind(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'answered':
      return isObject(outcome.result) && outcome.result['isError'] === true ? 'tool-error' : 'ok';
    case 'failed':
      return 'error';
    case 'unsent':
    case 'lost':
    case 'cancelled':
      return outcome.kind;
  }
}
