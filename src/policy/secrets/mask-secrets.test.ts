import { describe, expect, it } from 'vitest';
import { cpuMs } from '../../../test/kit/cpu-time.ts';
import { FORMS } from './forms.ts';
import { maskSecrets } from './mask-secrets.ts';

const shown = (text: string): string => maskSecrets(text, { mask: '[redacted]', reader: 'client' });
const GITHUB = `ghp_${'a1B2c3D4e5'.repeat(4)}`;
const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U';
const PEM = `-----BEGIN RSA PRIVATE KEY-----\n${'MIIEowIBAAKCAQEA0Z3VS5JJcds3xfn'.repeat(3)}\n-----END RSA PRIVATE KEY-----`;

describe('secrets in what a client reads', () => {
  it.each([
    [`token ${GITHUB}.`, 'token [redacted].'],
    [`{"log":"first\\n${GITHUB}\\nlast"}`, '{"log":"first\\n[redacted]\\nlast"}'],
    [`jwt=${JWT};`, 'jwt=[redacted];'],
    [`{"log":"x\\n${JWT}"}`, '{"log":"x\\n[redacted]"}'],
    ['AKIAQ7Q7Q7Q7Q7Q7Q7Q7 is the id', '[redacted] is the id'],
    ['see https://hooks.slack.com/services/T0AAAA/B0BBBB/abcdefgh12345678', 'see https://[redacted]'],
    [`key:\n${PEM}\nend`, 'key:\n[redacted]\nend'],
    [JSON.stringify({ pem: PEM }), '{"pem":"[redacted]"}'],
    [`${PEM.slice(0, 90)}`, '[redacted]'],
    [`${PEM} and ${PEM}`, '[redacted] and [redacted]'],
    ['-----BEGIN OPENSSH PRIVATE KEY----- begins a key, they say.', '[redacted] begins a key, they say.'],
    ['Authorization: Bearer abcdefgh12345678', 'Authorization: Bearer [redacted]'],
    ['Authorization: Digest username="bob", response="6629fae4"', 'Authorization: [redacted]'],
    [`curl -H 'Authorization: Basic dXNlcjpwYXNz'`, `curl -H 'Authorization: [redacted]'`],
    ['sent with Bearer abcdefgh12345678 today', 'sent with Bearer [redacted] today'],
    ['Set-Cookie: sid=abc; Path=/', 'Set-Cookie: [redacted]'],
    ['postgres://app:hunter2@db:5432/x', 'postgres://app:[redacted]@db:5432/x'],
    ['https://0123456789abcdef0123456789@host/x', 'https://[redacted]@host/x'],
    ['Server=db;User Id=sa;Password=correcthorse;', 'Server=db;User Id=sa;Password=[redacted];'],
    ['AccountName=a;AccountKey=Zm9vYmFyCg==;EndpointSuffix=x', 'AccountName=a;AccountKey=[redacted];EndpointSuffix=x'],
    ['DB_PASSWORD=correcthorse\nDB_HOST=db', 'DB_PASSWORD=[redacted]\nDB_HOST=db'],
    ['https://h/p?api_key=correcthorse&x=1', 'https://h/p?api_key=[redacted]&x=1'],
    ['password = "correct horse"', 'password = "[redacted]"'],
    ['db:\n  password: hunter2\n  port: 1', 'db:\n  password: [redacted]\n  port: 1'],
    ['{"user":"bob","password":"correct \\"horse"}', '{"user":"bob","password":"[redacted]"}'],
    ['{"inner":"{\\"password\\":\\"horse\\"}"}', '{"inner":"{\\"password\\":\\"[redacted]\\"}"}'],
    ["{'password': 'horse', 'user': 'bob'}", "{'password': '[redacted]', 'user': 'bob'}"],
  ])('%j is shown as %j', (text, masked) => {
    expect(shown(text)).toBe(masked);
    expect(shown(masked)).toBe(masked);
  });

  it.each([
    '3f0c9c2e-8a1b-4a2b-9a1c-2b7d9c0e1f22',
    '9fceb02d0ae598e95dc970b74767f19372d61af8',
    'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    'sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==',
    `data:image/png;base64,${Buffer.from('picture'.repeat(500)).toString('base64')}`,
    'ssh://git@github.com/group/project.git and git@github.com:group/project.git',
    'https://medium.com/@bob/a-post-about-tokens?page_token=CAoQAA',
    'Basic understanding of authentication; Basic JavaScript; a bearer of OAuth2 news',
    '| key | value |\n| token | the unit of text |',
    'Password: must be at least 8 characters long\nToken: a unit of text',
    'function login(password: string, token: Token | undefined): void {',
    'const apiKey = process.env.API_KEY;\nconst token = await getToken(user1);',
    'client = Client(api_key=os.environ["KEY"], password=password, token=None)',
    'if (password == other) return token === undefined;',
    'export API_KEY=$API_KEY\npassword: <your password>\ntoken: {{TOKEN}}\nsecret: ****',
    'Authorization: required for all\nAuthorization: Bearer <TOKEN>',
    'PWD=/home/bob\nOLDPWD=/tmp',
    '{"total_tokens":"12","next_page_token":"abc","token_type":"Bearer","password":"","cookie":null}',
    '.sk-fading-circle-wrapper-with-dots { color: red }',
    'ghp_short AKIA eyJ eyJhbGciOiJIUzI1NiJ9 xoxb-1 sk-learn',
    'lodash.get-4.4.2/node_modules/some-long-package-name-with-many-words/index.js',
  ])('%j is shown as it is', (text) => {
    expect(shown(text)).toBe(text);
  });
});

describe('the table', () => {
  it('names for each form who says so, and holds nothing that a text of ordinary words could be', () => {
    for (const { of, starts, rest, source } of FORMS) {
      expect([of, source.length > 3]).toEqual([of, true]);
      const least = [...rest.matchAll(/\{(\d+)/g)].reduce((sum, [, count]) => sum + Number(count), 0);
      for (const start of starts) expect([start, start.length + least >= 20]).toEqual([start, true]);
    }
    const starts = FORMS.flatMap((form) => form.starts);
    expect(new Set(starts).size).toBe(starts.length);
  });

  const parts = FORMS.flatMap(({ starts }) => starts).flatMap((start) => [start, `-${start}`, `${start}abcdefghij.`]);
  it(`takes 1 MB of any beginning in time that grows with the length alone`, () => {
    const slow = parts.filter((part) => {
      const text = part.repeat(Math.ceil(1_000_000 / part.length));
      return cpuMs(() => maskSecrets(text, { mask: '', reader: 'client' })) > 3_000;
    });
    expect(slow).toEqual([]);
  }, 300_000);

  it.each([
    '-----BEGIN PRIVATE KEY-----',
    '-----BEGIN PRIVATE KEY-----\n',
    '-----END PRIVATE KEY-----',
    '\\"a\\":\\"',
    "'a': '",
    'token = ',
    'token: a1 ',
  ])(
    'takes 1 MB of %j in such time, too',
    (part) => {
      const text = part.repeat(Math.ceil(1_000_000 / part.length));
      const texts = [text, `-----BEGIN PRIVATE KEY-----${text}`, `${text}"`];
      expect(cpuMs(() => texts.map(shown))).toBeLessThan(10_000);
    },
    60_000,
  );
});
