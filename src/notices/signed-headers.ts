import { createHmac } from 'node:crypto';

const PREFIX = 'whsec_';

/** The headers by which a receiver knows a message: Standard Webhooks 1.0.0. `at`: of this attempt, ms since the epoch. */
export function signedHeaders(
  message: { readonly id: string; readonly at: number; readonly body: string },
  secret: string | undefined,
): Readonly<Record<string, string>> {
  const { id, at, body } = message;
  const timestamp = String(Math.floor(at / 1000));
  const named = { 'webhook-id': id, 'webhook-timestamp': timestamp };
  if (secret === undefined) return named;
  const signature = createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.${body}`, 'utf8').digest('base64');
  return { ...named, 'webhook-signature': `v1,${signature}` };
}

function keyOf(secret: string): Buffer {
  return secret.startsWith(PREFIX) ? Buffer.from(secret.slice(PREFIX.length), 'base64') : Buffer.from(secret, 'utf8');
}
