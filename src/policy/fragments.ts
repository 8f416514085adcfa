import { PATH_PATTERN } from './path-pattern.ts';
import { QUESTION_SECONDS } from './question-time.ts';
import { objectOfKind, wordOf } from './shape.ts';
import { LEAVES, MODES, SCOPES, WINDOWS } from './words.ts';

/** Values that stand under several keys, as JSON Schemas. */

export const TEXT: object = { type: 'string', minLength: 1 };

/** Names of tools and the like, or patterns; no longer name can be called. */
export const NAME: object = { type: 'string', minLength: 1, maxLength: 1_024 };

export const LEAVE: object = wordOf(LEAVES, {
  deny: 'What no entry speaks for is refused.',
  allow: 'What no entry speaks for passes.',
});

export const MODE: object = {
  ...wordOf(MODES, {
    enforce: 'It bites.',
    shadow: 'It refuses, hides, asks and redacts nothing; what it would have done is recorded.',
  }),
  default: 'enforce',
};

export const WINDOW: object = {
  type: ['string', 'integer'],
  pattern: `^(?:${WINDOWS.join('|')}|[1-9][0-9]{0,8}[smhd])$`,
  minimum: 1,
  maximum: 366 * 86_400,
  patternErrorMessage: `Write one of ${WINDOWS.join(', ')}, a whole number of seconds, or a text such as "90s", "15m", "6h", "7d".`,
  examples: [...WINDOWS, '90s', '15m', '6h', '7d', 60],
};

/** How long a question stands. */
export const QUESTION_TIME: object = {
  type: ['string', 'integer'],
  pattern: `^(?:${WINDOWS.filter((name) => name !== 'second').join('|')}|[1-9][0-9]{0,8}[smhd])$`,
  minimum: QUESTION_SECONDS.least,
  maximum: QUESTION_SECONDS.most,
  patternErrorMessage: 'Write whole seconds, or a text such as "90s", "15m", "6h", "7d".',
  examples: ['90s', '15m', '6h', '7d', 600],
};

export const SCOPE: object = {
  ...wordOf(SCOPES, {
    grant: 'The calls of one grant.',
    session: 'The calls of one session; an agent can begin another.',
    owner: 'The calls of all grants of one person or team.',
    server: 'The calls of all callers of the server.',
    global: 'The calls of all callers of all servers.',
  }),
  default: 'grant',
};

export const MAX: object = { type: 'number', minimum: 0, examples: [10] };

export const ZONE: object = { type: 'string', minLength: 1, default: 'UTC', examples: ['Europe/Berlin'] };

export const PATH: object = {
  type: 'string',
  pattern: PATH_PATTERN,
  maxLength: 1_000,
  patternErrorMessage:
    'No path. Begin with args, tool, grant, client, time or session; steps are .name, ["any key"], [0] and [*].',
  examples: [
    'args.name',
    'args.items[*].price',
    'args',
    'tool.name',
    'tool.class',
    'tool.annotations.destructiveHint',
    'grant.name',
    'grant.owner',
    'grant.labels.env',
    'grant.calls["tool_name"]',
    'session.calls["tool_name"]',
    'client.name',
    'client.version',
    'time.hour',
    'time.weekday',
    'time.date',
  ],
};

export const CONDITIONS: object = { type: 'array', items: objectOfKind('condition') };

export const ENTRIES: object = {
  type: 'array',
  items: objectOfKind('entry'),
  examples: [[{ conditions: [{ path: 'args.name', op: 'eq', value: 'value' }], on_deny: 'Told to the agent.' }]],
};
