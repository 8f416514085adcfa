import { LEAVE, MODE, NAME, QUESTION_TIME, TEXT } from './fragments.ts';
import { given, objectOfKind, type Shape, without, wordOf } from './shape.ts';
import { CLASSES, LEAVES, LISTS, ROLES } from './words.ts';

const RULES_SAY = 'Rules for what has this name or matches this pattern; {} allows.';
const RULES = { ...objectOfKind('rules'), description: RULES_SAY };
const ANSWER = wordOf(LEAVES, { deny: 'It is refused.', allow: 'It may ask.' });
const TOOLS = { type: 'object', propertyNames: NAME, additionalProperties: RULES };
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
    timeout: {
      says: 'How long a question stands before it counts as no: 10 seconds to 31 days.',
      schema: QUESTION_TIME,
    },
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
