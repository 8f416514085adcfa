import type { Call, CallKind } from './call.ts';
import { filledTemplate } from './filled-template.ts';
import { bareObject, isObject, type Json, type JsonObject, objectOf } from './json.ts';
import { findLookalike, type KnownKeys, knownKeys } from './lookalike.ts';

export type ReadCall =
  | { readonly kind: 'call'; readonly call: Call }
  | { readonly kind: 'fault'; readonly reason: string };

const MAX_NAME_LENGTH = 1024;
/** The objects of a completion, and the keys by which it is judged. */
const COMPLETION: readonly (readonly [string, KnownKeys])[] = [
  ['ref', knownKeys('type', 'name', 'uri')],
  ['argument', knownKeys('name', 'value')],
  ['context', knownKeys('arguments')],
];

/** Reads the params of a method whose treatment is `call` into the one form that is judged and sent. */
export function readCall(method: string, params: JsonObject): ReadCall {
  switch (method) {
    case 'tools/call':
      return named('tool', method, params);
    case 'prompts/get':
      return named('prompt', method, params);
    case 'resources/read':
    case 'resources/subscribe':
      return resource(method, params, 'params.uri', params['uri']);
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
  const { name } = params;
  if (!isName(name)) return badName('params.name', name);
  const args = params['arguments'] === undefined ? bareObject() : params['arguments'];
  if (!isObject(args)) return fault('params.arguments must be an object');
  if (params['task'] !== undefined && !isObject(params['task'])) return fault('params.task must be an object');
  return { kind: 'call', call: { kind, method, name, args, params } };
}

function resource(method: string, params: JsonObject, place: string, uri: Json | undefined): ReadCall {
  if (!isName(uri)) return badName(place, uri);
  return { kind: 'call', call: { kind: 'resource', method, name: uri, args: objectOf([['uri', uri]]), params } };
}

/** A completion is judged by the entry of what it completes. */
function completion(method: string, params: JsonObject): ReadCall {
  const ref = params['ref'];
  if (!isObject(ref)) return fault('params.ref must be an object');
  for (const [key, known] of COMPLETION) {
    const part = params[key];
    const twin = isObject(part) ? findLookalike(part, known) : undefined;
    if (twin === undefined) continue;
    const shown = JSON.stringify(twin.slice(0, 60));
    return fault(`the key ${shown} in params.${key} looks like a key of the protocol but is not one`);
  }
  const { type, name, uri } = ref;
  if (type === 'ref/resource') return resource(method, params, 'params.ref.uri', completed(uri, params));
  if (type !== 'ref/prompt') return fault('params.ref must name a prompt (ref/prompt) or a resource (ref/resource)');
  if (!isName(name)) return badName('params.ref.name', name);
  return { kind: 'call', call: { kind: 'prompt', method, name, args: argumentsOf(params), params } };
}

/** What is known of the arguments: those given before, and the one that is being completed. */
function argumentsOf(params: JsonObject): JsonObject {
  const { argument, context } = params;
  const before = isObject(context) && isObject(context['arguments']) ? context['arguments'] : bareObject();
  if (!isObject(argument) || typeof argument['name'] !== 'string') return before;
  const { name, value } = argument;
  return objectOf([...Object.entries(before).filter(([key]) => key !== name), [name, value ?? null]]);
}

/** A template with the values that are known in their places: what the server looks into to complete the one that is not. */
function completed(uri: Json | undefined, params: JsonObject): Json | undefined {
  // What cannot be a name is refused as it is, however long.
  if (!isName(uri)) return uri;
  return filledTemplate(uri, argumentsOf(params));
}

function isName(value: Json | undefined): value is string {
  return typeof value === 'string' && value !== '' && value.length <= MAX_NAME_LENGTH && !/\p{Cc}/u.test(value);
}

function badName(place: string, value: Json | undefined): ReadCall {
  return typeof value === 'string' && value.length > MAX_NAME_LENGTH
    ? fault(`${place} is longer than 1,024 characters`)
    : fault(`${place} must be a string without control characters, and not empty`);
}
