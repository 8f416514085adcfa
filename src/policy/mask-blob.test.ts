import { expect, it } from 'vitest';
import { maskBlob } from './mask-blob.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const masked = (blob: string, mimeType: string | null): string => {
  return maskBlob(blob, mimeType, (text) => text.replaceAll('4711', '[redacted]'));
};

it.each(['text/plain', 'application/octet-stream', 'image/png', 'audio/wav', null])(
  'a text that is said to be %s is masked all the same: servers go by the ending of the name',
  (mimeType) => {
    expect(masked(base64('PIN=4711\n'), mimeType)).toBe(base64('PIN=[redacted]\n'));
  },
);

it.each(['utf16le', 'utf8'] as const)(
  'a text that holds NUL as in %s is masked whole where it is said to be text',
  (encoding) => {
    const blob = Buffer.from('PIN\0 4711', encoding).toString('base64');
    expect(masked(blob, 'text/plain; charset=utf-16')).toBe(base64('[redacted]'));
    expect(masked(blob, 'application/json')).toBe(base64('[redacted]'));
  },
);

it('what holds NUL and is not said to be text is masked where it can be read', () => {
  expect(masked(base64('PIN\x004711\0'), 'application/octet-stream')).toBe(base64('PIN\0[redacted]\0'));
});

it('lines of base64 are read as one', () => {
  const lines = base64(`PIN=4711 ${'x'.repeat(100)}`).replace(/.{76}/g, '$&\r\n');
  expect(masked(lines, null)).toBe(base64(`PIN=[redacted] ${'x'.repeat(100)}`));
});

it.each(['image/png', 'application/zip', null])('%s that is no text stays as it is', (mimeType) => {
  const png = Buffer.from([0x89, ...Buffer.from('PNG\r\n\x1a\n\0\0\0\rIHDR 4711')]).toString('base64');
  expect(masked(png, mimeType)).toBe(png);
});

it('a text without anything to mask is the very same base64', () => {
  expect(masked('YWJj\nZA', 'text/plain')).toBe('YWJj\nZA');
});
