import { OPERATORS } from './operators.ts';
import { CLASSES, WINDOWS } from './words.ts';

/** One key of the language: what it says, and the JSON Schema of its value (`#/$defs/…` names another kind of object). */
export interface Key {
  readonly says: string;
  readonly schema: object;
}

/** One kind of object: every key that it may hold. What is checked, published as a schema and documented is this table. */
export interface Shape {
  readonly says: string;
  readonly keys: { readonly [key: string]: Key };
  readonly required: readonly string[];
}

const TEXT = { type: 'string', minLength: 1 } as const;
const RULES = { $ref: '#/$defs/rules' } as const;
const ENTRIES = { type: 'array', items: { $ref: '#/$defs/entry' } } as const;
const CONDITIONS = { type: 'array', items: { $ref: '#/$defs/condition' } } as const;
const TABLE = { type: 'object', propertyNames: TEXT, additionalProperties: RULES } as const;
const LEAVE = { enum: ['allow', 'deny'] } as const;
const MODE = { enum: ['enforce', 'shadow'] } as const;
const WINDOW = {
  anyOf: [{ enum: WINDOWS }, { type: 'integer', minimum: 1 }, { type: 'string', pattern: '^[1-9][0-9]{0,8}[smhd]$' }],
} as const;
const SCOPE = { enum: ['grant', 'session', 'owner', 'server', 'global'] } as const;
const MAX = { type: 'number', minimum: 0 } as const;
const ZONE = { type: 'string', minLength: 1, examples: ['Europe/Berlin'] } as const;

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
      schema: { enum: ['reachable', 'all'] },
    },
    hide: {
      says: 'Tools that stand in no list and are refused as if they did not exist; * stands for any characters.',
      schema: { type: 'array', items: TEXT },
    },
    all_tools: { says: 'Rules for every call of a tool, beside the entry that speaks for it.', schema: RULES },
    classes: {
      says: 'Rules for the tools of a risk class that have no entry of their own.',
      schema: {
        type: 'object',
        properties: Object.fromEntries(CLASSES.map((word) => [word, RULES])),
        additionalProperties: false,
      },
    },
    tools: { says: 'From names of tools, or patterns with *, to their rules; {} allows.', schema: TABLE },
    resources: { says: 'From URIs of resources, or patterns with *, to their rules.', schema: TABLE },
    prompts: { says: 'From names of prompts, or patterns with *, to their rules.', schema: TABLE },
    requests: { says: 'What the server may ask of the client.', schema: { $ref: '#/$defs/requests' } },
    results: { says: 'What of the answers of the server reaches the client.', schema: { $ref: '#/$defs/results' } },
    approvals: { says: 'How people are asked.', schema: { $ref: '#/$defs/approvals' } },
  },
  required: ['version', 'default'],
};

export const RULES_SHAPE: Shape = {
  says: 'Rules for a tool, a resource or a prompt; {} allows.',
  keys: {
    action: {
      says: 'What holds if nothing else refuses; allow where it is left out.',
      schema: { enum: ['allow', 'deny', 'require_approval', 'hide'] },
    },
    reason: { says: 'Told to the agent and kept in the log.', schema: TEXT },
    require: { says: 'Entries that must all match, or the call is refused.', schema: ENTRIES },
    deny_if: { says: 'Any entry that matches refuses.', schema: ENTRIES },
    approve_if: { says: 'Any entry that matches asks a person.', schema: ENTRIES },
    limits: { says: 'Ceilings on what passes in a time.', schema: { type: 'array', items: { $ref: '#/$defs/limit' } } },
    rate_limit: { says: 'One limit in short: the counter is named for the tool.', schema: { $ref: '#/$defs/rate' } },
    validate: {
      says: "Whether arguments must satisfy the tool's own schema; strict: and hold nothing that it does not name.",
      schema: { enum: ['off', 'schema', 'strict'] },
    },
    mode: { says: 'With shadow these rules refuse nothing; what they would have done is recorded.', schema: MODE },
  },
  required: [],
};

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
      schema: { type: 'string', pattern: '^(args|tool|grant|client|time|session)[.\\[]' },
    },
    op: { says: 'The operator.', schema: { enum: OPERATORS.map(({ name }) => name) } },
    value: { says: 'What the operator compares with.', schema: {} },
    ignore_case: { says: 'Whether case does not count, for operators on texts.', schema: { type: 'boolean' } },
    timezone: {
      says: 'The time zone of time.hour, time.weekday and time.date; UTC where it is left out.',
      schema: ZONE,
    },
    within: { says: 'How far back grant.calls and session.calls count.', schema: WINDOW },
    all: { says: 'Holds if all of them hold.', schema: { ...CONDITIONS, minItems: 1 } },
    any: { says: 'Holds if any of them holds.', schema: { ...CONDITIONS, minItems: 1 } },
    not: { says: 'Holds if it does not.', schema: { $ref: '#/$defs/condition' } },
  },
  required: [],
};

export const LIMIT: Shape = {
  says: 'A ceiling on what passes in a time.',
  keys: {
    counter: {
      says: 'The name of what is counted; limits of one server that name it share it.',
      schema: { ...TEXT, maxLength: 256 },
    },
    window: { says: 'The time: a name, whole seconds, or a text such as 90s, 15m, 6h, 7d.', schema: WINDOW },
    max: { says: 'The most that passes in the window.', schema: MAX },
    scope: { says: 'Whose calls are counted together; grant where it is left out.', schema: SCOPE },
    amount: { says: 'The argument whose number is added, instead of 1.', schema: TEXT },
    per: { says: 'One counter for each value at this path.', schema: TEXT },
    when: { says: 'The limit counts, and stops, only calls that match.', schema: CONDITIONS },
    reset: {
      says: 'sliding counts back from each call; calendar begins anew with each second, minute, hour, day, week or month.',
      schema: { enum: ['sliding', 'calendar'] },
    },
    timezone: { says: 'The time zone of a calendar window; UTC where it is left out.', schema: ZONE },
    on_exceed: { says: 'What holds beyond the limit.', schema: { enum: ['deny', 'require_approval'] } },
    id: { says: 'A name, told beside the rule.', schema: TEXT },
    reason: { says: 'Told to the agent when the limit refuses.', schema: TEXT },
  },
  required: ['counter', 'window', 'max'],
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
    sampling: { says: "Whether it may ask the client's model.", schema: LEAVE },
    elicitation: { says: 'Whether it may ask the user.', schema: LEAVE },
    roots: { says: "Whether it may ask for the client's roots.", schema: LEAVE },
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
    redact: { says: 'What is masked in results.', schema: { type: 'array', items: { $ref: '#/$defs/redaction' } } },
  },
  required: [],
};

export const REDACTION: Shape = {
  says: 'What is masked: what matches a regular expression, or what is known to be a secret.',
  keys: {
    regex: { says: 'A regular expression in RE2 syntax.', schema: TEXT },
    replace: { says: 'What stands in its place; [redacted] where it is left out.', schema: { type: 'string' } },
    ignore_case: { says: 'Whether case does not count.', schema: { type: 'boolean' } },
    secrets: { says: 'Masks what is known to be a secret by its form or its key.', schema: { const: true } },
  },
  required: [],
};

export const APPROVALS: Shape = {
  says: 'How people are asked.',
  keys: {
    timeout: { says: 'How long a question stands before it counts as no.', schema: WINDOW },
    approvers: { says: 'Who may answer.', schema: { $ref: '#/$defs/approvers' } },
    count: { says: 'How many people must say yes.', schema: { type: 'integer', minimum: 1, maximum: 10 } },
  },
  required: [],
};

export const APPROVERS: Shape = {
  says: 'Who may answer: people with one of these roles, or one of these people.',
  keys: {
    roles: {
      says: 'Roles of people in the configuration.',
      schema: { type: 'array', items: { enum: ['viewer', 'approver', 'editor', 'admin'] } },
    },
    owners: { says: 'Names of people.', schema: { type: 'array', items: TEXT } },
  },
  required: [],
};
