import { given, objectOfKind, type Shape, without, wordOf } from '../policy/shape.ts';
import { CLASSES } from '../policy/words.ts';
import { CHECKPOINT_RECORDS, CHECKPOINT_SECONDS, DEFAULT_PACE } from './checkpoint-bounds.ts';
import {
  EXPIRY,
  HEADER_NAME,
  HOST,
  IDENTITY_NAME,
  ORIGIN,
  orVariable,
  SECONDS,
  SERVER_NAME,
  SIZE_TEXT,
  TEXT,
  TEXTS,
  TOKEN,
  URL_TEXT,
  VALUE_KEY,
  VARIABLE_NAME,
} from './fragments.ts';
import { KEEP_DAYS } from './keep-bounds.ts';
import type { Bounds } from './question-bounds.ts';
import { PINS, PRIVACIES, SYNCS } from './words.ts';

export const CONFIGURATION: Shape = {
  says: 'A configuration of Toolgate: which servers it guards, and who may reach them under which policies.',
  keys: {
    servers: {
      says: 'The servers that are guarded, each at /mcp/NAME.',
      schema: {
        type: 'object',
        propertyNames: SERVER_NAME,
        additionalProperties: { ...objectOfKind('server'), description: 'A server at /mcp/NAME.' },
      },
    },
    policies: {
      says: 'Policies by name: documents, or paths of files relative to this one.',
      schema: {
        type: 'object',
        additionalProperties: {
          type: ['object', 'string'],
          minLength: 1,
          description: 'A policy, or the path of a file that holds one.',
          ...given({ type: 'object' }, objectOfKind('policy')),
          examples: [{ version: '1', default: 'deny', tools: {} }, 'policies/careful.yaml'],
        },
      },
    },
    baseline: { says: 'The name of a policy that every call must pass as well.', schema: TEXTS },
    grants: {
      says: 'Who may reach which server under which policy.',
      schema: {
        type: 'object',
        propertyNames: IDENTITY_NAME,
        additionalProperties: { ...objectOfKind('grant'), description: 'A grant: its token opens its servers.' },
      },
    },
    people: {
      says: 'People with their roles, for approvals and the console.',
      schema: {
        type: 'object',
        propertyNames: IDENTITY_NAME,
        additionalProperties: { ...objectOfKind('person'), description: 'A person with roles.' },
      },
    },
    approvals: { says: 'How people are asked, where policies are silent.', schema: objectOfKind('questions') },
    notices: {
      says: 'Who is told outside of questions, answers and changed policies.',
      schema: {
        type: 'object',
        propertyNames: IDENTITY_NAME,
        additionalProperties: { ...objectOfKind('hook'), description: 'An address that is told.' },
      },
    },
    audit: { says: 'What the log keeps, and when it is on the disk.', schema: objectOfKind('audit') },
    limits: { says: 'How much anybody may send, ask, keep open or leave waiting.', schema: objectOfKind('limits') },
    hosts: {
      says: 'Names under which clients may call, beside those of the loopback.',
      schema: { type: 'array', items: HOST },
    },
    origins: {
      says: 'Values of Origin that clients may send, beside those of the loopback.',
      schema: { type: 'array', items: ORIGIN },
    },
  },
  required: ['servers'],
};

const CLASS = orVariable(
  wordOf(CLASSES, {
    read: 'It only reads.',
    write: 'It changes what can be changed back.',
    execute: 'It runs commands or code.',
    destructive: 'It removes what cannot be brought back.',
    financial: 'It moves money.',
    unknown: 'Nobody has said.',
  }),
);

/** Keys that go with a command only. */
export const COMMAND_KEYS = ['env', 'cwd'] as const;
/** Keys that go with a URL only. */
export const URL_KEYS = ['headers'] as const;

const PRIVACY = {
  ...orVariable(
    wordOf(PRIVACIES, {
      redacted: 'All but what looks like a secret.',
      full: 'All of them, sealed beside the record, so that they can be erased.',
      keys: 'Their keys and types only.',
    }),
  ),
};

export const SERVER: Shape = {
  says: 'A server: a command, or the URL of a remote one.',
  keys: {
    command: {
      says: 'The program and its arguments; there is no shell.',
      schema: { type: 'array', items: TEXTS, minItems: 1, examples: [['npx', '-y', 'some-server']] },
    },
    env: {
      says: "Variables for the command, beside the few of the gateway's own that programs need.",
      schema: {
        type: 'object',
        propertyNames: VARIABLE_NAME,
        additionalProperties: TEXTS,
        examples: [{ TOKEN: `\${TOKEN}` }],
      },
    },
    cwd: { says: 'The folder in which the command runs, relative to this file.', schema: TEXTS },
    url: { says: 'The URL of a remote server (Streamable HTTP).', schema: URL_TEXT },
    headers: {
      says: 'Headers for every request to the remote server.',
      schema: {
        type: 'object',
        propertyNames: HEADER_NAME,
        additionalProperties: TEXTS,
        examples: [{ Authorization: `Bearer \${TOKEN}` }],
      },
    },
    classes: {
      says: 'Risk classes of tools by name, set by you.',
      schema: { type: 'object', additionalProperties: CLASS },
    },
    catalogue: {
      says: 'Which server of the catalogue it is ("none": none); else by the package in its command, or by its name.',
      schema: { anyOf: [TEXTS, { const: false }], examples: ['mitmproxy', 'none'] },
    },
    pins: {
      says: 'What becomes of tools that are new, or defined otherwise than when they were accepted.',
      schema: {
        ...orVariable(
          wordOf(PINS, {
            hold: 'They are neither listed nor called until they are accepted: toolgate tools accept.',
            warn: 'They pass; it is told and recorded.',
            off: 'They pass; nothing is kept.',
          }),
        ),
        default: 'hold',
      },
    },
    audit: {
      says: 'What the log keeps of arguments here: one word, or words by the names of tools, "*" for the others.',
      schema: { anyOf: [PRIVACY, { type: 'object', additionalProperties: PRIVACY }], examples: [{ '*': 'keys' }] },
    },
    timeout: {
      says: 'Seconds that an answer may take; progress begins the time anew.',
      schema: { ...SECONDS, default: 300 },
    },
    idle: { says: 'Seconds after which an unused session ends.', schema: { ...SECONDS, default: 1800 } },
  },
  required: [],
  between: [
    { anyOf: [{ required: ['command'] }, { required: ['url'] }] },
    {
      dependencies: {
        command: without(
          ['url', ...URL_KEYS],
          'A server has exactly one of "command" and "url"; headers go with "url".',
        ),
        url: without(
          ['command', ...COMMAND_KEYS],
          'A server has exactly one of "command" and "url"; env and cwd go with "command".',
        ),
      },
    },
  ],
};

export const GRANT: Shape = {
  says: 'Who may reach what.',
  keys: {
    owner: { says: 'Who answers for the grant: a person or a team.', schema: TEXT },
    labels: {
      says: 'Labels that policies can read as grant.labels.NAME.',
      schema: { type: 'object', additionalProperties: TEXTS, examples: [{ env: 'dev' }] },
    },
    servers: {
      says: 'From names of servers to the names of the policies that hold there.',
      schema: { type: 'object', additionalProperties: TEXTS },
    },
    token: { says: 'The token, 20 characters or more; without it one is made and printed once.', schema: TOKEN },
    expires: { says: 'A day, which means 00:00 UTC, or a time with its zone.', schema: EXPIRY },
  },
  required: ['owner'],
};

export const CHECKPOINT: Shape = {
  says: 'How often the log is signed: whatever comes first.',
  keys: {
    records: {
      says: 'After so many records of a process.',
      schema: wholeNumber(CHECKPOINT_RECORDS, DEFAULT_PACE.records),
    },
    seconds: {
      says: 'So many seconds after the first record that is not signed yet.',
      schema: wholeNumber(CHECKPOINT_SECONDS, DEFAULT_PACE.ms / 1000),
    },
  },
  required: [],
};

export const KEY_PLACE: Shape = {
  says: 'A key, or where it is: exactly one of both.',
  keys: {
    key: { says: '32 bytes in hex or base64; make one with openssl rand -hex 32.', schema: VALUE_KEY },
    file: { says: 'The path of a file that holds such a key, relative to this one.', schema: TEXTS },
  },
  required: [],
};

export const VALUES: Shape = {
  says: 'What arguments are sealed with that are kept whole (AES-256-GCM); without it a key in the data folder.',
  keys: {
    ...KEY_PLACE.keys,
    earlier: {
      says: 'Keys that sealed before; what they sealed is sealed anew, and then they can go.',
      schema: { type: 'array', items: objectOfKind('key') },
    },
  },
  required: [],
};

export const KEEP: Shape = {
  says: 'How long, or how much of, the log is kept; what is more is removed, the oldest first.',
  keys: {
    days: {
      says: 'Records go when they were signed so many days ago.',
      schema: { type: 'integer', minimum: KEEP_DAYS.least, maximum: KEEP_DAYS.most, examples: [90] },
    },
    size: {
      says: 'The oldest records go until the store has no more than this in use.',
      schema: SIZE_TEXT,
    },
  },
  required: [],
  between: [{ minProperties: 1 }],
};

export const AUDIT: Shape = {
  says: 'What the log keeps, and when it is on the disk.',
  keys: {
    arguments: {
      says: 'What the log keeps of arguments.',
      schema: { ...PRIVACY, default: 'redacted' },
    },
    values: { says: 'What arguments are sealed with that are kept whole.', schema: objectOfKind('values') },
    sync: {
      says: 'When a record is on the disk.',
      schema: {
        ...orVariable(
          wordOf(SYNCS, {
            interval: 'Written before the server hears of the call, on the disk within 10 ms.',
            'before-send': 'On the disk before the server hears of the call.',
            'before-reply': 'On the disk before the client hears the answer.',
          }),
        ),
        default: 'interval',
      },
    },
    checkpoint: { says: 'How often the log is signed.', schema: objectOfKind('checkpoint') },
    export: {
      says: 'Where every record is handed over to as well, soon after it is written.',
      schema: {
        type: 'object',
        propertyNames: IDENTITY_NAME,
        additionalProperties: { ...objectOfKind('export'), description: 'A receiver of the log.' },
      },
    },
    keep: { says: 'What of the log is kept; without it everything.', schema: objectOfKind('keep') },
  },
  required: [],
};

function wholeNumber({ least, most }: Bounds, standard: number): object {
  return { type: 'integer', minimum: least, maximum: most, default: standard };
}
