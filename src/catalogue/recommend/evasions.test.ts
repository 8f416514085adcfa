import { describe, expect, test } from 'vitest';
import { saidTo } from '../../../test/kit/said-to.ts';
import { sqlParsersFor } from '../../settings/sql-parsers.ts';
import type { Json, JsonObject } from '../../wire/json.ts';
import { readJson, STRICT } from '../../wire/read-json.ts';
import type { SignalKind } from '../classification.ts';
import type { Wishes } from '../recommend.ts';
import { recommendPolicy } from '../recommend-policy.ts';

const parsers = await sqlParsersFor('sql_only');
const TEXT = { type: 'string' };

/** What the recommended rule for the one argument of a tool says to values of it. */
function said(
  [parameter, schema, kind]: readonly [string, object, SignalKind],
  wishes: Partial<Wishes> = {},
): (value: Json) => string {
  const tool = bare({ name: 'act', inputSchema: { type: 'object', properties: { [parameter]: schema } } });
  const classification = {
    class: 'execute',
    severity: 'medium',
    reason: 'It is so.',
    evidence: [],
    signals: [{ kind, parameter }],
    by: 'classifier',
    version: '1',
  } as const;
  const made = recommendPolicy(
    { name: 'shop', known: undefined },
    [{ tool, classification, known: undefined }],
    { destructive: 'hide', roots: [], hosts: [], ...wishes },
    parsers,
  );
  const say = saidTo(made, parsers);
  return (value) => say('act', { [parameter]: value }).split(' ')[0] ?? '';
}

function bare(value: object): JsonObject {
  const read = readJson(JSON.stringify(value), STRICT);
  if (read.kind !== 'value') throw new Error('no JSON');
  return read.value as JsonObject;
}

describe('whoever spells it otherwise', () => {
  const host = said(['host', TEXT, 'url']);
  test.each([
    ...['LOCALHOST', 'localhost.', 'localhost:80', 'a.localhost', 'Metadata.Google.Internal.', 'intranet', 'db.local'],
    ...['127.0.0.1:80', '127.0.0.1/24', ' 127.0.0.1', '127.0.0.1\n', '127.1', '0x7f.1', '①27.0.0.1', '[::1]:80'],
    ...['http://localhost', 'user@10.0.0.1', 'fe80::1%eth0', 'example.com localhost', '224.0.0.1', '-oProxy=x.y', ''],
  ])('reaches no private network as the host %j', (value) => {
    expect(host(value)).toBe('deny');
  });

  test.each(['example.com', 'EXAMPLE.com.', 'example.com:443', '3.de', '203.0.113.7', '2001:db8::1'])(
    'though any other host may be named: %s',
    (value) => {
      expect(host(value)).toBe('allow');
    },
  );

  test('reaches no other host where only those below one are listed', () => {
    const listed = said(['host', TEXT, 'url'], { hosts: ['*.example.com'] });
    expect(['a.example.com', 'a.b.example.com'].map(listed)).toEqual(['allow', 'allow']);
    for (const value of ['elsewhere.org', 'a.example.com.evil.org', 'x/.example.com', 'evilexample.com', '8.8.8.8'])
      expect([value, listed(value)]).toEqual([value, 'deny']);
  });

  const url = said(['url', TEXT, 'url']);
  test.each([
    'http://198.18.0.1/',
    'http://192.0.0.192/',
    'http://224.0.0.1/',
    'http://255.255.255.255/',
    'http://router.lan/',
    'http://nas.home.arpa/',
    'http://kubernetes.default/',
    'https://kubernetes.default.svc:443/api',
  ])('reaches no private network by %s', (value) => {
    expect(url(value)).toBe('deny');
  });

  const uri = said(['uri', TEXT, 'url']);
  test.each([
    ...['http://169.254.169.254/', 'http:169.254.169.254/', 'http:localhost', '//169.254.169.254/x', '/\\localhost/x'],
    ...['\\\\10.0.0.1\\x', 'ht\ntp://localhost', 'http:\t//localhost/', ' http://localhost', 'file:etc/passwd'],
  ])('nor where %j is no URL at first sight', (value) => {
    expect(uri(value)).toBe('deny');
  });

  test.each(['main', 'feature/x', 'https://example.com/a', 'ghcr.io/o/i:1.0', 'docs://guide'])(
    'though it may be something else: %s',
    (value) => {
      expect(uri(value)).toBe('allow');
    },
  );

  const path = said(['path', TEXT, 'path'], { folder: '/srv/work' });
  test.each([
    '$HOME/.ssh/id',
    'file:/etc/passwd',
    'file:etc/passwd',
    '{x,..}/key',
    'a/{..,x}/b',
    '.*/key',
    '-rf',
    'C:x',
  ])('leaves the folder by no %s', (value) => {
    expect(path(value)).toBe('deny');
  });

  test.each(['a.txt', './.github/x.yml', 'src/[slug]/-parts/$id.ts', 'a/b:c', '/srv/work/a'])(
    'though ordinary paths may be named: %s',
    (value) => {
      expect(path(value)).toBe('allow');
    },
  );

  test('widens nothing by naming nothing', () => {
    const ids = said(['ids', { type: 'array', items: TEXT }, 'widens-when-absent']);
    expect([ids(['a']), ids([])]).toEqual(['allow', 'deny']);
    const id = said(['folder', TEXT, 'widens-when-absent']);
    expect([id('a'), id('')]).toEqual(['allow', 'deny']);
  });
});
