import { describe, expect, it } from 'vitest';
import { countSlashes, uriTest } from './uri-template.ts';

const fits = (template: string, uri: string): boolean | undefined => uriTest(template)?.fits(uri, countSlashes(uri));

describe('whether a URI may come from a template', () => {
  it.each([
    ['repo://{owner}/{name}', 'repo://me/mine'],
    ['demo://text/{id}', 'demo://text/1'],
    ['file:///{+path}', 'file:///a/b/c.txt'],
    ['file://{/path*}', 'file:///a/b'],
    ['db://t{?q,n}', 'db://t?q=1&n=2'],
    ['db://t{?q,n}', 'db://t'],
    ['a:{x}b{y}c', 'a:1bbc'],
    ['plain://no/expression', 'plain://no/expression'],
  ])('%s: %s may', (template, uri) => {
    expect(fits(template, uri)).toBe(true);
  });

  it.each([
    ['repo://{owner}/{name}', 'repo://me'],
    ['repo://{owner}/{name}', 'repo://me/mine/more'],
    ['demo://text/{id}', 'demo://blob/1'],
    ['a:{x}b{y}c', 'a:bc1'],
    ['a:{x}aa', 'a:a'],
    ['plain://no/expression', 'plain://no/expression/x'],
  ])('%s: %s may not', (template, uri) => {
    expect(fits(template, uri)).toBe(false);
  });

  it.each(['{uri}', '{+uri}', '{scheme}://x', `a:${'x'.repeat(2000)}`])('%s claims nothing', (template) => {
    expect(uriTest(template)).toBeUndefined();
  });

  it('a hostile pair is answered at once', () => {
    const test = uriTest(`a:${'{x}a'.repeat(250)}b`);
    expect(test?.fits(`a:${'a'.repeat(100_000)}`, 0)).toBe(false);
  });
});
