import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { readBody } from './body.ts';

function coming(headers: Readonly<Record<string, string>> = {}): PassThrough & IncomingMessage {
  return Object.assign(new PassThrough(), { headers }) as unknown as PassThrough & IncomingMessage;
}

it('does not wait for ever for a body that does not come', async () => {
  const request = coming();
  const body = readBody(request, 100, 20);
  request.write('{');
  expect(await body).toMatchObject({ kind: 'fault', status: 408 });
  request.destroy();
});

it('takes a body in pieces, cut within a letter', async () => {
  const request = coming();
  const body = readBody(request, 100);
  const bytes = Buffer.from('zoë');
  for (const byte of bytes) request.write(Uint8Array.of(byte));
  request.end();
  expect(await body).toEqual({ kind: 'text', text: 'zoë' });
});

it('rejects when the sender is gone before the end', async () => {
  const request = coming();
  const body = readBody(request, 100);
  request.destroy();
  await expect(body).rejects.toThrow('went away');
});
