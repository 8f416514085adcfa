type Some<T> = readonly [T, ...T[]];

/** Numbers at the edges of what readers hold, as they are written. */
export const NUMBERS: Some<string> = [
  ...([
    '0',
    '-0',
    '-0.0',
    '0e9',
    '0e99999999999999999999',
    '1',
    '1.0',
    '1.00e0',
    '1E5',
    '1e+5',
    '1e-5',
    '10e-1',
  ] as const),
  ...[
    '1e400',
    '-1e400',
    '1e-400',
    '5e-324',
    '4.9e-324',
    '2.4e-324',
    '1.7976931348623157e308',
    '1.7976931348623159e308',
  ],
  ...['9007199254740991', '9007199254740992', '9007199254740993', '-9007199254740993', '9007199254740992.0'],
  ...['18446744073709551615', '18446744073709551616', '9223372036854775807', '9223372036854775808', '1e21', '1e23'],
  ...['100000000000000000000000', '123456789012345680000', '0.1', '0.10000000000000001', '0.30000000000000004'],
  ...['3.14159265358979323846264338327950288', '1e0000000000000000000000005', '1e99999999999999999999999', '0.1e1'],
  ...[`1${'0'.repeat(308)}`, `1${'0'.repeat(309)}`, `0.${'0'.repeat(400)}1e401`, `${'1'.repeat(5000)}`],
  ...['01', '1.', '.5', '+1', '1e', '-', '0x10', '1_000', 'NaN', 'Infinity', '-Infinity', '１'],
];

/** Strings as they are written, quotes included. */
export const STRINGS: Some<string> = [
  ...([
    '""',
    '"a"',
    '"\\u0061"',
    '"\\/"',
    '"\\ud83d\\ude00"',
    '"😀"',
    '"\\u2028"',
    '"\u2028\u2029"',
    '"\u0085"',
  ] as const),
  ...['"\\ud800"', '"\\udc00\\ud800"', '"\\u0000"', '"a\\u0000b"', '"\\r\\n"', '"\\r"', '"\u007f"', '"\ufeff"'],
  ...['"\\u000d\\u000a{\\"jsonrpc\\":\\"2.0\\"}"', '"\u0085{\\"jsonrpc\\":\\"2.0\\",\\"id\\":1}\u0085"', '"\\uFFFF"'],
  ...['"\\x41"', '"\\U0041"', '"\\u{41}"', '"\\u004"', "'a'", '"a\tb"', '"a\nb"', '"é"', '"e\u0301"', '"\u200b"'],
  ...['"\\\\"', '"\\\\u0061"', '"\\b\\f"', '"</script>"', '"\u202e"', '"\udbff\udfff"', `"${'x'.repeat(3000)}"`],
];

export const SCALARS: Some<string> = [
  'null',
  'true',
  'false',
  'True',
  'nul',
  'undefined',
  '{}',
  '[]',
  '""',
  '0',
  '[[]]',
];

/** Keys as they are written, quotes included. */
export const KEYS: Some<string> = [
  ...(['"__proto__"', '"constructor"', '"prototype"', '"toString"', '"hasOwnProperty"', '"0"', '"1"', '"-1"'] as const),
  ...[
    '""',
    '" "',
    '"4294967295"',
    '"01"',
    '"1.0"',
    '"\\u0000"',
    '"\u2028"',
    '"\u0085"',
    '"😀"',
    '"\uffff"',
    '"\ud800\udc00"',
  ],
  ...['"valueOf"', '"then"', '"toJSON"', '"$ref"', '"\\n"', `"${'k'.repeat(2000)}"`, '"a\\ud800"', 'a', "'a'"],
];

/** Keys that mean something to the protocol. */
export const PROTOCOL_KEYS: Some<string> = [
  ...(['jsonrpc', 'id', 'method', 'params', 'result', 'error', 'name', 'arguments', 'uri', '_meta', 'cursor'] as const),
  ...['ref', 'type', 'argument', 'value', 'context', 'progressToken', 'requestId', 'task', 'taskId', 'requestState'],
  ...['inputResponses', 'protocolVersion', 'clientInfo', 'capabilities', 'level', 'reason', 'notifications', 'version'],
];
