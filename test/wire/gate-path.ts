import { Exchanges } from '../../src/gateway/exchanges.ts';
import { offerOf } from '../../src/gateway/handshake.ts';
import type { Clock } from '../../src/gateway/ports.ts';
import { compilePolicy } from '../../src/policy/compile.ts';
import type { Policies } from '../../src/policy/policy.ts';
import type { Call } from '../../src/wire/call.ts';
import type { Era } from '../../src/wire/era.ts';
import { type Json, type JsonObject, objectOf } from '../../src/wire/json.ts';
import type { Message } from '../../src/wire/message.ts';
import { clientMethod, mayServerSend } from '../../src/wire/methods.ts';
import { claimedVersion } from '../../src/wire/modern/envelope.ts';
import { readCall } from '../../src/wire/read-call.ts';
import { RELAY, STRICT } from '../../src/wire/read-json.ts';
import { readMessage } from '../../src/wire/read-message.ts';
import { error, notification, request, result } from '../../src/wire/replies.ts';
import { writeJson } from '../../src/wire/write-json.ts';

/** What becomes of one text of a client on its way through the pure parts of the gateway, in the order in which they are asked. */
export type Passed =
  | { readonly kind: 'refused'; readonly reason: string }
  | {
      readonly kind: 'sent';
      /** As the gate has read it. */
      readonly message: JsonObject;
      /** What was judged, where the message is a call. */
      readonly call: Call | undefined;
      /** What goes to the server, before and after it is written. */
      readonly outward: JsonObject;
      readonly bytes: string;
    };

const NO_CLOCK = { after: () => () => {} } as unknown as Clock;
const OPEN: Policies = openPolicies();
/** Ids and tokens that no client of the generator uses. */
const FIRST_ID = 900_000_001;

export function passThrough(text: string): Passed {
  const read = readMessage(text, STRICT);
  if (read.kind === 'fault') return refused(read.reason);
  const { message } = read;
  switch (message.kind) {
    case 'response':
      return sent(message, undefined, result('asked', message.result));
    case 'error':
      return refused('an error for the server: rewritten from its parts');
    case 'notification':
      return notified(message);
    case 'request':
      return requested(message);
  }
}

/** The same for the text of a server on its way to the client, as far as it is not held back by rules. */
export function passBack(text: string): Passed {
  const read = readMessage(text, RELAY);
  if (read.kind === 'fault') return refused(read.reason);
  const { message } = read;
  switch (message.kind) {
    case 'response':
      return sent(message, undefined, result('of the client', message.result));
    case 'error':
      return sent(message, undefined, error('of the client', message.error));
    case 'notification':
      if (!mayServerSend('notification', message.method)) return refused('the notification is dropped');
      return sent(message, undefined, notification(message.method, message.params));
    case 'request':
      if (!mayServerSend('request', message.method)) return refused('method not found');
      return sent(message, undefined, request('gate-1', message.method, message.params));
  }
}

function notified(message: Extract<Message, { kind: 'notification' }>): Passed {
  const treatment = clientMethod(eraOf(message.params), 'notification', message.method);
  if (treatment === undefined) return refused('method not found');
  if (treatment === 'cancel') return refused('a cancellation: written anew');
  return sent(message, undefined, notification(message.method, message.params));
}

function requested(message: Extract<Message, { kind: 'request' }>): Passed {
  const treatment = clientMethod(eraOf(message.params), 'request', message.method);
  if (treatment === undefined) return refused('method not found');
  const exchanges = new Exchanges(NO_CLOCK, 0);
  const exchange = { ...exchanges.begin(message.id, message.params, undefined), id: FIRST_ID };
  const ask = (params: JsonObject): JsonObject =>
    request(FIRST_ID, message.method, exchanges.outward(exchange, params));
  if (treatment === 'open') return sent(message, undefined, ask(offerOf(message.params, OPEN)));
  if (treatment !== 'call') return sent(message, undefined, ask(message.params));
  const call = readCall(message.method, message.params);
  if (call.kind === 'fault') return refused(call.reason);
  return sent(message, call.call, ask(call.call.params));
}

function eraOf(params: JsonObject): Era {
  return claimedVersion(params) === undefined ? 'legacy' : 'modern';
}

function refused(reason: string): Passed {
  return { kind: 'refused', reason };
}

function sent(message: Message, call: Call | undefined, outward: JsonObject): Passed {
  return { kind: 'sent', message: asRead(message), call, outward, bytes: writeJson(outward) };
}

function asRead(message: Message): JsonObject {
  const parts: [string, Json][] = [['jsonrpc', '2.0']];
  if (message.kind === 'error') return error(message.id, message.error);
  if ('id' in message) parts.push(['id', message.id]);
  if ('method' in message) parts.push(['method', message.method], ['params', message.params]);
  if (message.kind === 'response') parts.push(['result', message.result]);
  return objectOf(parts);
}

function openPolicies(): Policies {
  const compiled = compilePolicy(
    objectOf([
      ['version', '1'],
      ['default', 'allow'],
    ]),
    'policy',
  );
  if (compiled.kind === 'problems') throw new Error(JSON.stringify(compiled.problems));
  return { policy: compiled.policy, baseline: undefined };
}
