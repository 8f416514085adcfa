import { expect, it } from 'vitest';
import { readAuthorization } from './authorization.ts';

const basic = (text: string | Uint8Array): string => `Basic ${Buffer.from(text).toString('base64')}`;

it('reads tokens, and names with passphrases that may hold colons and any letter', () => {
  expect(readAuthorization(undefined)).toEqual({ kind: 'none' });
  expect(readAuthorization('bearer tgp_x')).toEqual({ kind: 'token', token: 'tgp_x' });
  expect(readAuthorization(basic('zoë:a:b ç'))).toEqual({ kind: 'passphrase', name: 'zoë', passphrase: 'a:b ç' });
});

it.each([
  '',
  'Bearer',
  'Bearer a b',
  `Bearer ${'a'.repeat(4097)}`,
  'Digest x',
  'Basic !!!!',
  basic('no colon'),
  basic(':no name'),
  basic(`ann:${'x'.repeat(5000)}`),
  basic(Uint8Array.of(0x61, 0x3a, 0xff)),
])('takes nothing else: %s', (header) => {
  expect(readAuthorization(header).kind).toBe('fault');
});
