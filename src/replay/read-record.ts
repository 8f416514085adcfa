import type { DecidedRecord } from '../gateway/audit/audit-ports.ts';
import { sessionOfGrant } from '../gateway/session-of-grant.ts';
import type { Effect, RiskClass } from '../policy/decision.ts';
import { CLASSES } from '../policy/words.ts';
import type { CallKind } from '../wire/call.ts';
import { isObject, type Json, type JsonObject, objectOf } from '../wire/json.ts';
import { readCall } from '../wire/read-call.ts';
import { RELAY, readJson } from '../wire/read-json.ts';
import type { KeptArguments, RecordedCall, RecordedRuling } from './recorded-call.ts';

/** What a record tells of calls. */
export type Told =
  | { readonly kind: 'call'; readonly call: RecordedCall }
  /** Nothing of the call with this id reached the server: what it took of limits was given back. */
  | { readonly kind: 'unsent'; readonly id: string }
  /** A message that never became a call; or a call of which nobody could read what it was. */
  | { readonly kind: 'no call' }
  | { readonly kind: 'nothing' };

const NOTHING: Told = { kind: 'nothing' };
const NO_CALL: Told = { kind: 'no call' };
const UNSENT = '"kind":"unsent"';
/** Longer names of clients are cut off in records. */
const LONGEST = 2_000;

/** Reads what a record tells. Whatever stands there: a body that this version does not know is no call. */
export function readRecord({ n, id, at, kind, body }: DecidedRecord): Told {
  switch (kind) {
    case 'event':
      return NOTHING;
    case 'refused':
      return NO_CALL;
    case 'outcome':
      return body.includes(UNSENT) && bodyIn(body)?.['kind'] === 'unsent' ? { kind: 'unsent', id } : NOTHING;
    case 'call': {
      const told = bodyIn(body);
      const call = told && callIn(told, n, id, at);
      return call === undefined ? NO_CALL : { kind: 'call', call };
    }
  }
}

function callIn(body: JsonObject, n: number, id: string, at: number): RecordedCall | undefined {
  const kind = kindIn(body);
  const name = textIn(body, kind === 'tool' ? 'tool' : 'target');
  const method = textIn(body, 'method');
  const [server, grant] = [textIn(body, 'server'), textIn(body, 'grant')];
  const came = effectIn(body, 'decision');
  if (kind === undefined || name === undefined || method === undefined) return undefined;
  if (server === undefined || grant === undefined || came === undefined) return undefined;
  const tick = numberIn(body, 'tick');
  return {
    n,
    id,
    at,
    tick,
    kind,
    method,
    name,
    args: argumentsIn(body, kind, method, name),
    server,
    grant,
    owner: textIn(body, 'owner') ?? '',
    labels: labelsIn(body, tick),
    session: textIn(body, 'session') ?? sessionOfGrant(grant),
    client: clientIn(body),
    class: classIn(body),
    definition: textIn(body, 'definition'),
    round: body['round'] === 'later' ? 'later' : 'first',
    said: saidIn(body, came),
    came,
    approval: textIn(body, 'approval') ?? textIn(body, 'question'),
    wouldHave: rulingTold(body['wouldHave']),
    policy: textIn(body, 'policy'),
    baseline: textIn(body, 'baseline'),
  };
}

/**
 * A tool's call is what a double can hold, since nothing else is let in, so the fast reader reads it exactly. What servers ask, and what
 * approvers write, can hold longer numbers.
 */
function bodyIn(text: string): JsonObject | undefined {
  try {
    const value: Json = JSON.parse(text);
    if (!isObject(value)) return undefined;
    const isRelayed = value['edited'] === true || kindIn(value) === 'request';
    return isRelayed ? relayed(text) : value;
  } catch {
    return undefined;
  }
}

function relayed(text: string): JsonObject | undefined {
  const read = readJson(text, { ...RELAY, depth: RELAY.depth + 2 });
  return read.kind === 'value' && isObject(read.value) ? read.value : undefined;
}

function kindIn(body: JsonObject): CallKind | undefined {
  const method = body['method'];
  if (typeof method !== 'string') return undefined;
  if (method !== 'completion/complete') return KINDS.get(method) ?? (body['tool'] === undefined ? 'request' : 'tool');
  const completes = body['completes'];
  if (completes === 'prompt' || completes === 'resource') return completes;
  // An older record does not say.
  return isObject(body['args']) && body['args']['uri'] === body['target'] ? 'resource' : 'prompt';
}

const KINDS: ReadonlyMap<string, CallKind> = new Map([
  ['tools/call', 'tool'],
  ['prompts/get', 'prompt'],
  ['resources/read', 'resource'],
  ['resources/subscribe', 'resource'],
  ['subscriptions/listen', 'resource'],
]);

function argumentsIn(body: JsonObject, kind: CallKind, method: string, name: string): KeptArguments {
  // Judged by its URI alone, which is its name.
  if (kind === 'resource') return { kind: 'whole', value: objectOf([['uri', name]]) };
  const { args, argsKept } = body;
  if (argsKept === 'keys' && isObject(args)) {
    // What a completion is judged by is deeper than that.
    return method === 'completion/complete' ? NONE : { kind: 'types', types: args };
  }
  if (argsKept !== 'full' && argsKept !== 'redacted') return NONE;
  if (!isObject(args)) return argsKept === 'full' ? ELSEWHERE : NONE;
  const value = method === 'completion/complete' ? completedIn(args, name) : args;
  if (value === undefined) return NONE;
  return argsKept === 'full' ? { kind: 'whole', value } : { kind: 'masked', value };
}

const NONE: KeptArguments = { kind: 'none' };
const ELSEWHERE: KeptArguments = { kind: 'elsewhere' };

/** The arguments by which a completion was judged, from what its record has of its message. */
export function completedIn(sent: JsonObject, name: string): JsonObject | undefined {
  const { argument, context } = sent;
  const params = objectOf([
    [
      'ref',
      objectOf([
        ['type', 'ref/prompt'],
        ['name', name],
      ]),
    ],
    ...(argument === undefined ? [] : [['argument', argument] as const]),
    ...(context === undefined ? [] : [['context', context] as const]),
  ]);
  const read = readCall('completion/complete', params);
  return read.kind === 'call' ? read.call.args : undefined;
}

/** Records that have a tick have labels too, where there are any. */
function labelsIn(body: JsonObject, tick: number | undefined): RecordedCall['labels'] {
  const { labels } = body;
  if (labels === undefined) return tick === undefined ? undefined : {};
  if (!isObject(labels)) return undefined;
  const texts = Object.entries(labels).filter((label): label is [string, string] => typeof label[1] === 'string');
  return Object.fromEntries(texts);
}

function clientIn(body: JsonObject): RecordedCall['client'] {
  const { client } = body;
  if (!isObject(client)) return { name: undefined, version: undefined };
  return { name: textIn(client, 'name'), version: textIn(client, 'version') };
}

/** Whether a text may have been longer than its record. */
export function mayBeCut(text: string | undefined): boolean {
  return text !== undefined && text.length >= LONGEST - 1;
}

function classIn(body: JsonObject): RiskClass {
  return CLASSES.find((word) => word === body['class']) ?? 'unknown';
}

/** What was decided is what the rules said, unless it is told apart from it. Older records did not. */
function saidIn(body: JsonObject, came: Effect): RecordedRuling {
  const apart = rulingTold(body['said']);
  if (apart !== undefined) return apart;
  const isApproved = came === 'allow' && body['approval'] !== undefined && body['tick'] === undefined;
  return { ...rulingIn(body), effect: isApproved ? 'require_approval' : came };
}

function rulingTold(told: Json | undefined): RecordedRuling | undefined {
  if (!isObject(told)) return undefined;
  const effect = effectIn(told, 'decision');
  return effect && { ...rulingIn(told), effect };
}

function rulingIn(told: JsonObject): Omit<RecordedRuling, 'effect'> {
  const document = told['document'] === 'baseline' ? 'baseline' : undefined;
  return { rule: textIn(told, 'rule') ?? '', id: textIn(told, 'ruleId'), document };
}

function effectIn(told: JsonObject, key: string): Effect | undefined {
  const effect = told[key];
  return effect === 'allow' || effect === 'deny' || effect === 'require_approval' ? effect : undefined;
}

function textIn(object: JsonObject, key: string): string | undefined {
  const value = object[key];
  return typeof value === 'string' ? value : undefined;
}

function numberIn(object: JsonObject, key: string): number | undefined {
  const value = object[key];
  return typeof value === 'number' ? value : undefined;
}
