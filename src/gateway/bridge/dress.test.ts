import { describe, expect, it } from 'vitest';
import { isObject, type Json, type JsonObject } from '../../wire/json.ts';
import { readJson, STRICT } from '../../wire/read-json.ts';
import { writeJson } from '../../wire/write-json.ts';
import { legacyResult, modernError, modernResult, withEnvelope, withoutEnvelope } from './dress.ts';

function json(value: unknown): JsonObject {
  const read = readJson(JSON.stringify(value), STRICT);
  if (read.kind === 'fault' || !isObject(read.value)) throw new Error('not an object');
  return read.value;
}

const plain = (value: Json): unknown => JSON.parse(writeJson(value));

describe('a message in the words of the other era', () => {
  it('is the same again after both ways; what nobody knows stays', () => {
    const params = json({ name: 'x', arguments: { a: 1 }, odd: [1], _meta: { progressToken: 7, 'x/y': 'z' } });
    const asker = { clientInfo: json({ name: 'c', version: '1' }), logLevel: 'info' };
    const dressed = withEnvelope(params, asker);
    expect(plain(dressed)).toMatchObject({
      odd: [1],
      _meta: {
        progressToken: 7,
        'x/y': 'z',
        'io.modelcontextprotocol/protocolVersion': '2026-07-28',
        'io.modelcontextprotocol/clientCapabilities': {},
        'io.modelcontextprotocol/clientInfo': { name: 'c', version: '1' },
        'io.modelcontextprotocol/logLevel': 'info',
      },
    });
    expect(plain(withoutEnvelope(dressed))).toEqual(plain(params));
    const bare = json({ name: 'x' });
    expect(plain(withoutEnvelope(withEnvelope(bare, { clientInfo: undefined, logLevel: undefined })))).toEqual({
      name: 'x',
    });
  });

  it('a result says what the modern era asks for, and only there how long it may be kept', () => {
    expect(plain(modernResult('tools/call', json({ content: [], odd: 1 })))).toEqual({
      content: [],
      odd: 1,
      resultType: 'complete',
    });
    expect(plain(modernResult('tools/list', json({ tools: [] })))).toEqual({
      tools: [],
      resultType: 'complete',
      ttlMs: 0,
      cacheScope: 'private',
    });
  });

  it('a result is complete, whatever a server of the older era says it is', () => {
    const made = modernResult('tools/call', json({ resultType: 'input_required', requestState: 'x' }));
    expect(plain(made)).toMatchObject({ resultType: 'complete' });
  });

  it('a state or an answer that nobody was asked for passes in neither direction', () => {
    const params = json({ name: 'x', requestState: 'made up', inputResponses: { a: {} } });
    expect(plain(withoutEnvelope(params))).toEqual({ name: 'x' });
    const dressed = withEnvelope(params, { clientInfo: undefined, logLevel: undefined });
    expect(Object.keys(dressed)).toEqual(['name', '_meta']);
  });

  it('a result that older revisions cannot be given is an error that says what to do', () => {
    const complete = legacyResult('s', json({ resultType: 'complete', ttlMs: 1, cacheScope: 'public', content: [] }));
    expect('result' in complete && plain(complete.result)).toEqual({ content: [] });
    const asking = legacyResult('s', json({ resultType: 'input_required', requestState: 'x' }));
    expect('error' in asking && asking.error.message).toContain('/mcp/s');
    const odd = legacyResult('s', json({ resultType: 'task', taskId: 'x' }));
    expect('error' in odd && odd.error.message).toContain('may have taken effect');
  });

  it('errors have the code of the era', () => {
    expect(modernError('s', { code: -32002, message: 'not found' })).toEqual({ code: -32602, message: 'not found' });
    expect(modernError('s', { code: -32042, message: 'open' }).message).toContain('/mcp/s');
    expect(modernError('s', { code: -1, message: 'own' })).toEqual({ code: -1, message: 'own' });
  });
});
