import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import type { Json } from '../wire/json.ts';
import { readExports } from './read-exports.ts';
import type { Reading } from './reading.ts';
import type { ExportSettings } from './settings.ts';

const SECRET = 'hunter2-hunter2-hunter2';

function read(value: Json): {
  readonly exports: ReadonlyMap<string, ExportSettings>;
  readonly found: Reading['found'];
} {
  const reading: Reading = { env: { TOKEN: SECRET, WORD: 'file' }, found: [] };
  return { exports: readExports(reading, { value, pointer: '/audit/export' }, '/etc/toolgate'), found: reading.found };
}

test('a collector, an address and a file, with what they do not say themselves', () => {
  const { exports, found } = read({
    otel: { to: 'otlp', url: 'https://collector:4318/v1/logs', headers: { Authorization: `Bearer \${TOKEN}` } },
    siem: { to: 'http', url: `https://siem.example.com/in?key=\${TOKEN}`, from: 'now' },
    disk: { to: `\${WORD}`, file: 'logs/audit.jsonl' },
  });
  expect(found).toEqual([]);
  expect(exports.get('disk')).toEqual({
    name: 'disk',
    from: 'start',
    to: 'file',
    file: '/etc/toolgate/logs/audit.jsonl',
  });
  expect(exports.get('otel')).toMatchObject({ from: 'start', to: 'otlp', service: 'toolgate' });
  expect(exports.get('siem')).toMatchObject({ from: 'now', to: 'http', headers: new Map() });
  const otel = exports.get('otel');
  expect(otel?.to === 'otlp' && otel.headers.get('Authorization')?.reveal()).toBe(`Bearer ${SECRET}`);
  expect(inspect(exports, { depth: 9 })).not.toContain(SECRET);
  expect(JSON.stringify([...exports])).not.toContain(SECRET);
});

test.each<[string, Json, string]>([
  ['no target', {}, '/audit/export/a "to" is missing: otlp, http, file'],
  [
    'an unknown target',
    { to: 'htp' },
    '/audit/export/a/to must be one of otlp, http, file, not "htp" — did you mean "http"?',
  ],
  [
    'an unknown key',
    { to: 'file', file: 'x', fil: 'x' },
    '/audit/export/a/fil unknown key "fil" — did you mean "file"?',
  ],
  ['no address', { to: 'otlp' }, '/audit/export/a "url" is missing: where are records sent?'],
  [
    'another scheme',
    { to: 'http', url: `ftp://\${TOKEN}` },
    '/audit/export/a/url must be an absolute http or https URL',
  ],
  [
    'a password in the address',
    { to: 'http', url: `https://me:\${TOKEN}@x` },
    '/audit/export/a/url must not hold a user name or password; put them into "headers"',
  ],
  [
    'a header of the transport',
    { to: 'http', url: 'https://x', headers: { 'Content-Type': `\${TOKEN}` } },
    '/audit/export/a/headers/Content-Type "Content-Type" is a header that the gateway sets itself; leave it out',
  ],
  ['no file', { to: 'file' }, '/audit/export/a "file" is missing: to which file are records appended?'],
  ['a file without a name', { to: 'file', file: '' }, '/audit/export/a/file must name a file'],
  [
    'a file and an address',
    { to: 'file', file: 'x', url: 'https://x' },
    '/audit/export/a/url does not go with "to": "file"; leave it out',
  ],
  [
    'a service without OTLP',
    { to: 'http', url: 'https://x', service: 'x' },
    '/audit/export/a/service does not go with "to": "http"; leave it out',
  ],
  [
    'a variable that is not there',
    { to: 'http', url: `\${NOPE}` },
    '/audit/export/a/url the environment variable NOPE is not set',
  ],
  [
    'another start',
    { to: 'file', file: 'x', from: 'yesterday' },
    '/audit/export/a/from must be one of start, now, not "yesterday"',
  ],
])('%s is told with its place, and no secret', (_what, value, problem) => {
  const { found } = read({ a: value });
  expect(found.map(({ pointer, message }) => `${pointer} ${message}`)).toEqual([problem]);
  expect(problem).not.toContain(SECRET);
});
