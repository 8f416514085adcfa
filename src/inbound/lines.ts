import type { Readable } from 'node:stream';

export type Line =
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'fault'; readonly reason: string };

/** Splits a byte stream at line feeds only. A line over the limit, or that is no UTF-8, is a fault; the next line is read again. */
export async function* splitLines(input: Readable, maxBytes: number): AsyncGenerator<Line> {
  let parts: Buffer[] = [];
  let size = 0;
  let isOverflowing = false;
  for await (const chunk of input as AsyncIterable<Buffer>) {
    let from = 0;
    for (;;) {
      const end = chunk.indexOf(10, from);
      const piece = chunk.subarray(from, end < 0 ? chunk.length : end);
      size += piece.length;
      if (size > maxBytes) {
        isOverflowing = true;
        parts = [];
      } else if (!isOverflowing) parts.push(piece);
      if (end < 0) break;
      yield isOverflowing ? { kind: 'fault', reason: `a line is longer than ${maxBytes} bytes` } : decode(parts, size);
      parts = [];
      size = 0;
      isOverflowing = false;
      from = end + 1;
    }
  }
  if (isOverflowing) yield { kind: 'fault', reason: `a line is longer than ${maxBytes} bytes` };
  else if (size > 0) yield decode(parts, size);
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decode(parts: readonly Buffer[], size: number): Line {
  try {
    return { kind: 'line', text: UTF8.decode(parts.length === 1 ? parts[0] : Buffer.concat(parts, size)) };
  } catch {
    return { kind: 'fault', reason: 'a line is not valid UTF-8' };
  }
}
