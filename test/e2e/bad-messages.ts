import { expect } from 'vitest';
import { objAt, textOf } from '../kit/json-rpc.ts';
import { linesIn } from './rig.ts';

export interface BadMessage {
  readonly title: string;
  readonly bytes: string | Uint8Array;
  /** JSON-RPC code of the answer. */
  readonly code: -32700 | -32600 | -32601 | -32602;
}

/** A call of `echo` that would pass, with something else in the place of its text. */
function callWith(text: string): string {
  return `{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"echo","arguments":{"text":${text}}}}`;
}

const FINE = callWith('"hostile"');

/** Messages that two readers could take differently, or that nobody should read: each is refused whole. One line each. */
export const BAD_MESSAGES: readonly BadMessage[] = [
  { title: 'nesting of 100,000', bytes: callWith('['.repeat(100_000) + ']'.repeat(100_000)), code: -32700 },
  {
    title: 'text that is not UTF-8',
    bytes: Buffer.concat([Buffer.from(FINE.slice(0, -6)), Buffer.from([0xff, 0xfe]), Buffer.from('"}}}')]),
    code: -32700,
  },
  { title: 'an overlong encoding', bytes: Buffer.from(`${FINE}\xc0\xaf`, 'latin1'), code: -32700 },
  { title: 'a byte order mark', bytes: `\ufeff${FINE}`, code: -32700 },
  { title: 'no JSON', bytes: 'tools/call echo', code: -32700 },
  { title: 'JSON that stops in the middle', bytes: FINE.slice(0, 60), code: -32700 },
  { title: 'two messages in one', bytes: FINE + FINE, code: -32700 },
  { title: 'a number too large for any double', bytes: callWith('1e400'), code: -32700 },
  { title: 'an integer that a double cannot hold', bytes: callWith('9007199254740993'), code: -32700 },
  { title: 'half of a surrogate pair', bytes: callWith('"\\ud800"'), code: -32700 },
  { title: 'the method twice', bytes: FINE.replace('"params"', '"method":"tools/list","params"'), code: -32700 },
  { title: 'the name twice', bytes: FINE.replace('"arguments"', '"name":"sum","arguments"'), code: -32700 },
  {
    title: 'the name twice, once escaped',
    bytes: FINE.replace('"arguments"', '"n\\u0061me":"sum","arguments"'),
    code: -32700,
  },
  { title: 'an argument twice', bytes: FINE.replace('"text"', '"text":"harmless","text"'), code: -32700 },
  { title: 'a batch', bytes: `[${FINE}]`, code: -32600 },
  { title: 'an empty batch', bytes: '[]', code: -32600 },
  { title: 'Method beside method', bytes: FINE.replace('"params"', '"Method":"tools/list","params"'), code: -32600 },
  { title: 'Method in place of method', bytes: FINE.replace('"method"', '"Method"'), code: -32600 },
  { title: 'NAME beside name', bytes: FINE.replace('"arguments"', '"NAME":"sum","arguments"'), code: -32600 },
  {
    title: 'argumentſ, which folds to arguments',
    bytes: FINE.replace('"arguments"', '"argumentſ":{},"arguments"'),
    code: -32600,
  },
  {
    title: 'a key with NUL at its end',
    bytes: FINE.replace('"arguments"', '"name\\u0000":"sum","arguments"'),
    code: -32600,
  },
  {
    title: 'a key with a zero-width space',
    bytes: FINE.replace('"arguments"', '"na\u200bme":"sum","arguments"'),
    code: -32600,
  },
  { title: 'an unknown key beside jsonrpc', bytes: FINE.replace('"id"', '"auth":"none","id"'), code: -32600 },
  { title: 'another version of JSON-RPC', bytes: FINE.replace('"2.0"', '"1.0"'), code: -32600 },
  { title: 'an id that is an object', bytes: FINE.replace('"id":7', '"id":{}'), code: -32600 },
  { title: 'an id with a fraction', bytes: FINE.replace('"id":7', '"id":7.5'), code: -32600 },
  { title: 'a method and a result in one', bytes: FINE.replace('"id"', '"result":{},"id"'), code: -32600 },
  { title: 'params that are an array', bytes: FINE.replace(/"params":.*/, '"params":["echo"]}'), code: -32600 },
  { title: 'a name with a control character', bytes: FINE.replace('"echo"', '"echo\\u0007"'), code: -32602 },
  { title: 'a name that is no string', bytes: FINE.replace('"echo"', '["echo"]'), code: -32602 },
  { title: 'arguments that are an array', bytes: FINE.replace('{"text":"hostile"}', '["hostile"]'), code: -32602 },
  { title: 'a method nobody knows', bytes: FINE.replace('tools/call', 'tools/invoke'), code: -32601 },
  {
    title: 'a method named like a part of every object',
    bytes: FINE.replace('tools/call', 'constructor'),
    code: -32601,
  },
  { title: 'a method in another case', bytes: FINE.replace('tools/call', 'Tools/Call'), code: -32601 },
  { title: 'a method of a later time', bytes: FINE.replace('tools/call', 'server/discover'), code: -32601 },
];

/** A call that would pass, were it not for how it comes. */
export const CALL: string = JSON.stringify({
  jsonrpc: '2.0',
  id: 7,
  method: 'tools/call',
  params: { name: 'echo', arguments: { text: 'hostile' } },
});

/** What a good call shows after something bad: the gateway runs, and only the good one reached the server. */
export async function stillServes(
  record: string,
  call: () => Promise<unknown>,
  before: readonly string[],
): Promise<void> {
  expect(textOf(objAt(await call(), 'result'))).toBe('still here');
  const since = linesIn(record).slice(before.length);
  expect(since.join('\n')).not.toContain('hostile');
  expect(since.filter((line) => line.includes('tools/call'))).toHaveLength(1);
}
