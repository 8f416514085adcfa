import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fourWays, problemsOf } from '../../../test/kit/four-ways.ts';
import { TRUE } from '../truth.ts';
import { readAddress, writeAddress } from './address.ts';
import { judgeIp, readRange } from './ip.ts';

describe('ip_in', () => {
  const value = ['10.0.0.0/8', '192.0.2.7', '2001:db8::/32', '127.0.0.0/8'];
  test.each([
    ['10.0.0.0', 'true'],
    ['10.255.255.255', 'true'],
    ['192.0.2.7', 'true'],
    ['::ffff:10.1.2.3', 'true'],
    ['0:0:0:0:0:FFFF:0A01:0203', 'true'],
    ['2001:DB8::', 'true'],
    ['2001:db8:ffff:ffff:ffff:ffff:ffff:ffff', 'true'],
    ['11.0.0.0', 'false'],
    ['192.0.2.8', 'false'],
    ['2001:db9::', 'false'],
    ['::ffff:11.0.0.1', 'false'],
    ['64:ff9b::11.0.0.1', 'false'],
    // Translated to an address within, where the network does so.
    ['64:ff9b::10.0.0.1', 'unknown'],
    ['64:ff9b:1::10.0.0.1', 'unknown'],
    ['::ffff:0:10.0.0.1', 'unknown'],
    ['::10.0.0.1', 'unknown'],
    ['2002:0a00:0001::', 'unknown'],
    // Whoever connects to it reaches the own machine.
    ['0.0.0.0', 'unknown'],
    ['::', 'unknown'],
    // Notations that only some understand.
    ['010.0.0.1', 'unknown'],
    ['0xa.0.0.1', 'unknown'],
    ['167772161', 'unknown'],
    ['10.1', 'unknown'],
    ['10.0.0.256', 'unknown'],
    ['10.0.0.1.', 'unknown'],
    [' 10.0.0.1', 'unknown'],
    ['10.0.0.1\n', 'unknown'],
    ['10.0.0.1:80', 'unknown'],
    ['10.0.0.0/8', 'unknown'],
    ['10.0.0.1,11.0.0.1', 'unknown'],
    ['１０.0.0.1', 'unknown'],
    ['[2001:db8::1]', 'unknown'],
    ['fe80::1%eth0', 'unknown'],
    ['2001:db8::1::2', 'unknown'],
    ['1:2:3:4:5:6:7:8::', 'unknown'],
    ['1:2:3:4:5:6:7', 'unknown'],
    [':1', 'unknown'],
    ['12345::', 'unknown'],
    ['10.0.0.1::', 'unknown'],
    ['::10.0.0.1:5', 'unknown'],
    ['localhost', 'unknown'],
    ['example.com', 'unknown'],
    ['', 'unknown'],
  ])('%j is %s', (text, expected) => {
    expect(fourWays({ op: 'ip_in', value }, text)).toBe(expected);
  });

  test('all of IPv6 leaves what counts as IPv4 in doubt', () => {
    expect(fourWays({ op: 'ip_in', value: ['::/0'] }, '::ffff:10.0.0.1')).toBe('unknown');
    expect(fourWays({ op: 'ip_in', value: ['::/0'] }, '10.0.0.1')).toBe('false');
    expect(fourWays({ op: 'ip_in', value: ['0.0.0.0/0'] }, '::ffff:10.0.0.1')).toBe('true');
  });

  test('a number or an absent value', () => {
    expect(fourWays({ op: 'ip_in', value }, 167_772_161)).toBe('unknown');
    expect(fourWays({ op: 'ip_in', value }, null)).toBe('false');
  });

  test.each([
    [['10.0.0.1/8'], '"10.0.0.1/8" does not begin its range; write "10.0.0.0/8"'],
    [['2001:db8::1/32'], 'write "2001:db8::/32"'],
    [['::ffff:10.0.0.0/104'], 'is a range of IPv4; write "10.0.0.0/8"'],
    [['10.0.0.0/33'], 'has more than 32 bits'],
    [['10.0.0.0/08'], 'is no IP address or range'],
    [['10.0.0.0/255.0.0.0'], 'is no IP address or range'],
    [['10.0/16'], 'is no IP address or range'],
    [['010.0.0.0/8'], 'is no IP address or range'],
    [['example.com'], 'is no IP address or range; write one such as "10.0.0.0/8"'],
    ['10.0.0.0/8', '/value needs an array such as ["10.0.0.0/8", "2001:db8::/32"]'],
  ])('%j is refused at load', (list, problem) => {
    expect(problemsOf({ op: 'ip_in', value: list }).join('\n')).toContain(problem);
  });
});

test('what is written is read as it was', () => {
  fc.assert(
    fc.property(fc.ipV6(), (text) => {
      const address = readAddress(text);
      expect(address).toBeDefined();
      if (address !== undefined) expect(readAddress(writeAddress(address))).toEqual(address);
    }),
  );
});

test('every address lies in the range of any prefix of it', () => {
  fc.assert(
    fc.property(fc.ipV4(), fc.integer({ min: 0, max: 32 }), (text, prefix) => {
      const problem = readRange(`${text}/${prefix}`);
      const right = typeof problem === 'string' ? readRange(/write "(.*)"$/.exec(problem)?.[1] ?? '') : problem;
      expect(typeof right === 'string' ? right : judgeIp([right], text)).toBe(TRUE);
    }),
  );
});
