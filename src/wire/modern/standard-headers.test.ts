import { describe, expect, it } from 'vitest';
import { objectOf } from '../json.ts';
import { VERSION_KEY } from './envelope.ts';
import { standardHeaderFault, standardHeaders } from './standard-headers.ts';

const META = objectOf([[VERSION_KEY, '2026-07-28']]);

describe('the headers that repeat a message', () => {
  it.each([
    ['tools/call', { name: 'grüße' }, { 'mcp-name': '=?base64?Z3LDvMOfZQ==?=' }],
    ['prompts/get', { name: 'p' }, { 'mcp-name': 'p' }],
    ['resources/read', { uri: 'file:///a b' }, { 'mcp-name': 'file:///a b' }],
    ['tasks/get', { taskId: 't-1' }, { 'mcp-name': 't-1' }],
    ['tools/list', { name: 'no name' }, {}],
  ])('%s', (method, params, more) => {
    const headers = standardHeaders(method, objectOf(Object.entries(params)));
    expect(headers).toEqual({ 'mcp-protocol-version': '2026-07-28', 'mcp-method': method, ...more });
  });

  const call = objectOf([
    ['name', 'echo'],
    ['_meta', META],
  ]);
  const good: Record<string, string> = standardHeaders('tools/call', call);
  const faultWith = (changed: Record<string, string | undefined>): string | undefined =>
    standardHeaderFault('tools/call', call, (name) => ({ ...good, ...changed })[name]);

  it('agree with what wrote them', () => {
    expect(faultWith({})).toBeUndefined();
    expect(faultWith({ 'mcp-name': '=?base64?ZWNobw==?=' })).toBeUndefined();
  });

  it.each([
    [{ 'mcp-protocol-version': undefined }, 'MCP-Protocol-Version is missing'],
    [{ 'mcp-protocol-version': '2025-11-25' }, 'MCP-Protocol-Version is not'],
    [{ 'mcp-method': undefined }, 'Mcp-Method is missing'],
    [{ 'mcp-method': 'tools/list' }, 'Mcp-Method is not'],
    [{ 'mcp-method': 'TOOLS/CALL' }, 'Mcp-Method is not'],
    [{ 'mcp-name': undefined }, 'Mcp-Name is missing'],
    [{ 'mcp-name': 'other' }, 'Mcp-Name is not params.name'],
    [{ 'mcp-name': 'echo ' }, 'Mcp-Name is not params.name'],
    [{ 'mcp-name': '=?base64?b3RoZXI=?=' }, 'Mcp-Name is not params.name'],
    [{ 'mcp-name': '=?base64?ZWNobw=?=' }, 'Mcp-Name is not params.name'],
    [{ 'mcp-name': 'echo, echo' }, 'Mcp-Name is not params.name'],
  ])('are refused when they say otherwise: %j', (changed, fault) => {
    expect(faultWith(changed)).toContain(fault);
  });
});
