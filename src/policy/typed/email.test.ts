import { describe, expect, test } from 'vitest';
import { fourWays, problemsOf } from '../../../test/kit/four-ways.ts';

describe('email_domain_in', () => {
  const value = ['own.example', '*.corp.example', 'bücher.example'];
  test.each([
    ['alice@own.example', 'true'],
    ['Alice.B+tag@OWN.example', 'true'],
    ['a@x.y.corp.example', 'true'],
    ['a@xn--bcher-kva.example', 'true'],
    ['a@bücher.example', 'true'],
    ["o'neil_=-@own.example", 'true'],
    ['a@evil.example', 'false'],
    ['a@corp.example', 'false'],
    ['a@own.example.evil.example', 'false'],
    ['a@evilown.example', 'false'],
    // More or less than one plain address.
    ['a@own.example, b@evil.example', 'unknown'],
    ['a@own.example;b@evil.example', 'unknown'],
    ['a@own.example b@evil.example', 'unknown'],
    ['a@own.example\nbcc: b@evil.example', 'unknown'],
    ['Alice <a@own.example>', 'unknown'],
    ['<a@own.example>', 'unknown'],
    ['a@evil.example <a@own.example>', 'unknown'],
    ['mailto:a@own.example', 'unknown'],
    ['team: a@own.example;', 'unknown'],
    ['a(b@evil.example)@own.example', 'unknown'],
    ['a@own.example(evil)', 'unknown'],
    ['"a@evil.example"@own.example', 'unknown'],
    ['"a b"@own.example', 'unknown'],
    ['a@evil.example@own.example', 'unknown'],
    ['b%evil.example@own.example', 'unknown'],
    ['evil.example!b@own.example', 'unknown'],
    ['@evil.example:b@own.example', 'unknown'],
    ['=?utf-8?q?b=40evil.example=3e=00?=@own.example', 'unknown'],
    ['.a@own.example', 'unknown'],
    ['a..b@own.example', 'unknown'],
    ['@own.example', 'unknown'],
    ['a@', 'unknown'],
    ['a@own.example.', 'unknown'],
    ['a@.own.example', 'unknown'],
    ['a@own。example', 'unknown'],
    ['a＠evil.example@own.example', 'unknown'],
    ['a@[192.0.2.7]', 'unknown'],
    ['a@192.0.2.7', 'unknown'],
    ['a@own.example\u0000', 'unknown'],
    [' a@own.example', 'unknown'],
    ['own.example', 'unknown'],
    ['', 'unknown'],
  ])('%j is %s', (text, expected) => {
    expect(fourWays({ op: 'email_domain_in', value }, text)).toBe(expected);
  });

  test('a list of addresses is judged with [*], not as one', () => {
    expect(fourWays({ op: 'email_domain_in', value }, ['a@own.example'])).toBe('unknown');
    expect(fourWays({ op: 'email_domain_in', value }, null)).toBe('false');
  });

  test.each([
    [['@own.example'], '"@own.example" is no domain; write "own.example"'],
    [['alice@own.example'], 'write "own.example"'],
    [['192.0.2.7'], 'is an IP address; write a domain'],
    [['own example'], 'is no host'],
    [[], 'needs an array such as ["example.com"]'],
  ])('%j is refused at load', (list, problem) => {
    expect(problemsOf({ op: 'email_domain_in', value: list }).join('\n')).toContain(problem);
  });
});
