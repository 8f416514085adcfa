import fc from 'fast-check';
import { expect, it } from 'vitest';
import { base64OfText, textOfBase64 } from './base64-text.ts';

it('agrees with the platform on every text', () => {
  const run = fc.property(fc.string({ unit: 'binary' }), (text) => {
    const base64 = Buffer.from(text).toString('base64');
    expect(base64OfText(text)).toBe(base64);
    expect(textOfBase64(base64)).toBe(text);
    expect(textOfBase64(Buffer.from(text).toString('base64url'))).toBe(text);
  });
  fc.assert(run, { numRuns: 500 });
});

it('agrees with the platform on which bytes are text', () => {
  const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const run = fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
    let text: string | undefined;
    try {
      text = strict.decode(bytes);
    } catch {}
    expect(textOfBase64(Buffer.from(bytes).toString('base64'))).toBe(text);
  });
  fc.assert(run, { numRuns: 5_000 });
});

it.each(['a', '====', 'ab!d', 'YWJj\n', 'YWJj====='])('%j is no base64', (text) => {
  expect(textOfBase64(text)).toBeUndefined();
});
