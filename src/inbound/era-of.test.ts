import { describe, expect, it } from 'vitest';
import { STRICT } from '../wire/read-json.ts';
import { readMessage } from '../wire/read-message.ts';
import { eraOf } from './era-of.ts';
import { mcpHeaders, paramHeadersIn } from './mcp-headers.ts';
import { modernFault } from './modern-fault.ts';

const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
};
const FUTURE = { ...META, 'io.modelcontextprotocol/protocolVersion': 'v999' };

const call = (meta: object | undefined, more: object = {}): string =>
  JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'read', _meta: meta }, ...more });

const VERSION = 'MCP-Protocol-Version';
const MODERN_HEADERS = [VERSION, '2026-07-28', 'Mcp-Method', 'tools/call', 'Mcp-Name', 'read'];

/** The headers without one, or with another value for it. */
function without(name: string, value?: string): string[] {
  const kept: string[] = [];
  for (let at = 0; at < MODERN_HEADERS.length; at += 2) {
    const own = MODERN_HEADERS[at] ?? '';
    if (own !== name) kept.push(own, MODERN_HEADERS[at + 1] ?? '');
    else if (value !== undefined) kept.push(own, value);
  }
  return kept;
}

function eraAndFault(body: string, raw: readonly string[]): string {
  const read = readMessage(body, STRICT);
  const headers = mcpHeaders(raw);
  const era = eraOf(headers, read);
  if (era.kind === 'neither') return `neither ${era.error.code}`;
  if (era.kind === 'legacy' || read.kind === 'fault') return era.kind;
  const fault = modernFault(read.message, headers);
  return fault === undefined ? 'modern' : `modern ${fault.code}`;
}

describe('a posted message is of the legacy era', () => {
  it.each([
    ['without any header of MCP', []],
    ['with a legacy version', ['MCP-Protocol-Version', '2025-06-18']],
    ['with the oldest one', ['mcp-protocol-version', '2024-11-05']],
    [
      'with a method and a name in the header that say what the body says',
      [...MODERN_HEADERS.slice(2), VERSION, '2025-11-25'],
    ],
    ['of a session', ['Mcp-Session-Id', 'abc', 'MCP-Protocol-Version', '2025-11-25']],
  ])('%s', (_title, raw) => {
    expect(eraAndFault(call(undefined), raw)).toBe('legacy');
  });
});

describe('a posted message is of the modern era', () => {
  it('when headers and envelope say so', () => expect(eraAndFault(call(META), MODERN_HEADERS)).toBe('modern'));

  it('also with a session id, which means nothing there', () => {
    expect(eraAndFault(call(META), [...MODERN_HEADERS, 'Mcp-Session-Id', 'abc', 'Last-Event-ID', 'x.1'])).toBe(
      'modern',
    );
  });

  it('with a name in base64', () => {
    expect(eraAndFault(call(META), without('Mcp-Name', '=?base64?cmVhZA==?='))).toBe('modern');
  });

  it.each([
    ['no version in the header', call(META), without('MCP-Protocol-Version'), -32020],
    ['a legacy version in the header', call(META), without('MCP-Protocol-Version', '2025-11-25'), -32020],
    ['a future version in the header', call(META), without('MCP-Protocol-Version', 'v999'), -32020],
    ['a future version in the body', call(FUTURE), MODERN_HEADERS, -32020],
    ['a future version in both', call(FUTURE), without('MCP-Protocol-Version', 'v999'), -32022],
    ['no method in the header', call(META), without('Mcp-Method'), -32020],
    ['another method in the header', call(META), without('Mcp-Method', 'tools/list'), -32020],
    ['the method in capitals', call(META), without('Mcp-Method', 'TOOLS/CALL'), -32020],
    ['no name in the header', call(META), without('Mcp-Name'), -32020],
    ['another name in the header', call(META), without('Mcp-Name', 'write'), -32020],
    ['the name of another tool in base64', call(META), without('Mcp-Name', '=?base64?d3JpdGU=?='), -32020],
    ['a name in broken base64', call(META), without('Mcp-Name', '=?base64?cmVhZA?='), -32020],
    ['two names', call(META), [...MODERN_HEADERS, 'mcp-name', 'write'], -32020],
    ['the same name twice', call(META), [...MODERN_HEADERS, 'MCP-NAME', 'read'], -32020],
    ['a parameter twice', call(META), [...MODERN_HEADERS, 'Mcp-Param-A', '1', 'mcp-param-a', '1'], -32020],
    ['two sessions', call(META), [...MODERN_HEADERS, 'Mcp-Session-Id', 'a', 'Mcp-Session-Id', 'b'], -32020],
    ['no envelope', call(undefined), MODERN_HEADERS, -32602],
    ['no capabilities', call({ 'io.modelcontextprotocol/protocolVersion': '2026-07-28' }), MODERN_HEADERS, -32602],
    ['an answer', '{"jsonrpc":"2.0","id":1,"result":{}}', MODERN_HEADERS, -32600],
    ['a version that is no text', call({ ...META, 'io.modelcontextprotocol/protocolVersion': 7 }), [], -32022],
  ])('and refused with %s', (_title, body, raw, code) => {
    expect(eraAndFault(body, raw)).toBe(`modern ${code}`);
  });

  it('a notification needs no envelope, but its headers must agree', () => {
    const note = '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}';
    expect(eraAndFault(note, ['MCP-Protocol-Version', '2026-07-28'])).toBe('modern');
    expect(eraAndFault(note, MODERN_HEADERS)).toBe('modern -32020');
  });
});

describe('a posted message is of neither era', () => {
  it.each([
    ['a method in the header and no version', ['Mcp-Method', 'tools/call'], -32020],
    ['another method in the header and a legacy version', ['Mcp-Method', 'tools/list', VERSION, '2025-11-25'], -32020],
    ['another name in the header and a legacy version', ['Mcp-Name', 'write', VERSION, '2025-11-25'], -32020],
    ['a parameter in the header and a legacy version', ['Mcp-Param-Region', 'eu', VERSION, '2025-11-25'], -32020],
    ['a name in the header in a legacy session', ['Mcp-Name', 'read', 'Mcp-Session-Id', 'abc'], -32020],
    ['a parameter in the header and no version', ['Mcp-Param-Region', 'eu'], -32020],
    ['an unknown version', ['MCP-Protocol-Version', '2025-01-01'], -32022],
    ['two versions in one header', ['MCP-Protocol-Version', '2025-11-25, 2025-06-18'], -32022],
    ['an empty version', ['MCP-Protocol-Version', ''], -32022],
  ])('with %s', (_title, raw, code) => {
    expect(eraAndFault(call(undefined), raw)).toBe(`neither ${code}`);
  });
});

describe('the headers of parameters', () => {
  it('are told by the rest of their names, whatever the case', () => {
    const headers = mcpHeaders(['MCP-Param-Region', 'eu', 'mcp-param-', 'odd', 'X-Other', '1']);
    expect([...paramHeadersIn(headers)]).toEqual([
      ['region', 'eu'],
      ['', 'odd'],
    ]);
  });
});
