import { BETWEEN_CONDITION } from './condition-schema.ts';
import { CONDITIONS, ENTRIES, LEAVE, MAX, MODE, NAME, PATH, SCOPE, TEXT, WINDOW, ZONE } from './fragments.ts';
import { OPERATORS } from './operators.ts';
import { ARGUMENT_PATTERN, VALUE_PATTERN } from './path-pattern.ts';
import { given, objectOfKind, type Shape, without, wordOf } from './shape.ts';
import { ACTIONS, CLASSES, EXCESSES, LEAVES, LISTS, RESETS, ROLES, VALIDATIONS, WINDOWS } from './words.ts';

const RULES_SAY = 'Rules for what has this name or matches this pattern; {} allows.';
const RULES = { ...objectOfKind('rules'), description: RULES_SAY };
const ANSWER = wordOf(LEAVES, { deny: 'It is refused.', allow: 'It may ask.' });
const TOOLS = { type: 'object', propertyNames: NAME, additionalProperties: RULES };
const EXCEED = {
  ...wordOf(EXCESSES, { deny: 'The call is refused.', require_approval: 'A person is asked.' }),
  default: 'deny',
};
const SOME_ROLES = { roles: { minItems: 1, doNotSuggest: true } };
const SOME_OWNERS = { owners: { minItems: 1, doNotSuggest: true } };
const OTHERS = {
  type: 'object',
  propertyNames: NAME,
  additionalProperties: { ...objectOfKind('rulesOfOthers'), description: RULES_SAY },
};

export const DOCUMENT: Shape = {
  says: 'A policy of Toolgate, version 1.',
  keys: {
    version: { says: 'The version of the language.', schema: { const: '1' } },
    default: { says: 'What holds for that of which no entry speaks.', schema: LEAVE },
    description: { says: 'A text for people.', schema: { type: 'string' } },
    mode: {
      says: 'With shadow nothing of this document refuses, hides, asks or redacts; what it would have done is recorded.',
      schema: MODE,
    },
    list: {
      says: 'Whether tools of which no call could pass are left out of lists.',
      schema: {
        ...wordOf(LISTS, {
          reachable: 'Such tools are left out.',
          all: 'They are shown, and still refused.',
        }),
        default: 'reachable',
      },
    },
    hide: {
      says: 'Tools that stand in no list and are refused as if they did not exist; * stands for any characters.',
      schema: { type: 'array', items: NAME, examples: [['admin_*']] },
    },
    all_tools: { says: 'Rules for every call of a tool, beside the entry that speaks for it.', schema: RULES },
    classes: {
      says: 'Rules for the tools of a risk class that have no entry of their own.',
      schema: {
        type: 'object',
        properties: Object.fromEntries(CLASSES.map((word) => [word, rulesOfClass(word)])),
        additionalProperties: false,
      },
    },
    tools: {
      says: 'From names of tools, or patterns with *, to their rules; {} allows.',
      schema: { ...TOOLS, examples: [{ tool_name: {} }] },
    },
    resources: { says: 'From URIs of resources, or patterns with *, to their rules.', schema: OTHERS },
    prompts: { says: 'From names of prompts, or patterns with *, to their rules.', schema: OTHERS },
    requests: { says: 'What the server may ask of the client.', schema: objectOfKind('requests') },
    results: { says: 'What of the answers of the server reaches the client.', schema: objectOfKind('results') },
    approvals: { says: 'How people are asked.', schema: objectOfKind('approvals') },
  },
  required: ['version', 'default'],
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

export const REQUESTS: Shape = {
  says: 'What the server may ask of the client; where a key is left out, the default of the document holds.',
  keys: {
    sampling: { says: "Whether it may ask the client's model.", schema: ANSWER },
    elicitation: { says: 'Whether it may ask the user.', schema: ANSWER },
    roots: { says: "Whether it may ask for the client's roots.", schema: ANSWER },
  },
  required: [],
};

export const RESULTS: Shape = {
  says: 'What of the answers of the server reaches the client.',
  keys: {
    max_bytes: {
      says: 'The most bytes of a result; a larger one is withheld.',
      schema: { type: 'integer', minimum: 1 },
    },
    redact: {
      says: 'What is masked in results.',
      schema: { type: 'array', items: objectOfKind('redaction'), examples: [[{ secrets: true }]] },
    },
  },
  required: [],
};

export const REDACTION: Shape = {
  says: 'What is masked: what matches a regular expression, or what is known to be a secret.',
  keys: {
    regex: { says: 'A regular expression in RE2 syntax.', schema: TEXT },
    replace: {
      says: 'What stands in its place; [redacted] where it is left out.',
      schema: { type: 'string', maxLength: 200, default: '[redacted]' },
    },
    ignore_case: { says: 'Whether case does not count.', schema: { type: 'boolean', default: false } },
    secrets: { says: 'Masks what is known to be a secret by its form or its key.', schema: { const: true } },
  },
  required: [],
  between: [
    given(
      { type: 'object', required: ['secrets'] },
      without(['regex', 'replace', 'ignore_case'], 'It goes with "regex", not with "secrets"; write two entries.'),
      { required: ['regex'] },
    ),
  ],
};

export const APPROVALS: Shape = {
  says: 'How people are asked.',
  keys: {
    timeout: { says: 'How long a question stands before it counts as no.', schema: WINDOW },
    approvers: {
      says: 'Who may answer.',
      schema: { ...objectOfKind('approvers'), examples: [{ roles: ['approver'] }] },
    },
    count: { says: 'How many people must say yes.', schema: { type: 'integer', minimum: 1, maximum: 10 } },
  },
  required: [],
};

export const APPROVERS: Shape = {
  says: 'Who may answer: people with one of these roles, or one of these people.',
  keys: {
    roles: {
      says: 'Roles of people in the configuration.',
      schema: { type: 'array', items: { enum: ROLES } },
    },
    owners: { says: 'Names of people.', schema: { type: 'array', items: TEXT } },
  },
  required: [],
  between: [
    {
      anyOf: [
        { properties: SOME_ROLES, required: ['roles'] },
        { properties: SOME_OWNERS, required: ['owners'] },
      ],
    },
  ],
};

function rulesOfClass(word: string): object {
  return {
    ...objectOfKind('rules'),
    description: `Rules for tools of the class ${word} that have no entry; {} allows.`,
  };
}
