import { describe, expect, it } from 'vitest';
import { cpuMs } from '../../../test/kit/cpu-time.ts';
import { type JsonObject, objectOf } from '../../wire/json.ts';
import type { ListMethod } from '../list-shapes.ts';
import type { Clock } from '../ports.ts';
import { Directory } from './directory.ts';

interface Scene {
  readonly directory: Directory;
  readonly reads: string[];
  pass(ms: number): void;
}

const named = (key: string, ...names: readonly string[]): readonly JsonObject[] =>
  names.map((name) => objectOf([[key, name]]));

/** Servers by name, and what they list; one that lists `never` does not answer. */
function setUp(lists: { [key: string]: readonly JsonObject[] | 'never' }): Scene {
  let time = 0;
  const timers: { readonly at: number; readonly action: () => void }[] = [];
  const reads: string[] = [];
  const clock = {
    now: () => time,
    tick: () => time,
    after(ms: number, action: () => void) {
      timers.push({ at: time + ms, action });
      return () => {};
    },
  } as unknown as Clock;
  const load = (server: string, method: ListMethod): Promise<readonly JsonObject[] | undefined> => {
    reads.push(`${server} ${method}`);
    const list = lists[`${server} ${method}`];
    return list === 'never' ? new Promise(() => {}) : Promise.resolve(list);
  };
  return {
    directory: new Directory(clock, load),
    reads,
    pass(ms) {
      time += ms;
      for (const { at, action } of timers) if (at <= time) action();
    },
  };
}

describe('what the servers of a hub list', () => {
  it('is read once, and anew beside the request after half a minute', async () => {
    const { directory, reads, pass } = setUp({ 'git tools/list': named('name', 'x', 'X') });
    await directory.known(['git'], ['tools/list']);
    await directory.known(['git'], ['tools/list']);
    expect(reads).toEqual(['git tools/list']);
    expect(directory.clashOf('tools/list', 'git__x')).toBe('git__X of the server git');
    pass(31_000);
    await directory.known(['git'], ['tools/list']);
    expect(reads).toHaveLength(2);
  });

  it('a server that does not answer is waited for once, not by everybody who comes after', async () => {
    const { directory, pass } = setUp({ 'git tools/list': named('name', 'x'), 'mute tools/list': 'never' });
    const first = directory.known(['git', 'mute'], ['tools/list']);
    pass(5_000);
    await first;
    pass(1);
    await directory.known(['git', 'mute'], ['tools/list']);
    expect(directory.lists('git', 'tools/list', 'x')).toBe(true);
  });

  it('a server that says without end that its lists changed makes nobody wait', async () => {
    const { directory, reads, pass } = setUp({ 'git tools/list': named('name', 'x') });
    await directory.known(['git'], ['tools/list']);
    for (let n = 0; n < 100; n++) {
      directory.stale('git', ['tools/list']);
      pass(100);
      await directory.known(['git'], ['tools/list']);
    }
    expect(reads.length).toBeLessThan(12);
    expect(directory.lists('git', 'tools/list', 'x')).toBe(true);
  });

  it('a server that says so while its first list is read makes nobody wait, and is not asked twice at once', async () => {
    const { directory, reads, pass } = setUp({ 'mute tools/list': 'never' });
    const first = directory.known(['mute'], ['tools/list']);
    for (let n = 0; n < 50; n++) {
      directory.stale('mute', ['tools/list']);
      pass(100);
    }
    await first;
    pass(1);
    directory.stale('mute', ['tools/list']);
    await directory.known(['mute'], ['tools/list']);
    expect(reads).toEqual(['mute tools/list']);
  });

  it('what changed while it was read is read again', async () => {
    const { directory, reads, pass } = setUp({ 'git tools/list': named('name', 'x') });
    const first = directory.known(['git'], ['tools/list']);
    directory.stale('git', ['tools/list']);
    await first;
    expect(directory.lists('git', 'tools/list', 'x')).toBe(true);
    pass(1_001);
    await directory.known(['git'], ['tools/list']);
    expect(reads).toHaveLength(2);
  });

  it('a server that gives its list no more keeps what is its own', async () => {
    const lists: { [key: string]: readonly JsonObject[] } = {
      'git resources/list': named('uri', 'a:1'),
      'mail resources/list': named('uri', 'a:1'),
    };
    const { directory, reads, pass } = setUp(lists);
    await directory.known(['git', 'mail'], ['resources/list']);
    delete lists['git resources/list'];
    directory.stale('git', ['resources/list']);
    pass(2_000);
    await directory.known(['git', 'mail'], ['resources/list']);
    expect(reads).toHaveLength(3);
    expect(directory.ownersOf('a:1', ['git', 'mail'])).toEqual(['git', 'mail']);
    directory.forget('git', ['resources/list']);
    expect(directory.ownersOf('a:1', ['git', 'mail'])).toEqual(['mail']);
  });

  it('a server that speaks of resources without end pushes out nothing of which another spoke', () => {
    const { directory } = setUp({});
    directory.saw('git', 'git:1');
    for (let n = 0; n < 20_000; n++) directory.saw('mail', `mail:${n}`);
    expect(directory.ownersOf('git:1', ['git', 'mail'])).toEqual(['git']);
    expect(directory.ownersOf('mail:1', ['git', 'mail'])).toEqual([]);
  });

  it('templates that are slow to compare hold up nobody', async () => {
    const template = (n: number): string => `x:${n % 2 === 0 ? '' : '{y}'}${'{+z}a'.repeat(150)}${n}b{c}`;
    const slow = Array.from({ length: 200 }, (_, n) => template(n));
    const { directory } = setUp({ 'mail resources/templates/list': named('uriTemplate', ...slow) });
    await directory.known(['mail'], ['resources/templates/list']);
    const uri = `x:${'a'.repeat(1_000)}`;
    expect(
      cpuMs(() => {
        for (let n = 0; n < 1_000; n++) directory.claimants(uri, ['git', 'mail']);
      }),
    ).toBeLessThan(500);
  });

  it('tells whose a URI is: by lists and templates, and only where these say nothing by answers', async () => {
    const { directory } = setUp({
      'git resources/list': named('uri', 'a:1', 'a:both'),
      'mail resources/list': named('uri', 'a:both'),
      'mail resources/templates/list': named('uriTemplate', 'm:{x}', '{+any}'),
    });
    const servers = ['git', 'mail'];
    await directory.known(servers, ['resources/list', 'resources/templates/list', 'tools/list']);
    expect(directory.ownersOf('a:1', servers)).toEqual(['git']);
    expect(directory.ownersOf('a:both', servers)).toEqual(['git', 'mail']);
    expect(directory.ownersOf('m:9', servers)).toEqual(['mail']);
    expect(directory.ownersOf('z:z', servers)).toEqual([]);
    directory.saw('git', 'm:9');
    directory.saw('git', 'z:z');
    expect(directory.ownersOf('m:9', servers)).toEqual(['mail']);
    expect(directory.ownersOf('z:z', servers)).toEqual(['git']);
    directory.saw('mail', 'z:z');
    expect(directory.ownersOf('z:z', servers)).toEqual(['git', 'mail']);
    expect(directory.ownersOf('z:z', ['mail'])).toEqual(['mail']);
  });
});
