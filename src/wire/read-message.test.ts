import { describe, expect, it } from 'vitest';
import { RELAY, STRICT } from './read-json.ts';
import { readMessage } from './read-message.ts';

function refusal(text: string): string {
  const read = readMessage(text, STRICT);
  return read.kind === 'fault' ? `${read.code} ${read.reason}` : `read as a ${read.message.kind}`;
}

const CALL = '"jsonrpc":"2.0","id":1,"method":"tools/call"';

describe('a message has exactly one shape', () => {
  it.each([
    ['a request', '{"jsonrpc":"2.0","id":"a","method":"ping"}', 'request'],
    ['a notification', '{"jsonrpc":"2.0","method":"notifications/initialized","params":{}}', 'notification'],
    ['a result', '{"jsonrpc":"2.0","id":3,"result":{}}', 'response'],
    ['an error', '{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"x"}}', 'error'],
  ])('%s', (_, text, kind) => {
    expect(refusal(text)).toBe(`read as a ${kind}`);
  });

  it.each([
    ['a batch', `[{${CALL}}]`, '-32600 batches are not accepted'],
    ['text that is no JSON', 'hello', '-32700 not strict JSON'],
    ['no version', '{"id":1,"method":"ping"}', 'jsonrpc must be'],
    ['method and result at once', `{${CALL},"result":{}}`, 'exactly one of'],
    ['an id that is no integer', '{"jsonrpc":"2.0","id":1.5,"method":"ping"}', 'id must be'],
    ['an id that is null', '{"jsonrpc":"2.0","id":null,"method":"ping"}', 'id must be'],
    ['params that are a list', `{${CALL},"params":[]}`, 'params must be an object'],
    ['a key of nobody', `{${CALL},"extra":1}`, 'unknown key "extra"'],
    ['an error without a code', '{"jsonrpc":"2.0","id":1,"error":{"message":"x"}}', 'error must be'],
  ])('not %s', (_, text, reason) => {
    expect(refusal(text)).toContain(reason);
  });
});

describe('keys that another parser takes for the protocol’s are refused', () => {
  it.each([
    ['Method', `{${CALL},"Method":"x"}`],
    ['METHOD in place of method', '{"jsonrpc":"2.0","id":1,"METHOD":"tools/call"}'],
    ['params with a long s', `{${CALL},"param\u017f":{}}`],
    ['NAME', `{${CALL},"params":{"name":"echo","NAME":"other"}}`],
    ['argumentſ', `{${CALL},"params":{"name":"echo","argument\u017f":{}}}`],
    ['to\u212aen in _meta', `{${CALL},"params":{"name":"echo","_meta":{"progressTo\u212aen":1}}}`],
    ['progress_token in _meta', `{${CALL},"params":{"name":"echo","_meta":{"progress_token":1}}}`],
    ['meta in place of _meta', `{${CALL},"params":{"name":"echo","meta":{"progressToken":1}}}`],
    ['request_state', `{${CALL},"params":{"name":"echo","request_state":"x"}}`],
    ['Name in clientInfo', `{${CALL},"params":{"clientInfo":{"name":"trusted","Name":"other"}}}`],
    [
      'Version in the client of a modern message',
      `{${CALL},"params":{"_meta":{"io.modelcontextprotocol/clientInfo":{"name":"x","Version":"2"}}}}`,
    ],
    [
      'the revision in another case in _meta',
      `{${CALL},"params":{"_meta":{"io.modelcontextprotocol/ProtocolVersion":"2025-11-25"}}}`,
    ],
    ['name with an escaped NUL and more', `{${CALL},"params":{"name":"echo","name\\u0000x":"other"}}`],
    ['name with an escaped NUL', `{${CALL},"params":{"name":"echo","name\\u0000":"other"}}`],
    ['name with a zero-width space', `{${CALL},"params":{"name":"echo","na\u200bme":"other"}}`],
  ])('%s', (_, text) => {
    expect(refusal(text)).toMatch(/looks like a key of the protocol|unknown key/);
  });

  it('but inside arguments the case of a key is the tool’s own affair', () => {
    const text = `{${CALL},"params":{"name":"echo","arguments":{"Name":1,"name":2,"NAME":3}}}`;
    expect(refusal(text)).toBe('read as a request');
  });
});

it('from servers, unknown keys beside the message are dropped, not refused', () => {
  const read = readMessage('{"jsonrpc":"2.0","id":1,"result":{"x":1},"took":3}', RELAY);
  expect(read.kind === 'message' && read.message).toEqual({ kind: 'response', id: 1, result: { x: 1 } });
});

it.each(['"params":1e400', '"params":{"_meta":9007199254740993}'])(
  'from servers, a number that is kept as it was written is no object: %s',
  (member) => {
    const read = readMessage(`{"jsonrpc":"2.0","method":"notifications/message",${member}}`, RELAY);
    expect(read.kind === 'fault' && read.reason).toContain('must be an object');
  },
);
