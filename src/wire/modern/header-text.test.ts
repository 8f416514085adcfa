import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBase64, toBase64 } from './base64.ts';
import { headerText, textOfHeader } from './header-text.ts';

const text = fc.string({ unit: 'grapheme' }).filter((one) => one.isWellFormed());

describe('a text in a header', () => {
  it.each([
    ['echo', 'echo'],
    ['a tool, with; everything: "inside"', 'a tool, with; everything: "inside"'],
    [' leading', '=?base64?IGxlYWRpbmc=?='],
    ['grüße', '=?base64?Z3LDvMOfZQ==?='],
    ['a\nb', '=?base64?YQpi?='],
    ['=?base64?x', '=?base64?PT9iYXNlNjQ/eA==?='],
    ['', '=?base64??='],
  ])('%j is written as %j and read back', (plain, written) => {
    expect(headerText(plain)).toBe(written);
    expect(textOfHeader(written)).toBe(plain);
  });

  it('is what Buffer makes of it, and comes back, whatever it is', () => {
    fc.assert(
      fc.property(text, (one) => {
        expect(toBase64(one)).toBe(Buffer.from(one, 'utf8').toString('base64'));
        expect(fromBase64(toBase64(one))).toBe(one);
        expect(textOfHeader(headerText(one))).toBe(one);
      }),
    );
  });

  it.each([
    ['=?base64?not base64?=', 'no base64'],
    ['=?base64?YQ?=', 'without padding'],
    ['=?base64?YR==?=', 'with bits left over, another spelling of the same'],
    ['=?base64?/w==?=', 'of bytes that are no UTF-8'],
    ['=?base64?7aCA?=', 'of a lone surrogate'],
    ['=?base64?wIA=?=', 'of an overlong NUL'],
    ['caf\u00e9', 'beyond ASCII as it is'],
    ['a\tb', 'with a tab'],
    [' a', 'with a blank before it'],
  ])('%j is refused: %s', (value) => {
    expect(textOfHeader(value)).toBeUndefined();
  });

  it('is read without a throw, whatever stands there', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (one) => {
        textOfHeader(one);
        textOfHeader(`=?base64?${one}?=`);
      }),
    );
  });
});
