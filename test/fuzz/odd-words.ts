import { OPERATORS } from '../../src/policy/operators.ts';
import { CONDITION, ENTRY, LIMIT, RATE, RULES_SHAPE } from '../../src/policy/rule-vocabulary.ts';
import { APPROVALS, APPROVERS, DOCUMENT, REDACTION, REQUESTS, RESULTS } from '../../src/policy/vocabulary.ts';
import * as words from '../../src/policy/words.ts';
import { type Json, type JsonObject, objectOf } from '../../src/wire/json.ts';

type Some<T> = readonly [T, ...T[]];

/** Every key of the language. */
export const KEYS: Some<string> = [
  'version',
  ...new Set(
    [DOCUMENT, RULES_SHAPE, ENTRY, CONDITION, LIMIT, RATE, REQUESTS, RESULTS, REDACTION, APPROVALS, APPROVERS].flatMap(
      ({ keys }) => Object.keys(keys),
    ),
  ),
];

/** Keys that trip whoever keeps a stranger's keys in ordinary objects, pointers, patterns or lines. */
export const ODD_KEYS: Some<string> = [
  ...(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', 'length'] as const),
  ...['', ' ', '*', '**', '~', '/', '~1', '~0/', '0', '-1', 'a\nb', '\u0000', '\u2028', 'tööls', '💥', '\u202etools'],
  'x'.repeat(2000),
];

/** Words that mean something somewhere in the language. */
export const WORDS: Some<string> = [
  '1',
  ...[...words.CLASSES, ...words.SCOPES, ...words.WINDOWS, ...words.LEAVES, ...words.MODES, ...words.LISTS],
  ...[...words.ACTIONS, ...words.VALIDATIONS, ...words.RESETS, ...words.EXCESSES, ...words.ROLES],
  ...OPERATORS.map(({ name }) => name),
  ...['string', 'number', 'integer', 'boolean', 'array', 'object', 'null', 'UTC', 'Europe/Berlin', '15m', '90s'],
];

export const PATHS: Some<string> = [
  ...(['args.a', 'args.b', 'args.n', 'args.list[*]', 'args.points[*].x', 'args["odd key"]', 'args.url'] as const),
  ...['args.path', 'args.ip', 'args.email', 'args.sql', 'args[0]', 'args.__proto__', 'args["__proto__"].x', 'args.'],
  ...['tool.name', 'tool.class', 'tool.annotations.readOnlyHint', 'grant.name', 'grant.labels.env', 'grant.owner'],
  ...['grant.calls["get_a"]', 'session.calls["x"]', 'client.name', 'time.hour', 'time.weekday', 'time.date', 'args'],
  ...[
    'args[*][*][*][*]',
    'args["\\ud800"]',
    'args.a[99999999999]',
    'time',
    'grant.labels["__proto__"]',
    'tool["name"]',
  ],
];

/** Texts that are hard to read for one operator or another. */
export const ODD_TEXTS: Some<string> = [
  ...(['', ' ', '*', '^(a+)+$', '(', '[', '(?i)x', '\\', '\\Q', '.*.*.*x', 'a{1000}', '(a{10}){10}', '\\pL+'] as const),
  ...[
    '((((((((((a{2}){2}){2}){2}){2}){2}){2}){2}){2}){2})',
    'x'.repeat(1001),
    '(?P<n>a)',
    '\\C',
    '[[:word:]]',
    '(?=a)',
  ],
  ...['*.example.com', '*.', '*.*', 'http://x', 'EXAMPLE.com', '0x7f.1', '[::1]', '::ffff:1.2.3.4', '1.2.3.4/33', '/'],
  ...['10.0.0.0/8', '::/0', '/srv/../etc', 'C:\\x', '\\\\host\\share', '%2e%2e', '//', 'a@b', '@', 'xn--', 'bücher.de'],
  ...['select 1', 'drop table t', '2026-02-30', '24', '1e400', 'NaN', '\ud83d\ude00', 'ﬁ', 'İ', 'ß', 'K', '5', '0x10'],
  ...['Infinity', ' 5 ', '1_000', 'yes', 'off', 'null', '[object Object]', 'month', '0s', '999999999d', '1.5h'],
];

export const ODD_NUMBERS: Some<number> = [
  ...([0, 1, -1, 0.5, 1e15, 2 ** 53 - 1, 1e21, 1e308, 5e-324, -1e308, 2 ** 31, 2 ** 32, 86_400, 1e9] as const),
  ...[366 * 86_400, 366 * 86_400 + 1, 3.5, 23, 24, 10, 11, 0.1, 9007199254740991],
];

const EMPTY: JsonObject = objectOf([]);

export const ODD_VALUES: Some<Json> = [
  null,
  true,
  false,
  EMPTY,
  [],
  [[]],
  [null],
  [EMPTY],
  objectOf([['__proto__', null]]),
  objectOf([['conditions', []]]),
  objectOf([['path', 'args.a']]),
  objectOf([['action', 'deny']]),
  ...ODD_NUMBERS,
  ...ODD_TEXTS,
];
