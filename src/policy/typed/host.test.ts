import { describe, expect, test } from 'vitest';
import { fourWays, problemsOf } from '../../../test/kit/four-ways.ts';
import { readHost } from './host.ts';

type Row = readonly [op: string, value: readonly string[], text: string, expected: 'true' | 'false' | 'unknown'];

const label = (length: number): string => 'a'.repeat(length);
/** A host of so many characters, whose labels are not too long. */
const host = (length: number): string => `${`${label(49)}.`.repeat(5)}${label(length - 250)}`;

describe('schemes that lead elsewhere', () => {
  test.each<Row>([
    ['url_scheme_in', ['file'], 'file:/etc/passwd', 'unknown'],
    ['url_scheme_in', ['file'], 'file:///etc/passwd', 'true'],
    ['url_scheme_in', ['data'], 'data:', 'unknown'],
    ['url_scheme_in', ['data'], 'data:x,https:y', 'true'],
    ['url_scheme_in', ['view-source'], 'view-source:about:blank', 'unknown'],
    ['url_scheme_in', ['geo'], 'geo:1,2', 'true'],
    ['url_scheme_in', ['https'], 'geo:1,2', 'unknown'],
    ['url_scheme_in', ['https'], 'x://', 'false'],
  ])('%s %j of %j is %s', (op, value, text, expected) => {
    expect(fourWays({ op, value }, text)).toBe(expected);
  });
});

describe('the own machine', () => {
  test.each<Row>([
    ['url_host_in', ['localhost'], 'http://127.0.0.1/', 'unknown'],
    ['url_host_in', ['localhost'], 'http://a.localhost/', 'unknown'],
    ['url_host_in', ['*.localhost'], 'http://localhost/', 'unknown'],
    ['url_host_in', ['*.localhost'], 'http://[::1]/', 'unknown'],
    ['url_host_in', ['127.0.0.1'], 'http://localhost/', 'unknown'],
    ['url_host_in', ['example.com'], 'http://localhost/', 'false'],
    ['url_host_in', ['example.com'], 'http://127.0.0.1/', 'false'],
    ['url_host_in', ['*.example.com'], 'http://localhost/', 'false'],
    ['url_host_in', ['localhost'], 'http://example.com/', 'false'],
    ['url_host_in', ['localhost'], 'http://xlocalhost/', 'false'],
  ])('%s %j of %j is %s', (op, value, text, expected) => {
    expect(fourWays({ op, value }, text)).toBe(expected);
  });
});

describe('hosts that readers take for different ones', () => {
  test.each<Row>([
    ['url_host_in', ['*.example'], 'http://xn--a-.example/', 'unknown'],
    ['url_host_in', ['*.example'], 'http://a.xn--b-/', 'unknown'],
    ['url_host_in', ['127.0.0.1'], 'http://0x7f.1/', 'unknown'],
    ['url_host_in', ['127.0.0.1'], 'http://127.0.0.1./', 'unknown'],
    ['url_host_in', ['127.0.0.1'], 'http://[127.0.0.1]/', 'unknown'],
    ['url_host_in', ['127.0.0.1'], 'http://[::ffff:127.0.0.1]/', 'unknown'],
    ['url_host_in', ['example.com'], 'http://x:[example.com]/', 'unknown'],
    ['url_host_in', ['example.com'], 'http://x]example.com/', 'unknown'],
    ['url_host_in', ['example.com'], 'http://:80example.com/', 'unknown'],
    ['url_host_in', ['example.com'], 'http://example.com:123456/', 'unknown'],
    ['url_host_in', ['example.com'], 'http:example.com', 'unknown'],
    ['url_host_in', ['example.com'], 'http:/example.com', 'unknown'],
    ['url_host_in', ['example.com'], 'x:example.com', 'unknown'],
    ['url_host_in', [host(254)], `http://${host(254)}/`, 'true'],
    ['url_host_in', ['example.com'], `http://${host(255)}/`, 'unknown'],
  ])('%s %j of %j is %s', (op, value, text, expected) => {
    expect(fourWays({ op, value }, text)).toBe(expected);
  });

  test.each(['[::1', '[::1]x', '[', 'a..b', '.a', '', 'a b', '%61', 'ß.example', 'Ａ.example'])(
    '%j is none',
    (text) => {
      expect(readHost(text)).toBeUndefined();
    },
  );
});

describe('e-mail addresses', () => {
  const local = (length: number): string => label(length);
  test.each<Row>([
    ['email_domain_in', ['example.com'], 'a@example.com', 'true'],
    ['email_domain_in', ['example.com'], 'a@example.com.', 'unknown'],
    ['email_domain_in', ['example.com'], '@example.com', 'unknown'],
    ['email_domain_in', ['example.com'], 'a@', 'unknown'],
    ['email_domain_in', ['example.com'], 'example.com', 'unknown'],
    ['email_domain_in', ['example.com'], 'a@b@example.com', 'unknown'],
    ['email_domain_in', ['example.com'], 'a@[192.0.2.7]', 'unknown'],
    ['email_domain_in', ['example.com'], '=?utf-8?q?x?=@example.com', 'unknown'],
    ['email_domain_in', ['*.example.com'], 'a@b.example.com', 'true'],
    ['email_domain_in', ['*.example.com'], 'a@example.com', 'false'],
    ['email_domain_in', ['*.example.com'], 'a@bexample.com', 'false'],
    ['email_domain_in', ['localhost'], 'a@b.localhost', 'false'],
    ['email_domain_in', ['example.com'], `${local(308)}@example.com`, 'true'],
    ['email_domain_in', ['example.com'], `${local(309)}@example.com`, 'unknown'],
  ])('%s %j of %j is %s', (op, value, text, expected) => {
    expect(fourWays({ op, value }, text)).toBe(expected);
  });
});

describe('addresses', () => {
  test.each<Row>([
    ['ip_in', ['10.0.0.0/8'], '10.255.255.255', 'true'],
    ['ip_in', ['10.0.0.0/8'], '11.0.0.0', 'false'],
    ['ip_in', ['0.0.0.0/0'], '::1', 'false'],
    ['ip_in', ['::fffe:0:0/95'], '::ffff:1.2.3.4', 'unknown'],
    ['ip_in', ['::fffe:0:0/95'], '1.2.3.4', 'false'],
    ['ip_in', ['2001:db8::/32'], '2001:db8:ffff::1', 'true'],
    ['ip_in', ['2001:db8::/32'], '2001:db9::1', 'false'],
    ['ip_in', ['192.0.2.0/24'], '2002:c000:207::', 'unknown'],
    ['ip_in', ['192.0.2.0/24'], '2003:c000:207::', 'false'],
    ['ip_in', ['127.0.0.0/8'], '0.0.0.0', 'unknown'],
    ['ip_in', ['::1'], '::', 'unknown'],
    ['ip_in', ['10.0.0.0/8'], '::', 'false'],
    ['ip_in', ['10.0.0.0/8'], '10.0.0.1/8', 'unknown'],
  ])('%s %j of %j is %s', (op, value, text, expected) => {
    expect(fourWays({ op, value }, text)).toBe(expected);
  });

  test.each([
    ['ip_in', ['[::1'], 'is no IP address'],
    ['ip_in', ['10.0.0.0/33'], 'has more than 32 bits'],
    ['ip_in', ['::/129'], 'has more than 128 bits'],
    ['ip_in', ['10.0.0.1/8'], 'write "10.0.0.0/8"'],
    ['ip_in', ['::ffff:10.0.0.0/104'], 'is a range of IPv4; write "10.0.0.0/8"'],
    ['ip_in', ['::ffff:0:0/96'], 'is a range of IPv4; write "0.0.0.0/0"'],
    ['ip_in', ['10.0.0.0/08'], 'is no IP address'],
    ['ip_in', ['/8'], 'is no IP address'],
    ['url_host_in', ['[::1'], 'is no host'],
    ['url_host_in', ['::1]'], 'is no host'],
    ['url_host_in', ['x[::1]'], 'is no host'],
    ['url_host_in', ['exa%mple'], 'is no host'],
    ['url_host_in', ['a..b'], 'is no host'],
    ['url_scheme_in', ['1http:'], 'write one such as "https"'],
  ])('%s %j is refused', (op, value, problem) => {
    expect(problemsOf({ op, value }).join('\n')).toContain(problem);
  });
});
