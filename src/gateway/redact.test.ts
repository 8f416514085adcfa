import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../wire/json.ts';
import { redactArguments } from './redact.ts';

const shown = (args: JsonObject): string => JSON.stringify(redactArguments(args, 'redacted'));

describe('arguments as the log keeps them', () => {
  it.each([
    'password',
    'user_password',
    'Passphrase',
    'client_secret',
    'secretKey',
    'api_key',
    'apiKey',
    'API-KEY',
    'accessToken',
    'refresh_token',
    'Authorization',
    'Cookie',
    'set-cookie',
    'private_key',
    'aws_secret_access_key',
    'credentials',
    'otp',
    'session_id',
  ])('masks the value of %s, at any depth and of any kind', (key) => {
    expect(shown({ [key]: 'hunter2' })).not.toContain('hunter2');
    expect(shown({ deep: [{ [key]: { inner: ['hunter2', 4711] } }] })).not.toMatch(/hunter2|4711/);
  });

  it.each(['path', 'text', 'passage', 'compassion', 'pinned', 'author'])('keeps the value of %s', (key) => {
    expect(shown({ [key]: 'harmless' })).toContain('harmless');
  });

  it.each([
    ['a header in a text', 'curl -H "Authorization: Bearer abcdef123456" https://x'],
    ['JSON within a text', '{"Authorization":"Bearer abcdef123456","x":1}'],
    ['a password in JSON within a text', '{"user":"bob","password":"abcdef123456"}'],
    ['basic credentials', 'Basic abcdef123456=='],
  ])('masks %s', (_what, text) => {
    expect(shown({ headers_json: text })).not.toContain('abcdef123456');
  });

  it('keeps only keys and kinds, or everything, when told so', () => {
    const args = { to: 'bob', n: 1, list: [], none: null, flag: true, inner: { password: 'hunter2' } };
    expect(JSON.parse(JSON.stringify(redactArguments(args, 'keys')))).toEqual({
      to: 'string',
      n: 'number',
      list: 'array',
      none: 'null',
      flag: 'boolean',
      inner: 'object',
    });
    expect(redactArguments(args, 'full')).toEqual(args);
  });

  it('takes hostile texts in time that grows with their length alone', () => {
    const hostile = '"'.repeat(60_000) + '\\'.repeat(60_000);
    const began = performance.now();
    redactArguments({ text: hostile, more: '"a":"'.repeat(20_000), key: 'Bearer '.repeat(10_000) }, 'redacted');
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});
