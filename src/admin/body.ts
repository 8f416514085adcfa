import type { IncomingMessage } from 'node:http';

export type Body =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'fault'; readonly status: 400 | 408 | 413; readonly reason: string };

const PATIENCE_MS = 15_000;

/** Reads a body of at most `limit` bytes as strict UTF-8, for a while. Rejects only when the peer is gone. */
export function readBody(request: IncomingMessage, limit: number, patienceMs: number = PATIENCE_MS): Promise<Body> {
  if (Number(request.headers['content-length'] ?? 0) > limit) return Promise.resolve(tooLarge(limit));
  return new Promise<Body>((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const settle = (body: Body): void => {
      clearTimeout(timer);
      request.off('data', take);
      request.off('close', left);
      resolve(body);
    };
    const take = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > limit) settle(tooLarge(limit));
      else chunks.push(chunk);
    };
    const left = (): void => {
      clearTimeout(timer);
      reject(new Error('the client went away before its message was whole'));
    };
    const timer = setTimeout(() => settle(TOO_SLOW), patienceMs);
    request.on('data', take);
    request.once('close', left);
    request.once('error', reject);
    request.once('end', () => settle(decode(chunks)));
  });
}

const TOO_SLOW: Body = { kind: 'fault', status: 408, reason: 'the body did not come in time' };

function decode(chunks: readonly Buffer[]): Body {
  try {
    return { kind: 'text', text: UTF8.decode(Buffer.concat(chunks)) };
  } catch {
    return { kind: 'fault', status: 400, reason: 'the body is not valid UTF-8' };
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function tooLarge(limit: number): Body {
  return { kind: 'fault', status: 413, reason: `the body is larger than ${limit} bytes` };
}
