import { describe, expect, it } from 'vitest';
import { cpuMs } from '../../test/kit/cpu-time.ts';
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
    'pwd',
    'PWD',
    'password2',
    'db_password_old',
    'user_passwords',
    'pass',
    'dbPass',
    'dbpass2',
    'pass_old',
    'smtp.pw',
    'ssh_key',
    'sshKeys',
    'signing-key',
    'basicAuth',
    'otp_code',
    'pinCode',
  ])('masks the value of %s, at any depth and of any kind', (key) => {
    expect(shown({ [key]: 'hunter2' })).not.toContain('hunter2');
    expect(shown({ deep: [{ [key]: { inner: ['hunter2', 4711] } }] })).not.toMatch(/hunter2|4711/);
  });

  it.each([
    ...['path', 'text', 'passage', 'compassion', 'pinned', 'author', 'compass', 'bypass', 'passenger', 'monkey'],
    ...[
      'keyboard',
      'api_keyboard',
      'key',
      'primary_key',
      'public_key',
      'authority',
      'pinboard',
      'possess_id',
      'design',
    ],
  ])('keeps the value of %s', (key) => {
    expect(shown({ [key]: 'harmless' })).toContain('harmless');
  });

  it('masks the value of a pair whose name is that of a secret', () => {
    expect(shown({ headers: [{ name: 'X-Api-Key', value: 'hunter2' }] })).not.toContain('hunter2');
    expect(shown({ argument: { name: 'password', value: 'hunter2' } })).toContain('"name":"password"');
    expect(shown({ argument: { name: 'colour', value: 'green' } })).toContain('green');
  });

  it.each([
    ['a header in a text', 'curl -H "Authorization: Bearer abcdef123456" https://x'],
    ['JSON within a text', '{"Authorization":"Bearer abcdef123456","x":1}'],
    ['a password in JSON within a text', '{"user":"bob","password":"abcdef123456"}'],
    ['basic credentials', 'Basic abcdef123456=='],
  ])('masks %s', (_what, text) => {
    expect(shown({ headers_json: text })).not.toContain('abcdef123456');
  });

  it.each([
    ['https://h/p?api_key=zz9&x=1', 'https://h/p?api_key=••••&x=1'],
    ['https://h/p?x=1&access_token=a%2Fb==#top', 'https://h/p?x=1&access_token=••••#top'],
    ['https://maps/api?key=AIza9', 'https://maps/api?key=••••'],
    ['see url=https://h/?x=1&sig=zz9 there', 'see url=https://h/?x=1&sig=•••• there'],
    ['user=bob&password=a=b&n=1', 'user=bob&password=••••&n=1'],
    ['PGPASSWORD="zz 9" psql', 'PGPASSWORD=•••• psql'],
    ['pwd=a', 'pwd=••••'],
    ['user[password]=zz9', 'user[password]=••••'],
    ['https://user:pw@host/x', 'https://••••@host/x'],
    ['git clone https://zz9@host/x && cd x', 'git clone https://••••@host/x && cd x'],
    ['postgres://u:p@ss@db:5432/x', 'postgres://••••@db:5432/x'],
    ['GET / HTTP/1.1\r\nX-Api-Key: abc\r\nAccept: */*', 'GET / HTTP/1.1\r\nX-Api-Key: ••••\r\nAccept: */*'],
    ['Host: h\nCookie: a=b; c="d"\n\nbody', 'Host: h\nCookie: ••••\n\nbody'],
    ['Set-Cookie:a=b', 'Set-Cookie:••••'],
    ['> Authorization: Digest zz9', '> Authorization: ••••'],
    ['db:\n  - password: zz9\n    port: 1', 'db:\n  - password: ••••\n    port: 1'],
    [`curl -H 'X-Api-Key: zz9' -H "Cookie: a=b" h`, `curl -H 'X-Api-Key: ••••' -H "Cookie: ••••" h`],
  ])('%j is kept as %j', (text, kept) => {
    expect(redactArguments({ text }, 'redacted')).toEqual({ text: kept });
  });

  it.each([
    'https://host/a?x=1&page=2#top',
    'mail bob@example.com: the key=value pairs, at 10:30',
    'Subject: hello\nAuthor: bob\n\nCompass: north\nhttps://host/~bob@home',
    'git@host:group/project.git',
    'for (let i=0; i<n; i++) keyboard=1',
  ])('keeps %j as it is', (text) => {
    expect(redactArguments({ text }, 'redacted')).toEqual({ text });
  });

  it('keeps only keys and kinds when told so', () => {
    const args = { to: 'bob', n: 1, list: [], none: null, flag: true, inner: { password: 'hunter2' } };
    expect(JSON.parse(JSON.stringify(redactArguments(args, 'keys')))).toEqual({
      to: 'string',
      n: 'number',
      list: 'array',
      none: 'null',
      flag: 'boolean',
      inner: 'object',
    });
  });

  const MB = 1_000_000;
  it.each([
    ['quotes', '"'],
    ['backslashes', '\\'],
    ['escaped quotes', '\\"'],
    ['keys in quotes', '"a":"'],
    ['keys in quotes, far from their colon', '"a"        '],
    ['keys in quotes with escapes', '"\\"":"\\\\'],
    ['bearers', 'Bearer '],
    ['bearers without a token', 'Bearer\t-\n'],
    ['spaces', ' '],
    ['line ends', '\n'],
    ['indented lines', '\n \t'],
    ['dashes', '-'],
    ['letters', 'a'],
    ['brackets', '['],
    ['equal signs', '='],
    ['pairs', 'a='],
    ['secret pairs', 'pw='],
    ['secret pairs in quotes', 'pw="'],
    ['colons', ':'],
    ['headers', 'a: '],
    ['secret headers', '\nCookie: '],
    ['headers in quotes', `"a:'`],
    ['spaces after a header', "'a \t"],
    ['schemes', '://'],
    ['userinfo', '://a@'],
    ['at signs', '@'],
    ['words in capitals', 'aA'],
    ['words', 'pass_'],
  ])(
    'takes 1 MB of %s in time that grows with the length alone',
    (_what, part) => {
      const many = part.repeat(Math.ceil(MB / part.length));
      const taken = cpuMs(() => {
        for (const text of [many, `Bearer ${many}`, `"a":"${many}`, `"a"${many}`, `https://${many}`, `pw='${many}`]) {
          expect(redactArguments({ text, [text]: 1 }, 'redacted')).toBeTypeOf('object');
        }
      });
      expect(taken).toBeLessThan(20_000);
    },
    120_000,
  );
});
