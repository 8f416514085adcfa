import { describe, expect, it } from 'vitest';
import type { JsonObject } from './json.ts';
import { readCall } from './read-call.ts';

function read(method: string, params: JsonObject): string {
  const got = readCall(method, params);
  return got.kind === 'fault' ? got.reason : `${got.call.kind} ${got.call.name} ${JSON.stringify(got.call.args)}`;
}

describe('what a message calls', () => {
  it.each([
    ['tools/call', { name: 'echo', arguments: { a: 1 } }, 'tool echo {"a":1}'],
    ['tools/call', { name: 'echo' }, 'tool echo {}'],
    ['prompts/get', { name: 'greet', arguments: { who: 'you' } }, 'prompt greet {"who":"you"}'],
    ['resources/read', { uri: 'demo://a/b' }, 'resource demo://a/b {"uri":"demo://a/b"}'],
    ['completion/complete', { ref: { type: 'ref/prompt', name: 'greet' } }, 'prompt greet {}'],
    [
      'completion/complete',
      { ref: { type: 'ref/resource', uri: 'demo://{id}' } },
      'resource demo://{id} {"uri":"demo://{id}"}',
    ],
  ] as const)('%s %j', (method, params, called) => {
    expect(read(method, params)).toBe(called);
  });

  it.each([
    ['tools/call', {}, 'params.name'],
    ['tools/call', { name: '' }, 'params.name'],
    ['tools/call', { name: 'echo\u0000' }, 'params.name'],
    ['tools/call', { name: 5 }, 'params.name'],
    ['tools/call', { name: 'echo', arguments: [] }, 'params.arguments'],
    ['tools/call', { name: 'echo', arguments: null }, 'params.arguments'],
    ['tools/call', { name: 'echo', task: { ttl: 1 } }, 'tasks are not offered'],
    ['resources/read', { uri: 'file:///a/../b' }, 'dot segments'],
    ['resources/read', { uri: 'file:///a/%2e%2E/b' }, 'encoded separator'],
    ['resources/read', { uri: 'file:///a%2fb' }, 'encoded separator'],
    ['resources/read', { uri: 'file:///a\\b' }, 'encoded separator'],
    ['completion/complete', { ref: { type: 'ref/tool', name: 'x' } }, 'params.ref'],
    ['ping', {}, 'is not a call'],
  ] as const)('%s %j is refused', (method, params, reason) => {
    expect(read(method, params)).toContain(reason);
  });
});
