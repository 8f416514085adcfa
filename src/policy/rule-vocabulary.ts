import { BETWEEN_CONDITION } from './condition-schema.ts';
import { CONDITIONS, ENTRIES, MAX, MODE, PATH, SCOPE, TEXT, WINDOW, ZONE } from './fragments.ts';
import { OPERATORS } from './operators.ts';
import { ARGUMENT_PATTERN, VALUE_PATTERN } from './path-pattern.ts';
import { given, objectOfKind, type Shape, without, wordOf } from './shape.ts';
import { ACTIONS, EXCESSES, RESETS, VALIDATIONS, WINDOWS } from './words.ts';

const EXCEED = {
  ...wordOf(EXCESSES, { deny: 'The call is refused.', require_approval: 'A person is asked.' }),
  default: 'deny',
};

export const RULES_SHAPE: Shape = {
  says: 'Rules for a tool, a resource or a prompt; {} allows.',
  keys: {
    action: {
      says: 'What holds if nothing else refuses; allow where it is left out.',
      schema: {
        ...wordOf(ACTIONS, {
          allow: 'The call passes, if nothing else refuses.',
          deny: 'The call is refused.',
          hide: 'It stands in no list, and is refused as if it did not exist.',
          require_approval: 'A person is asked.',
        }),
        default: 'allow',
      },
    },
    reason: { says: 'Told to the agent and kept in the log.', schema: TEXT },
    require: { says: 'Entries that must all match, or the call is refused.', schema: ENTRIES },
    deny_if: { says: 'Any entry that matches refuses.', schema: ENTRIES },
    approve_if: { says: 'Any entry that matches asks a person.', schema: ENTRIES },
    limits: {
      says: 'Ceilings on what passes in a time.',
      schema: {
        type: 'array',
        items: objectOfKind('limit'),
        examples: [[{ counter: 'calls', window: 'hour', max: 10 }]],
      },
    },
    rate_limit: {
      says: 'One limit in short: the counter is named for the tool.',
      schema: { ...objectOfKind('rate'), examples: [{ max: 10, window: 'minute' }] },
    },
    validate: {
      says: "Whether arguments must satisfy the tool's own schema; strict: and hold nothing that it does not name.",
      schema: {
        ...wordOf(VALIDATIONS, {
          off: 'Arguments are not held against it.',
          schema: 'They must satisfy it; one that is missing or broken refuses.',
          strict: 'They must satisfy it, and hold nothing that it does not name.',
        }),
        default: 'off',
      },
    },
    mode: { says: 'With shadow these rules refuse nothing; what they would have done is recorded.', schema: MODE },
  },
  required: [],
};

const { validate: _validate, ...keysOfOthers } = RULES_SHAPE.keys;

/** Rules for resources and prompts, whose arguments have no schema. */
export const RULES_OF_OTHERS: Shape = { ...RULES_SHAPE, keys: keysOfOthers };

export const ENTRY: Shape = {
  says: 'Conditions that must all hold for the entry to match; none at all always match.',
  keys: {
    conditions: { says: 'The conditions, all of which must hold.', schema: CONDITIONS },
    on_deny: { says: 'Told to the agent when the entry refuses or asks.', schema: TEXT },
    id: { says: 'A name, told beside the rule.', schema: TEXT },
  },
  required: ['conditions'],
};

export const CONDITION: Shape = {
  says: 'One comparison (path, op, value), or a group of conditions (all, any, not).',
  keys: {
    path: {
      says: 'Where to look: args, tool, grant, client, time, session; steps are .name, ["any key"], [0], [*].',
      schema: PATH,
    },
    op: {
      says: 'The operator.',
      schema: { enum: OPERATORS.map(({ name }) => name), enumDescriptions: OPERATORS.map(({ says }) => says) },
    },
    value: { says: 'What the operator compares with.', schema: {} },
    ignore_case: {
      says: 'Whether case does not count, for operators on texts.',
      schema: { type: 'boolean', default: false },
    },
    timezone: {
      says: 'The time zone of time.hour, time.weekday and time.date; UTC where it is left out.',
      schema: ZONE,
    },
    within: { says: 'How far back grant.calls and session.calls count.', schema: WINDOW },
    all: { says: 'Holds if all of them hold.', schema: { ...CONDITIONS, minItems: 1 } },
    any: { says: 'Holds if any of them holds.', schema: { ...CONDITIONS, minItems: 1 } },
    not: { says: 'Holds if it does not.', schema: objectOfKind('condition') },
  },
  required: [],
  between: BETWEEN_CONDITION,
};

export const LIMIT: Shape = {
  says: 'A ceiling on what passes in a time.',
  keys: {
    counter: {
      says: 'The name of what is counted; limits of one server that name it share it.',
      schema: { ...TEXT, maxLength: 256, examples: ['calls'] },
    },
    window: { says: 'The time: a name, whole seconds, or a text such as 90s, 15m, 6h, 7d.', schema: WINDOW },
    max: { says: 'The most that passes in the window.', schema: MAX },
    scope: { says: 'Whose calls are counted together; grant where it is left out.', schema: SCOPE },
    amount: {
      says: 'The argument whose number is added, instead of 1.',
      schema: {
        type: 'string',
        pattern: ARGUMENT_PATTERN,
        patternErrorMessage: 'Write the path of one argument, such as args.amount.',
        examples: ['args.amount'],
      },
    },
    per: {
      says: 'One counter for each value at this path.',
      schema: {
        type: 'string',
        pattern: VALUE_PATTERN,
        patternErrorMessage: 'Write the path of one argument, or one of tool.name, tool.class, grant.…',
        examples: ['args.account_id'],
      },
    },
    when: { says: 'The limit counts, and stops, only calls that match.', schema: CONDITIONS },
    reset: {
      says: 'sliding counts back from each call; calendar begins anew with each second, minute, hour, day, week or month.',
      schema: {
        ...wordOf(RESETS, {
          sliding: 'In no interval as long as the window does more pass.',
          calendar: 'The count falls to nothing when the next second, minute, hour, day, week or month begins.',
        }),
        default: 'sliding',
      },
    },
    timezone: { says: 'The time zone of a calendar window; UTC where it is left out.', schema: ZONE },
    on_exceed: { says: 'What holds beyond the limit.', schema: EXCEED },
    id: { says: 'A name, told beside the rule.', schema: TEXT },
    reason: { says: 'Told to the agent when the limit refuses.', schema: TEXT },
  },
  required: ['counter', 'window', 'max'],
  between: [
    given(
      { type: 'object', properties: { reset: { const: 'calendar', doNotSuggest: true } }, required: ['reset'] },
      {
        properties: { window: { enum: WINDOWS, errorMessage: `A calendar window has a name: ${WINDOWS.join(', ')}.` } },
      },
      without(['timezone'], '"timezone" goes with "reset": "calendar" only.'),
    ),
  ],
};

export const RATE: Shape = {
  says: 'At most so many calls in a time.',
  keys: {
    max: { says: 'The most calls that pass in the window.', schema: MAX },
    window: { says: 'The time: a name, or seconds.', schema: WINDOW },
    scope: { says: 'Whose calls are counted together; grant where it is left out.', schema: SCOPE },
  },
  required: ['max', 'window'],
};
