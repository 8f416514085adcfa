import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Line, splitLines } from './lines.ts';

async function linesOf(chunks: readonly Uint8Array[], limit = 1000): Promise<readonly Line[]> {
  const lines: Line[] = [];
  for await (const line of splitLines(Readable.from(chunks.map((chunk) => Buffer.from(chunk))), limit))
    lines.push(line);
  return lines;
}

/** The bytes in pieces that end where they like, in the middle of a character too. */
function pieces(bytes: Buffer, cuts: readonly number[]): readonly Buffer[] {
  const ends = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return ends.map((end, n) => bytes.subarray(ends[n - 1] ?? 0, end)).filter((piece) => piece.length > 0);
}

describe('lines of a client', () => {
  it('are the same however the bytes come', async () => {
    const text = fc.string({ unit: 'binary' }).map((one) => one.toWellFormed().replaceAll('\n', ' '));
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1 }), fc.array(fc.nat()), async (texts, cuts) => {
        const bytes = Buffer.from(`${texts.join('\n')}\n`);
        const lines = await linesOf(pieces(bytes, cuts), 10_000);
        expect(lines).toEqual(texts.map((one) => ({ kind: 'line', text: one })));
      }),
      { numRuns: 300 },
    );
  });

  it('end at a line feed alone, and the last one may lack it', async () => {
    const lines = await linesOf([Buffer.from('a\rb\u2028c\r\nd')]);
    expect(lines).toEqual([
      { kind: 'line', text: 'a\rb\u2028c\r' },
      { kind: 'line', text: 'd' },
    ]);
  });

  it('that are too long or no UTF-8 are faults, and the next one is read', async () => {
    const lines = await linesOf([
      Buffer.from('x'.repeat(600)),
      Buffer.from(`${'x'.repeat(600)}\nfine\n`),
      Buffer.from([0xff, 0xfe, 10]),
      Buffer.from('fine too\n'),
      Buffer.from('y'.repeat(1001)),
    ]);
    expect(lines.map((line) => (line.kind === 'line' ? line.text : line.reason))).toEqual([
      'a line is longer than 1000 bytes',
      'fine',
      'a line is not valid UTF-8',
      'fine too',
      'a line is longer than 1000 bytes',
    ]);
  });

  it('of exactly the limit pass; a byte order mark is kept, to be refused by the reader', async () => {
    expect(await linesOf([Buffer.from(`${'z'.repeat(1000)}\n`)])).toEqual([{ kind: 'line', text: 'z'.repeat(1000) }]);
    expect(await linesOf([Buffer.from('\ufeff{}\n')])).toEqual([{ kind: 'line', text: '\ufeff{}' }]);
  });
});
