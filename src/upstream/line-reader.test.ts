import fc from 'fast-check';
import { expect, it } from 'vitest';
import { lineReader } from './line-reader.ts';

function read(chunks: readonly Buffer[], maxBytes: number, after: 'stop' | 'skip' = 'skip') {
  const lines: string[] = [];
  const cut: string[] = [];
  const reader = lineReader(maxBytes, {
    line: (bytes) => lines.push(bytes.toString('latin1')),
    tooLong: (start) => {
      cut.push(start.toString('latin1', 0, maxBytes));
      return after;
    },
  });
  for (const chunk of chunks) reader.push(chunk);
  return { lines, cut, rest: reader.rest().toString('latin1') };
}

it('gives the same lines whatever the chunks', () => {
  const text = fc
    .array(fc.constantFrom('a', 'bc', '\n', '\r', '\u0085'), { maxLength: 60 })
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 9 }), (whole, sizes) => {
      const bytes = Buffer.from(whole, 'latin1');
      const chunks: Buffer[] = [];
      for (let at = 0, turn = 0; at < bytes.length; turn++) {
        const size = sizes[turn % sizes.length] ?? 1;
        chunks.push(bytes.subarray(at, at + size));
        at += size;
      }
      const parts = whole.split('\n');
      expect(read(chunks, 1000)).toEqual({ lines: parts.slice(0, -1), cut: [], rest: parts.at(-1) });
    }),
  );
});

it('goes on with the next line after one that is too long, where it may', () => {
  const chunks = ['ab\n123', '45', '678\ncd\n', 'ef'].map((text) => Buffer.from(text));
  expect(read(chunks, 4)).toEqual({ lines: ['ab', 'cd'], cut: ['1234'], rest: 'ef' });
});

it('reads nothing more after one that is too long, where it may not', () => {
  const chunks = ['ab\n12345\ncd\n', 'ef\n'].map((text) => Buffer.from(text));
  expect(read(chunks, 4, 'stop')).toEqual({ lines: ['ab'], cut: ['1234'], rest: '' });
});
