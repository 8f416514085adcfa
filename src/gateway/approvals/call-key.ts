import type { Call } from '../../wire/call.ts';
import { isObject, type JsonObject, objectOf, withKeys } from '../../wire/json.ts';
import { readCall } from '../../wire/read-call.ts';
import { RELAY, readJson } from '../../wire/read-json.ts';
import { canonicalJson } from '../../wire/write-json.ts';
import type { Crypto } from '../ports.ts';
import type { Approval, Subject } from './approval.ts';

/** What of a call's params is approved: all but what changes from one message to the next and is none of the call's meaning. */
export function approvedParams({ params }: Call): string {
  return canonicalJson(withKeys(params, { _meta: undefined, inputResponses: undefined, requestState: undefined }));
}

/** The same call of the same grant on the same server has the same key. INVARIANT: two servers under one name are two servers. */
export function callKey(
  { digest }: Pick<Crypto, 'digest'>,
  who: { readonly grant: string; readonly server: string; readonly identity: string | undefined },
  call: Call,
  params: string = approvedParams(call),
): string {
  return digest(`approval\n${canonicalJson([who.grant, who.server, who.identity ?? null, call.method, params])}`);
}

/** The call that params of an approval stand for. */
export function callIn({ method }: Pick<Subject, 'method'>, params: string): Call {
  const read = readCall(method, paramsIn(params));
  if (read.kind === 'fault') throw new Error(`an approval holds no call: ${read.reason}`);
  return read.call;
}

export function paramsIn(params: string): JsonObject {
  const read = readJson(params, RELAY);
  return read.kind === 'value' && isObject(read.value) ? read.value : objectOf([]);
}

/** The arguments that the agent gave. */
export function argumentsOf({ subject }: Pick<Approval, 'subject'>): JsonObject {
  return callIn(subject, subject.params).args;
}

/** A message's params with what was approved in the place of what it has itself; the envelope stays. */
export function withApproved(params: JsonObject, approved: string): JsonObject {
  const { _meta, inputResponses, requestState } = params;
  return withKeys(paramsIn(approved), { _meta, inputResponses, requestState });
}
