import { describe, expect, it } from 'vitest';
import { isArray, isObject, type Json } from '../../wire/json.ts';
import { readJson, STRICT } from '../../wire/read-json.ts';
import { NotedHeaders } from './noted-headers.ts';

function json(value: unknown): Json {
  const read = readJson(JSON.stringify(value), STRICT);
  if (read.kind === 'fault') throw new Error(read.reason);
  return read.value;
}

const tool = (name: string, header?: string): unknown => ({
  name,
  inputSchema: { type: 'object', properties: { a: { type: 'string', ...(header && { 'x-mcp-header': header }) } } },
});

const note = (headers: NotedHeaders, ...tools: readonly unknown[]): void => {
  const listed = json(tools);
  if (isArray(listed)) headers.note(listed);
};

const headersFor = (headers: NotedHeaders, name: string): unknown => {
  const params = json({ name, arguments: { a: 'x' } });
  return isObject(params) ? headers.headersFor(params) : undefined;
};

describe('arguments that the tools of a server want repeated in headers', () => {
  it('are those of the last list that named the tool', () => {
    const headers = new NotedHeaders();
    note(headers, tool('read', 'Path'), tool('plain'));
    expect(headersFor(headers, 'read')).toEqual({ 'mcp-param-path': 'x' });
    expect(headersFor(headers, 'plain')).toEqual({});
    expect(headersFor(headers, 'unknown')).toEqual({});
    note(headers, tool('read'));
    expect(headersFor(headers, 'read')).toEqual({});
    note(headers, tool('read', 'not a token'));
    expect(headersFor(headers, 'read')).toBeUndefined();
  });

  it('of a server that makes up tools without end are not kept without end', () => {
    const headers = new NotedHeaders();
    note(headers, tool('first', 'Path'));
    for (let n = 0; n < 30; n++) {
      note(headers, ...Array.from({ length: 1_000 }, (_, k) => tool(`tool ${n} ${k}`, 'Path')));
    }
    expect(headersFor(headers, 'tool 0 1')).toEqual({ 'mcp-param-path': 'x' });
    expect(headersFor(headers, 'tool 29 999')).toEqual({});
    note(headers, tool('first', 'Other'));
    expect(headersFor(headers, 'first')).toEqual({ 'mcp-param-other': 'x' });
  });
});
