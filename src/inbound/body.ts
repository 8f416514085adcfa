import type { IncomingMessage } from 'node:http';

export type Body =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'fault'; readonly status: 400 | 413; readonly reason: string };

/** Reads a body of at most `limit` bytes as strict UTF-8. Rejects only when the peer is gone. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Body> {
  if (Number(request.headers['content-length'] ?? 0) > limit) return tooLarge(limit);
  const chunks: Buffer[] = [];
  let size = 0;
  // Left early, the request must stay alive: its socket still carries the answer.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) return tooLarge(limit);
    chunks.push(chunk);
  }
  try {
    return { kind: 'text', text: UTF8.decode(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks, size)) };
  } catch {
    return { kind: 'fault', status: 400, reason: 'the body is not valid UTF-8' };
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function tooLarge(limit: number): Body {
  return { kind: 'fault', status: 413, reason: `the body is larger than ${limit} bytes` };
}
