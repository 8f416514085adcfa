import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clashesAmong, isFit, publicName, readingsOf } from './names.ts';

const offers = (...names: readonly (readonly [string, string])[]): { server: string; name: string }[] =>
  names.map(([server, name]) => ({ server, name }));

describe('the name of a tool where all servers stand together', () => {
  it('can be read back, whatever the server and the tool are called', () => {
    const server = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,10}$/);
    fc.assert(
      fc.property(server, fc.string({ minLength: 1, maxLength: 20 }), fc.array(server), (own, name, others) => {
        const readings = readingsOf(publicName(own, name), new Set([own, ...others]));
        expect(readings).toContainEqual({ server: own, name });
      }),
    );
  });

  it('has two readings only where the name of a server has two underscores, or one at its end', () => {
    const servers = new Set(['a', 'a__b', 'a_', 'git']);
    expect(readingsOf('git__x__y', servers)).toEqual([{ server: 'git', name: 'x__y' }]);
    expect(readingsOf('a__b__c', servers)).toEqual([
      { server: 'a', name: 'b__c' },
      { server: 'a__b', name: 'c' },
    ]);
    expect(readingsOf('a___x', servers)).toEqual([
      { server: 'a', name: '_x' },
      { server: 'a_', name: 'x' },
    ]);
  });

  it.each(['plain', '__x', 'git__', 'nobody__x', ''])('is none of a server: %j', (name) => {
    expect(readingsOf(name, new Set(['git']))).toEqual([]);
  });

  it('is one that clients take: 128 letters, digits, _ . and -', () => {
    expect(isFit(`git__${'x'.repeat(123)}`)).toBe(true);
    expect(isFit(`git__${'x'.repeat(124)}`)).toBe(false);
    for (const name of ['git__a b', 'git__é', 'git__a\n', 'git__a/b', '']) expect(isFit(name)).toBe(false);
  });
});

describe('names that could be mistaken for each other', () => {
  it.each([
    ['List', 'list'],
    ['read_file', 'read-file'],
    ['read.file', 'read__file'],
    ['pa1', 'pal'],
    ['paI', 'pa1'],
    ['g0', 'go'],
    ['rnail', 'mail'],
    ['vvin', 'win'],
  ])('%s and %s', (one, other) => {
    const clashes = clashesAmong(offers(['s', one], ['s', other], ['s', 'sound']));
    expect([...clashes.keys()].sort()).toEqual([`s__${one}`, `s__${other}`].sort());
    expect(clashes.get(`s__${one}`)).toBe(`s__${other} of the server s`);
  });

  it.each([
    ['get_user', 'get_users'],
    ['mail', 'mall'],
    ['a', 'b'],
    ['read', 'write'],
  ])('not %s and %s', (one, other) => {
    expect(clashesAmong(offers(['s', one], ['s', other])).size).toBe(0);
  });

  it('are those of different servers too, and one name of two readings', () => {
    expect([...clashesAmong(offers(['git', 'x'], ['Git', 'x'])).keys()]).toEqual(['Git__x', 'git__x']);
    expect([...clashesAmong(offers(['a', 'b__c'], ['a__b', 'c'])).keys()]).toEqual(['a__b__c']);
  });

  it('are not one name that a server lists twice, nor names that are left out anyway', () => {
    expect(clashesAmong(offers(['s', 'x'], ['s', 'x'])).size).toBe(0);
    expect(clashesAmong(offers(['s', 'a b'], ['s', 'A B'])).size).toBe(0);
  });
});
