import { expect, test } from 'vitest';
import { readIsoTime } from './iso-time.ts';

test.each([
  ['2027-01-01', '2027-01-01T00:00:00.000Z'],
  ['2027-01-01T08:00Z', '2027-01-01T08:00:00.000Z'],
  ['2027-01-01T08:00:30.5+02:00', '2027-01-01T06:00:30.500Z'],
  ['2028-02-29T23:59:59.123456789-01:30', '2028-03-01T01:29:59.123Z'],
])('%s is %s', (text, expected) => {
  expect(new Date(readIsoTime(text) ?? Number.NaN).toISOString()).toBe(expected);
});

test.each([
  '',
  'tomorrow',
  '2027-02-29',
  '2027-13-01',
  '2027-00-10',
  '2027-1-1',
  '2027-01-01T08:00:00',
  '2027-01-01T24:00:00Z',
  '2027-01-01T08:60Z',
  '2027-01-01 08:00Z',
  '2027-01-01T08:00+25:00',
  '0099-01-01x',
])('%s is no time', (text) => {
  expect(readIsoTime(text)).toBeUndefined();
});
