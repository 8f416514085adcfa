import { describe, expect, it } from 'vitest';
import { filledTemplate } from './filled-template.ts';
import { objectOf } from './json.ts';

const known = objectOf([
  ['dir', 'secret'],
  ['name', 'key'],
  ['constructor', 7],
]);

describe('a URI template of which some values are known', () => {
  it.each([
    ['file:///{dir}/{name}', 'file:///secret/key'],
    ['file:///{dir}/{file}', 'file:///secret/{file}'],
    ['file://{/dir}/{file}', 'file:///secret/{file}'],
    ['file://{/dir,name}', 'file:///secret/key'],
    ['file://{/dir,file}', 'file:///secret/{file}'],
    ['file:///{+dir}', 'file:///secret'],
    ['file:///{dir:3}', 'file:///secret'],
    ['file:///{dir*}', 'file:///secret'],
    ['db://x{?dir,name}', 'db://x?dir=secret&name=key'],
    ['db://x?a=1{&dir}', 'db://x?a=1&dir=secret'],
    ['db://x{;dir}{#name}{.name}', 'db://x;dir=secret#key.key'],
    ['db://{constructor}/{}/{', 'db://{constructor}/{}/{'],
  ])('%s is filled in as a server fills it: %s', (template, filled) => {
    expect(filledTemplate(template, known)).toBe(filled);
  });
});
