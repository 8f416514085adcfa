import type { Call, CallKind } from './call.ts';
import { bareObject, isObject, type Json, type JsonObject, objectOf } from './json.ts';

export type ReadCall =
  | { readonly kind: 'call'; readonly call: Call }
  | { readonly kind: 'fault'; readonly reason: string };

const MAX_NAME_LENGTH = 1024;

/** Reads the params of a method whose treatment is `call` into the one form that is judged and sent. */
export function readCall(method: string, params: JsonObject): ReadCall {
  switch (method) {
    case 'tools/call':
      return named('tool', method, params);
    case 'prompts/get':
      return named('prompt', method, params);
    case 'resources/read':
    case 'resources/subscribe':
      return resource(method, params, params['uri']);
    case 'completion/complete':
      return completion(method, params);
    default:
      return fault(`the method ${JSON.stringify(method.slice(0, 60))} is not a call`);
  }
}

function fault(reason: string): ReadCall {
  return { kind: 'fault', reason };
}

function named(kind: CallKind, method: string, params: JsonObject): ReadCall {
  const name = readName(params['name']);
  if (name === undefined) return fault('params.name must be a string without control characters');
  const args = params['arguments'] === undefined ? bareObject() : params['arguments'];
  if (!isObject(args)) return fault('params.arguments must be an object');
  // A task would outlive the call that was judged; the capability is never offered, so nobody may ask for one.
  if (params['task'] !== undefined) return fault('params.task is not supported: tasks are not offered here');
  return { kind: 'call', call: { kind, method, name, args, params } };
}

function resource(method: string, params: JsonObject, uri: Json | undefined): ReadCall {
  const name = readName(uri);
  if (name === undefined) return fault('params.uri must be a string without control characters');
  if (isDevious(name)) return fault('params.uri has dot segments or an encoded separator');
  return { kind: 'call', call: { kind: 'resource', method, name, args: objectOf([['uri', name]]), params } };
}

/** A completion is judged by the entry of what it completes. */
function completion(method: string, params: JsonObject): ReadCall {
  const ref = params['ref'];
  if (!isObject(ref)) return fault('params.ref must be an object');
  if (ref['type'] === 'ref/resource') return resource(method, params, ref['uri']);
  const name = readName(ref['name']);
  if (ref['type'] !== 'ref/prompt' || name === undefined) {
    return fault('params.ref must name a prompt (ref/prompt) or a resource (ref/resource)');
  }
  return { kind: 'call', call: { kind: 'prompt', method, name, args: bareObject(), params } };
}

function readName(value: Json | undefined): string | undefined {
  if (typeof value !== 'string' || value === '' || value.length > MAX_NAME_LENGTH) return undefined;
  return /\p{Cc}/u.test(value) ? undefined : value;
}

/** Dot segments or encoded `/ . \`: a server may resolve them to another resource than the one judged. */
function isDevious(uri: string): boolean {
  return /%(?:2f|2e|5c)/i.test(uri) || uri.includes('\\') || /(?:^|[/:])\.{1,2}(?:[/?#]|$)/.test(uri);
}
