import { beforeEach, describe, expect, it } from 'vitest';
import { Guesses } from './guesses.ts';

let now = 0;
let guesses: Guesses;
const wrong = async (): Promise<undefined> => undefined;
const right = async (): Promise<string> => 'ann';

beforeEach(() => {
  now = 0;
  guesses = new Guesses(() => now);
});

async function kinds(times: number, source: string, name: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (let at = 0; at < times; at++) found.push((await guesses.attempt(source, name, wrong)).kind);
  return found;
}

describe('wrong passphrases', () => {
  it('are taken five times a minute for one name, then the right one has to wait as well', async () => {
    expect(await kinds(6, '192.0.2.1', 'ann')).toEqual([...Array(5).fill('tried'), 'later']);
    expect((await guesses.attempt('192.0.2.1', 'ann', right)).kind).toBe('later');
    expect((await guesses.attempt('192.0.2.1', 'bob', right)).kind).toBe('tried');
    expect((await guesses.attempt('192.0.2.2', 'ann', right)).kind).toBe('tried');
    now = 60_000;
    expect((await guesses.attempt('192.0.2.1', 'ann', right)).kind).toBe('tried');
  });

  it('are taken thirty times a minute of one source, whatever the names', async () => {
    for (let at = 0; at < 10; at++) await kinds(3, '192.0.2.1', `name${at}`);
    expect(await kinds(1, '192.0.2.1', 'ann')).toEqual(['later']);
  });

  it('of one network of IPv6 count together', async () => {
    for (let at = 0; at < 5; at++) await kinds(1, `2001:db8::${at + 1}`, 'ann');
    expect(await kinds(1, '2001:db8:0:0:ffff::1', 'ann')).toEqual(['later']);
    expect(await kinds(1, '2001:db8:0:1::1', 'ann')).toEqual(['tried']);
  });

  it('of programs of this machine count together, by whatever address they come', async () => {
    for (const source of ['127.0.0.1', '127.0.3.44', '::1', '::ffff:127.9.9.9', '::ffff:7f00:1'])
      expect(await kinds(1, source, 'ann')).toEqual(['tried']);
    expect(await kinds(1, '127.255.0.1', 'ann')).toEqual(['later']);
    expect(await kinds(1, '128.0.0.1', 'ann')).toEqual(['tried']);
  });

  it('of an address of IPv4 count together, however it is written', async () => {
    for (let at = 0; at < 5; at++) await kinds(1, at % 2 === 0 ? '192.0.2.1' : '::ffff:192.0.2.1', 'ann');
    expect(await kinds(1, '::FFFF:192.0.2.1', 'ann')).toEqual(['later']);
    expect(await kinds(1, '::ffff:192.0.2.2', 'ann')).toEqual(['tried']);
  });

  it('of ever new sources are stopped in the end', async () => {
    for (let at = 0; at < 5_000; at++) await guesses.attempt(`s${at}`, 'ann', wrong);
    expect(await kinds(1, 'fresh', 'ann')).toEqual(['later']);
  });
});

it('right passphrases count for nothing', async () => {
  for (let at = 0; at < 50; at++) expect((await guesses.attempt('192.0.2.1', 'ann', right)).kind).toBe('tried');
});

it('tries two at once; eight wait, and whoever comes then is sent away', async () => {
  const releases: (() => void)[] = [];
  let running = 0;
  let most = 0;
  const slow = async (): Promise<string> => {
    running++;
    most = Math.max(most, running);
    await new Promise<void>((resolve) => void releases.push(resolve));
    running--;
    return 'ann';
  };
  const started = Array.from({ length: 12 }, (_, at) => guesses.attempt(`192.0.2.${at}`, 'ann', slow));
  await new Promise(setImmediate);
  expect(releases.length).toBe(2);
  for (let freed = 0; freed < 10; freed++) {
    releases[freed]?.();
    await new Promise(setImmediate);
  }
  const kinds = (await Promise.all(started)).map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind === 'later').length).toBe(2);
  expect(most).toBe(2);
});

describe('one of many who guess', () => {
  const started: string[] = [];
  const releases: (() => void)[] = [];
  const guess = (source: string, label: string) =>
    guesses.attempt(source, label, async () => {
      started.push(label);
      await new Promise<void>((resolve) => void releases.push(resolve));
      return label;
    });
  const release = async (): Promise<void> => {
    await new Promise(setImmediate);
    releases.shift()?.();
    await new Promise(setImmediate);
  };

  beforeEach(() => {
    started.length = 0;
    releases.length = 0;
  });

  it('waits once at a time, and then behind all others who wait', async () => {
    const all = [guess('192.0.2.1', 'a1'), guess('192.0.2.1', 'a2'), guess('192.0.2.1', 'a3')];
    expect((await guess('192.0.2.1', 'a4')).kind).toBe('later');
    all.push(guess('192.0.2.2', 'b1'), guess('192.0.2.3', 'c1'));
    await release();
    all.push(guess('192.0.2.1', 'a5'));
    expect((await guess('192.0.2.1', 'a6')).kind).toBe('later');
    for (let at = 0; at < 5; at++) await release();
    expect((await Promise.all(all)).map(({ kind }) => kind)).toEqual(Array(6).fill('tried'));
    expect(started).toEqual(['a1', 'a2', 'a3', 'b1', 'c1', 'a5']);
  });

  it('takes no place of others by guessing on and on', async () => {
    const flood = Array.from({ length: 40 }, (_, at) => guess('127.0.0.1', `x${at}`));
    const other = guess('192.0.2.1', 'ann');
    for (let at = 0; at < 4; at++) await release();
    expect((await other).kind).toBe('tried');
    expect((await Promise.all(flood)).filter(({ kind }) => kind === 'tried').length).toBe(3);
  });
});

it('goes on after a trial that failed', async () => {
  const failing = async (): Promise<undefined> => Promise.reject(new Error('no memory'));
  for (let at = 0; at < 3; at++)
    await expect(guesses.attempt('192.0.2.1', 'ann', failing)).rejects.toThrow('no memory');
  expect((await guesses.attempt('192.0.2.1', 'ann', right)).kind).toBe('tried');
});
