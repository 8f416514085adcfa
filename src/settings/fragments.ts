import { WINDOWS } from '../policy/words.ts';
import { ISO_TIME } from './iso-time.ts';
import { PASSPHRASE_HASH } from './passphrase.ts';
import { TIMEOUT_SECONDS } from './question-bounds.ts';
import { SERVER_NAME as NAME_OF_SERVER, SERVER_NAME_RULE } from './server-name.ts';
import { SIZE } from './size.ts';

/** Values that stand under the keys of a configuration, as JSON Schemas. A variable may stand for any text, or part of it. */

const VARIABLE = String.raw`\$\{`;

/** A text, perhaps an empty one. */
export const TEXTS: object = { type: 'string' };

export const TEXT: object = { type: 'string', minLength: 1 };

export const SECONDS: object = { type: 'number', exclusiveMinimum: 0, maximum: 86_400 };

export const SERVER_NAME: object = { pattern: NAME_OF_SERVER.source, patternErrorMessage: `${SERVER_NAME_RULE}.` };

export const IDENTITY_NAME: object = { minLength: 1, maxLength: 128 };

export const VARIABLE_NAME: object = { pattern: '^[^=\\u0000]+$', patternErrorMessage: 'No name of a variable.' };

export const HEADER_NAME: object = {
  pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$",
  patternErrorMessage: 'No name of a header.',
};

export const TOKEN: object = {
  ...textLike(
    '^[!-~]{20,4096}$',
    'A token has 20 to 4096 visible ASCII characters; make one with openssl rand -hex 32.',
  ),
  examples: [`\${TOKEN}`],
};

export const PASSPHRASE: object = {
  ...textLike(PASSPHRASE_HASH.source, 'Not the passphrase itself, but its hash: toolgate people passphrase makes it.'),
  examples: [`\${PASSPHRASE_HASH}`],
};

export const TIMEOUT: object = {
  type: ['string', 'integer'],
  pattern: `^(?:${WINDOWS.filter((name) => name !== 'second').join('|')}|[1-9][0-9]{0,8}[smhd])$|${VARIABLE}`,
  minimum: TIMEOUT_SECONDS.least,
  maximum: TIMEOUT_SECONDS.most,
  patternErrorMessage: 'Write whole seconds, or a text such as "90s", "15m", "6h", "7d".',
  default: '15m',
  examples: ['90s', '15m', '6h', '7d', 600],
};

export const EXPIRY: object = {
  ...textLike(
    ISO_TIME.source,
    'Write a day (2027-01-01, which means 00:00 UTC) or a time with zone (2027-01-01T08:00:00Z).',
  ),
  examples: ['2027-01-01', '2027-01-01T08:00:00Z'],
};

export const URL_TEXT: object = {
  ...textLike('^\\s*[Hh][Tt][Tt][Pp][Ss]?:', 'Write an absolute http or https URL.'),
  examples: ['https://mcp.example.com/mcp'],
};

export const PAGE_URL: object = {
  ...textLike('^\\s*[Hh][Tt][Tt][Pp][Ss]?:[^?#]*$', 'Write an absolute http or https URL without query and fragment.'),
  examples: ['https://gateway.example.com'],
};

export const HOOK_URL: object = {
  ...textLike('^\\s*[Hh][Tt][Tt][Pp][Ss]?:', 'Write an absolute http or https URL.'),
  examples: [`\${CHAT_HOOK}`, 'https://hooks.example.com/toolgate'],
};

export const HOOK_SECRET: object = {
  ...textLike('^[\\s\\S]{20,4096}$', 'A secret has 20 characters or more; make one with openssl rand -hex 32.'),
  examples: [`\${NOTICE_SECRET}`],
};

export const VALUE_KEY: object = {
  ...textLike(
    '^\\s*(?:[0-9A-Fa-f]{64}|[A-Za-z0-9+/_-]{43}=?)\\s*$',
    'A key has 32 bytes in hex or base64; make one with openssl rand -hex 32.',
  ),
  examples: [`\${AUDIT_VALUES_KEY}`],
};

export const HOST: object = {
  ...textLike(
    String.raw`^(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)$`,
    'Write the name of a host without scheme and port.',
  ),
  examples: ['gateway.example.com'],
};

export const ORIGIN: object = {
  ...textLike('^https?://[^/?#]+$', 'Write an origin as browsers do, such as https://console.example.com.'),
  examples: ['https://console.example.com'],
};

export const SIZE_TEXT: object = {
  ...textLike(SIZE.source, 'Write a size such as "500MiB" or "2GiB".'),
  examples: ['500MiB', '2GiB'],
};

/** Words, or a text with a variable in it, which no editor can know. */
export function orVariable(words: object): object {
  return { anyOf: [words, { type: 'string', pattern: VARIABLE }] };
}

function textLike(pattern: string, why: string): object {
  return { type: 'string', pattern: `(?:${pattern})|${VARIABLE}`, patternErrorMessage: why };
}
