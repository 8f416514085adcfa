import type { IncomingMessage } from 'node:http';
import type { BodyRoom } from './reading.ts';

export type Body =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'fault'; readonly status: 400 | 413 | 429; readonly reason: string };

/** Reads a body of at most `limit` bytes as strict UTF-8, as far as there is room. Rejects only when the peer is gone. */
export function readBody(request: IncomingMessage, limit: number, room: BodyRoom): Promise<Body> {
  if (Number(request.headers['content-length'] ?? 0) > limit) return Promise.resolve(tooLarge(limit));
  const read = new Promise<Body>((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const take = (chunk: Buffer): void => {
      size += chunk.length;
      const isRoomLeft = room.take(chunk.length);
      if (size <= limit && isRoomLeft) {
        chunks.push(chunk);
        return;
      }
      // The request lives on: its socket still carries the answer.
      request.off('data', take);
      request.off('close', left);
      resolve(size > limit ? tooLarge(limit) : NO_ROOM);
    };
    const left = (): void => reject(new Error('the client went away before its message was whole'));
    request.on('data', take);
    request.once('close', left);
    request.once('error', reject);
    request.once('end', () => {
      request.off('close', left);
      resolve(decode(chunks, size));
    });
  });
  return read.finally(() => room.free());
}

const NO_ROOM: Body = {
  kind: 'fault',
  status: 429,
  reason: 'other messages of this grant are still coming in and leave no room; send this one later',
};

function decode(chunks: readonly Buffer[], size: number): Body {
  try {
    return { kind: 'text', text: UTF8.decode(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks, size)) };
  } catch {
    return { kind: 'fault', status: 400, reason: 'the body is not valid UTF-8' };
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function tooLarge(limit: number): Body {
  return {
    kind: 'fault',
    status: 413,
    reason: `the body is larger than ${limit} bytes ("limits.message" in the configuration)`,
  };
}
