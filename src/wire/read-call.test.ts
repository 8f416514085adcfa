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
    ['tools/call', { name: 'echo', task: 'soon' }, 'params.task must be an object'],
    ['completion/complete', { ref: { type: 'ref/tool', name: 'x' } }, 'params.ref'],
    ['ping', {}, 'is not a call'],
  ] as const)('%s %j is refused', (method, params, reason) => {
    expect(read(method, params)).toContain(reason);
  });

  it.each([
    ['tools/call', { name: 'x'.repeat(1025) }, 'params.name is longer than 1,024 characters'],
    ['resources/read', { uri: `a://${'x'.repeat(1025)}` }, 'params.uri is longer than 1,024 characters'],
    [
      'completion/complete',
      { ref: { type: 'ref/prompt', name: 'x'.repeat(1025) } },
      'params.ref.name is longer than 1,024 characters',
    ],
    [
      'completion/complete',
      { ref: { type: 'ref/resource', uri: 'x'.repeat(1025) } },
      'params.ref.uri is longer than 1,024 characters',
    ],
  ] as const)('%s: what is too long is told so', (method, params, reason) => {
    expect(read(method, params)).toBe(reason);
    expect(read('tools/call', { name: 'x'.repeat(1024) })).toContain('tool xxx');
  });

  it.each(['Uri', 'Name', 'Type', 'na\u200bme', 'uri\u0000'])('a ref with the key %j has two readings', (key) => {
    for (const ref of [
      { type: 'ref/prompt', name: 'greet', [key]: 'other' },
      { type: 'ref/resource', uri: 'demo://a', [key]: 'other' },
    ]) {
      const reason = `the key ${JSON.stringify(key)} in params.ref looks like a key of the protocol but is not one`;
      expect(read('completion/complete', { ref })).toBe(reason);
    }
  });

  it.each([
    ['argument', { name: 'who', value: 'b' }, 'Value'],
    ['argument', { name: 'who', value: 'b' }, 'NAME'],
    ['context', { arguments: { who: 'b' } }, 'Arguments'],
    ['context', {}, 'argumentſ'],
  ])('the %s of a completion, %j, with the key %j has two readings', (part, value, key) => {
    const ref = { type: 'ref/prompt', name: 'greet' };
    const reason = `the key ${JSON.stringify(key)} in params.${part} looks like a key of the protocol but is not one`;
    expect(read('completion/complete', { ref, [part]: { ...value, [key]: 'other' } })).toBe(reason);
  });

  it('a ref may have a title, and a URI may have escapes that hide nothing', () => {
    const ref = { type: 'ref/prompt', name: 'greet', title: 'Greet' };
    expect(read('completion/complete', { ref, argument: { name: 'who', value: 'b' } })).toBe(
      'prompt greet {"who":"b"}',
    );
    const uri = 'demo://a/100%25/b%2520c..d/...;e?f=%C3%A9';
    expect(read('resources/read', { uri })).toContain(`resource ${uri}`);
  });

  it('a completion of a resource is judged by where the server looks: with all values that are known', () => {
    const ref = { type: 'ref/resource', uri: 'file:///{dir}/{name}' };
    const params = {
      ref,
      argument: { name: 'name', value: 'k' },
      context: { arguments: { dir: 'secret', name: 'x' } },
    };
    expect(read('completion/complete', params)).toContain('resource file:///secret/k');
  });

  it('a template that repeats a long value is refused before there is too much of it', () => {
    const ref = { type: 'ref/resource', uri: '{a}'.repeat(341) };
    const params = { ref, argument: { name: 'a', value: 'x'.repeat(4_000_000) } };
    expect(read('completion/complete', params)).toBe('params.ref.uri is longer than 1,024 characters');
  });

  it('a template of four million open braces, or of one that never closes, is refused like any long URI', () => {
    for (const uri of ['{'.repeat(4_000_000), `{${'a'.repeat(4_000_000)}`, `{${'a:'.repeat(2_000_000)}`]) {
      const params = { ref: { type: 'ref/resource', uri }, argument: { name: 'a', value: 'b' } };
      expect(read('completion/complete', params)).toBe('params.ref.uri is longer than 1,024 characters');
    }
  });
});
