import { expect, test } from 'vitest';
import { isUnsafeUri } from './unsafe-uri.ts';

test.each([
  'file:///a/../b',
  'file:///a/./b',
  'file:..',
  'https://host/a/..;/b',
  'https://host/a/..;x=1/b',
  'https://host/a/..%3b/b',
  'https://host/a/.;',
  'file:///a%2fb',
  'file:///a%5Cb',
  'file:///%2e%2e/b',
  'file:///%252e%252e/b',
  'file:///%25252Fb',
  'file:///a\\b',
  'file:///a\u0000b',
  'file:///a%00b',
  'file:///a%0ab',
  'file:///a\u0085b',
  `file:///${'x'.repeat(1_100)}`,
  'file:///srv/%73ecret/key',
  'file:///srv/%2573ecret/key',
  'file:///srv//secret/key',
  'FILE:///srv/key',
  'file:/srv/key',
  'file:srv/key',
  'file://localhost/srv/key',
  ' file:///srv/key',
  'file:///srv/%c0%ae%c0%ae/key',
  'file:///srv/%u002e%u002e/key',
  'file:///srv/．．/key',
  'https://EXAMPLE.com/a',
  'https://example.com:443/a',
  'file:///srv/\ud800',
  `file:///a%${'25'.repeat(500)}`,
])('%j may be read as another resource', (uri) => {
  expect(isUnsafeUri(uri)).toBe(true);
});

test.each([
  'file:///a/b.txt',
  'file:///a/.hidden',
  'file:///a..b/c...d',
  'https://host/a?q=1#x',
  'urn:isbn:0451450523',
  'file:///srv/%20x',
  'flows://{id}/body',
  'file:///ä/ß',
  'file:///%C3%A4/a%20b/100%25',
  'https://example.com',
  'https://example.com/a?u=http://other.example/b',
  'file:///C:/data/x',
  'demo://resource/static/document/features.md',
  'flows://{id}/{+path}',
  'mailto:bob@example.com',
])('%j has one reading', (uri) => {
  expect(isUnsafeUri(uri)).toBe(false);
});
