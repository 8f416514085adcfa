import { RE2JS } from 're2js';
import { expect, test } from 'vitest';
import { compileSearch } from './regex.ts';
import { truth } from './truth.ts';

const TEXTS = ['', 'a', 'abc', 'xabcx', 'abc\n', 'a.c', 'a$', '^abc', 'ABC', 'abcabc'];

test.each(['abc', '^abc', 'abc$', '^abc$', '', '^', '$', '^$', 'a\\.c', 'a\\$', '\\^abc'])(
  'the short way of %j agrees with the engine',
  (pattern) => {
    const compiled = compileSearch(pattern, 'as written');
    expect(compiled).toMatchObject({ size: 0 });
    const engine = RE2JS.compile(pattern);
    for (const text of TEXTS) {
      expect(typeof compiled === 'string' ? compiled : compiled.search(text), text).toBe(truth(engine.test(text)));
    }
  },
);

test.each(['a.c', '(?i)abc', 'a|b', '\\d', 'ab?', '[abc]', 'ä'])('%j takes the engine', (pattern) => {
  const compiled = compileSearch(pattern, 'as written');
  expect(typeof compiled === 'string' ? compiled : compiled.size).toBeGreaterThan(0);
});

test.each(['(?=a)', '\\1', 'a**', '['])('%j is no RE2', (pattern) => {
  expect(typeof compileSearch(pattern, 'as written')).toBe('string');
});
