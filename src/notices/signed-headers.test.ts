import { expect, it } from 'vitest';
import { signedHeaders } from './signed-headers.ts';

const ID = 'msg_p5jXN8AQM9LWM0D4loKWxJek';
const message = { id: ID, at: 1_614_265_330_999, body: '{"test": 2432232314}' };

it('signs as the specification of Standard Webhooks shows it', () => {
  expect(signedHeaders(message, 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')).toEqual({
    'webhook-id': ID,
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});

it('takes a secret without the prefix as it is written', () => {
  const plain = signedHeaders(message, 'ÄÖÜ secret of 20 characters');
  const encoded = `whsec_${Buffer.from('ÄÖÜ secret of 20 characters', 'utf8').toString('base64')}`;
  expect(plain).toEqual(signedHeaders(message, encoded));
  expect(plain).not.toEqual(signedHeaders(message, 'AOU secret of 20 characters'));
});

it('signs the bytes of the body, and another body otherwise', () => {
  const signature = (body: string) =>
    signedHeaders({ ...message, body }, 'a secret of 20 characters')['webhook-signature'];
  expect(signature('{"a":"ü"}')).not.toBe(signature('{"a":"u"}'));
});

it('names a message and its time where there is no secret', () => {
  expect(signedHeaders(message, undefined)).toEqual({ 'webhook-id': ID, 'webhook-timestamp': '1614265330' });
});
