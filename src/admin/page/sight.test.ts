import { describe, expect, it } from 'vitest';
import { jsonInPlainSight } from '../../wire/plain-sight.ts';
import { readJson, STRICT } from '../../wire/read-json.ts';
import { canonicalJson } from '../../wire/write-json.ts';
import { readableAgain, sighted, sightedJson, stranger, unseenIn } from './sight.ts';

describe('what nobody would see', () => {
  it('is marked, many together as one', () => {
    expect(String(stranger('pay\u200b\u200bpal\u202e'))).toBe(
      '<bdi>pay<mark>\\u{200b}\\u{200b}</mark>pal<mark>\\u{202e}</mark></bdi>',
    );
  });

  it('is not marked where the text itself only looks like an escape', () => {
    expect(String(stranger('\\u{200b}'))).toBe('<bdi>\\\\u{200b}</bdi>');
    expect(unseenIn(jsonInPlainSight({ path: '\\u{200b} \\b' }))).toBe(0);
  });

  it('is counted in arguments, ends of lines and tabs left out', () => {
    expect(unseenIn(jsonInPlainSight({ 'a\u200b': 'b\u0000\u001b\n\tc\u{e0041}' }))).toBe(4);
  });

  it('leaves ends of lines where they were, and shows them', () => {
    expect(String(sighted(jsonInPlainSight('one\ntwo')))).toBe('&quot;one<span class="eol end">\\n</span>two&quot;');
  });

  it('is told for all of a long text, though only so much is marked', () => {
    const text = jsonInPlainSight('\u200ba'.repeat(40_000));
    const shown = String(sighted(text));
    expect(shown.split('<mark>').length).toBe(20_001);
    expect(shown.replaceAll(/<\/?mark>/g, '').replaceAll('&quot;', '"')).toBe(text);
  });
});

it('keeps a text from the right within its string', () => {
  expect(String(sightedJson(jsonInPlainSight({ שלום: 'ערך', to: 'x' })))).toBe(
    '{\n  <bdi>&quot;שלום&quot;</bdi>: <bdi>&quot;ערך&quot;</bdi>,\n  &quot;to&quot;: &quot;x&quot;\n}',
  );
  const long = jsonInPlainSight({ a: `ש${'\\"x'.repeat(80_000)}` });
  expect(String(sightedJson(long))).toContain('<bdi>');
});

it('gives arguments back to be changed: reading them again changes nothing', () => {
  const value = { 'k\u00a0': 'C:\\u{200b}\\', more: ['\u{e0041}\u0000\n"', 1.5, null, { '\\': '\u200b' }] };
  const text = readableAgain(jsonInPlainSight(value));
  expect(text).toContain('\\udb40\\udc41');
  const read = readJson(text, STRICT);
  expect(read.kind === 'value' && canonicalJson(read.value)).toBe(canonicalJson(value));
});
