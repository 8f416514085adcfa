import { describe, expect, test } from 'vitest';
import { fourWays, problemsOf } from '../../../test/kit/four-ways.ts';

type Row = readonly [text: string, expected: 'true' | 'false' | 'unknown'];

function judgedBy(op: string, value: readonly string[], rows: readonly Row[]): void {
  test.each(rows)('%j', (text, expected) => {
    expect(fourWays({ op, value }, text)).toBe(expected);
  });
}

describe('url_host_in ["internal.example", "*.corp.example"]', () => {
  judgedBy(
    'url_host_in',
    ['internal.example', '*.corp.example'],
    [
      ['https://internal.example/', 'true'],
      ['https://internal.example', 'true'],
      ['https://internal.example?q=1', 'true'],
      ['https://internal.example#top', 'true'],
      ['HTTP://INTERNAL.example.:443/', 'true'],
      ['wss://internal.example/socket', 'true'],
      ['postgres://internal.example:5432/db', 'true'],
      ['POSTGRES://Internal.Example/db', 'true'],
      ['file://internal.example/share', 'true'],
      ['postgres://internal.example/db?sslmode=require&application_name=my%20host', 'true'],
      ['https://internal.example/?host=evil.example', 'true'],
      ['wss://internal.example/?server=evil.example#addr=evil.example', 'true'],
      // Drivers connect to where the query says.
      ['postgresql://internal.example/db?host=evil.example', 'unknown'],
      ['postgresql://internal.example/db?sslmode=require&HostAddr=192.0.2.7', 'unknown'],
      ['postgresql://internal.example/db?h%6fst=evil.example', 'unknown'],
      ['postgresql://internal.example?service=evil', 'unknown'],
      ['postgresql://internal.example#host=evil.example', 'unknown'],
      ['sqlserver://internal.example/db;serverName=evil.example', 'unknown'],
      ['amqp://internal.example/?endpoint', 'unknown'],
      ['mysql://internal.example/db?unix_socket=/run/mysqld.sock', 'unknown'],
      ['postgresql://evil.example/db?host=internal.example', 'unknown'],
      ['https://a.corp.example/', 'true'],
      ['https://a.b.c.corp.example/', 'true'],
      ['https://evil.example/@internal.example', 'false'],
      ['https://corp.example/', 'false'],
      ['https://evilcorp.example/', 'false'],
      ['https://internal.example.evil.example/', 'false'],
      ['https://evil.example/?u=https://internal.example/', 'false'],
      ['https://evil.example#https://internal.example/', 'false'],
      ['https://my_host.example/', 'false'],
      ['https://192.0.2.7/', 'false'],
      ['https://[2001:db8::1]:8443/', 'false'],
      // Users before the host.
      ['http://internal.example@evil.example/', 'unknown'],
      ['http://user:secret@internal.example/', 'unknown'],
      ['http://evil.example?@internal.example/', 'unknown'],
      ['http://evil.example#@internal.example/', 'unknown'],
      ['http://internal.example%2f@evil.example/', 'unknown'],
      // Back-slashes, blanks and control characters.
      ['http://evil.example\\@internal.example/', 'unknown'],
      ['http:\\\\internal.example\\', 'unknown'],
      ['https://evil.example/a\\b', 'unknown'],
      [' https://internal.example/', 'unknown'],
      ['https://internal.example/ ', 'unknown'],
      ['https://evil.example/ https://internal.example/', 'unknown'],
      ['ht\ttps://internal.example/', 'unknown'],
      ['https://inter\nnal.example/', 'unknown'],
      ['https://internal.example\u0000.evil.example/', 'unknown'],
      ['https://internal.example\u200b/', 'unknown'],
      ['https://internal.example\u00ad/', 'unknown'],
      // Letters that some map to others, and escapes.
      ['http://ⓘnternal.example/', 'unknown'],
      ['http://internal。example/', 'unknown'],
      ['http://INTERNÄL.example/', 'unknown'],
      ['http://internal.example\uff0fevil.example/', 'unknown'],
      ['http://%69nternal.example/', 'unknown'],
      ['http://xn--internal-.example/', 'unknown'],
      ['http://faß.example/', 'unknown'],
      // Empty labels, ports and hosts.
      ['http://internal.example../', 'unknown'],
      ['http://.internal.example/', 'unknown'],
      ['http://internal.example:/', 'unknown'],
      ['http://internal.example:99999/', 'unknown'],
      ['http://internal.example:80:80/', 'unknown'],
      ['http://internal.example,evil.example/', 'unknown'],
      // No absolute URL with a host.
      ['//internal.example/', 'unknown'],
      ['http:/internal.example/', 'unknown'],
      ['http:internal.example', 'unknown'],
      ['http:///internal.example/', 'unknown'],
      ['internal.example', 'unknown'],
      ['internal.example:443', 'unknown'],
      ['javascript:alert(1)', 'unknown'],
      ['mailto:a@internal.example', 'unknown'],
      ['file:///etc/passwd', 'unknown'],
      ['url:http://internal.example/', 'unknown'],
      ['jdbc:postgresql://internal.example/', 'unknown'],
      ['', 'unknown'],
    ],
  );
});

describe('url_host_in ["127.0.0.1", "10.0.0.5", "2001:db8::1"]', () => {
  judgedBy(
    'url_host_in',
    ['127.0.0.1', '10.0.0.5', '2001:db8::1'],
    [
      ['http://127.0.0.1:8080/', 'true'],
      ['http://[2001:DB8:0:0::1]/', 'true'],
      ['http://10.0.0.6/', 'false'],
      ['http://[2001:db8::2]/', 'false'],
      ['http://127.0.0.1.nip.example/', 'false'],
      ['http://0x7f.1/', 'unknown'],
      ['http://0x7f000001/', 'unknown'],
      ['http://2130706433/', 'unknown'],
      ['http://0177.0.0.1/', 'unknown'],
      ['http://127.1/', 'unknown'],
      ['http://127.000.000.001/', 'unknown'],
      ['http://127.0.0.1./', 'unknown'],
      ['http://①②⑦.0.0.1/', 'unknown'],
      ['http://256.0.0.1/', 'unknown'],
      ['http://1.2.3.4.5/', 'unknown'],
      ['http://[::ffff:127.0.0.1]/', 'unknown'],
      ['http://[::ffff:a00:5]/', 'unknown'],
      ['http://[::127.0.0.1]/', 'unknown'],
      ['http://[64:ff9b::10.0.0.5]/', 'unknown'],
      ['http://[2002:a00:5::1]/', 'unknown'],
      ['http://[64:ff9b::10.0.0.6]/', 'false'],
      ['http://[fe80::1%25eth0]/', 'unknown'],
      ['http://[2001:db8::1/', 'unknown'],
      // The own machine under its other names.
      ['http://localhost/', 'unknown'],
      ['http://LocalHost./', 'unknown'],
      ['http://app.localhost:3000/', 'unknown'],
      ['http://ip6-localhost/', 'unknown'],
      ['http://ip6-loopback/', 'unknown'],
      ['http://localhost6/', 'unknown'],
      ['http://localhost4.localdomain4/', 'unknown'],
      ['http://localhost.localdomain/', 'unknown'],
      ['http://LOCALHOST6.LocalDomain6./', 'unknown'],
      ['http://localhost.example/', 'false'],
      ['http://[::1]/', 'unknown'],
      ['http://0.0.0.0/', 'unknown'],
      ['http://[::]/', 'unknown'],
      ['http://127.8.8.8/', 'unknown'],
    ],
  );
});

describe('url_host_in with names of the world, as an author writes them', () => {
  judgedBy(
    'url_host_in',
    ['BÜCHER.example', 'Example.COM.'],
    [
      ['https://bücher.example/', 'true'],
      ['https://xn--bcher-kva.example/', 'true'],
      ['https://XN--BCHER-KVA.example/', 'true'],
      ['https://example.com/', 'true'],
      ['https://bucher.example/', 'false'],
      ['https://bu\u0308cher.example/', 'unknown'],
    ],
  );
});

describe('url_scheme_in ["https", "data"]', () => {
  judgedBy(
    'url_scheme_in',
    ['https', 'data'],
    [
      ['https://example.com/', 'true'],
      ['HTTPS://user@example.com/', 'unknown'],
      ['data:text/plain,hello', 'true'],
      ['http://example.com/', 'false'],
      ['ftp://example.com/', 'false'],
      ['file:///etc/passwd', 'false'],
      ['git+ssh://example.com/', 'false'],
      ['mailto:a@example.com', 'false'],
      ['javascript:alert(1)', 'false'],
      ['//example.com/', 'unknown'],
      ['example.com', 'unknown'],
      ['example.com:443/', 'unknown'],
      ['localhost:3000', 'unknown'],
      ['C:/data', 'unknown'],
      ['C:\\data', 'unknown'],
      ['https:example.com', 'unknown'],
      ['https:/example.com', 'unknown'],
      ['https:///example.com', 'unknown'],
      ['https://', 'unknown'],
      ['https:', 'unknown'],
      [' https://example.com/', 'unknown'],
      ['https://example.com/\n', 'unknown'],
      ['java\nscript:alert(1)', 'unknown'],
      ['url:file:///etc/passwd', 'unknown'],
      ['data:https://example.com/', 'unknown'],
      ['view-source:https://example.com/', 'unknown'],
      ['', 'unknown'],
    ],
  );
});

test('what is no text cannot be judged; what is absent does not match', () => {
  for (const [op, value] of [
    ['url_host_in', ['example.com']],
    ['url_scheme_in', ['https']],
  ] as const) {
    expect(fourWays({ op, value }, ['https://example.com/'])).toBe('unknown');
    expect(fourWays({ op, value }, 5)).toBe('unknown');
    expect(fourWays({ op, value }, null)).toBe('false');
    expect(fourWays({ op, value }, undefined)).toBe('false');
  }
});

describe('at load', () => {
  test.each([
    ['url_host_in', [], '/value needs an array such as ["example.com", "*.example.com"]'],
    ['url_host_in', 'example.com', '/value needs an array such as'],
    ['url_host_in', [5], '/value/0 must be a text'],
    ['url_host_in', ['https://example.com/'], '/value/0 "https://example.com/" is a URL; write its host alone'],
    ['url_host_in', ['ok.example', 'example.com:443'], '/value/1 "example.com:443" names a port'],
    ['url_host_in', ['a@example.com'], 'is no host'],
    ['url_host_in', ['10.0.0.0/8'], 'is no host'],
    ['url_host_in', ['exam ple.com'], 'is no host'],
    ['url_host_in', [''], 'is no host'],
    ['url_host_in', ['*.'], 'is no host'],
    ['url_host_in', ['*'], 'has * elsewhere than in *. at its beginning'],
    ['url_host_in', ['a.*.example'], 'has * elsewhere'],
    ['url_host_in', ['*.127.0.0.1'], 'puts *. before an address'],
    ['url_host_in', ['0x7f.1'], 'is an odd notation of an address; write "127.0.0.1"'],
    ['url_host_in', ['[::ffff:7f00:1]'], 'is an address of IPv4; write "127.0.0.1"'],
    ['url_scheme_in', ['https://'], '"https://" is no scheme; write "https"'],
    ['url_scheme_in', ['HTTP:'], 'write "http"'],
    ['url_scheme_in', ['*'], 'write one such as "https"'],
  ])('%s %j is refused', (op, value, problem) => {
    expect(problemsOf({ op, value }).join('\n')).toContain(problem);
  });

  test('an address of IPv6 may stand in brackets or not', () => {
    expect(fourWays({ op: 'url_host_in', value: ['[2001:db8::1]'] }, 'http://[2001:db8::1]/')).toBe('true');
  });
});
