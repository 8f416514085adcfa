import { PassThrough } from 'node:stream';
import { describe, expect, it, test } from 'vitest';
import { desk, type Ran } from '../../test/kit/command-line.ts';
import { isPassphrase } from '../settings/passphrase.ts';
import { type Prompt, promptOn } from './prompt.ts';

const { toolgate } = await desk();
const PHRASE = 'four words nobody joins';

/** Somebody at a terminal, who types this, each time without seeing it. */
function typing(...lines: readonly string[]): Prompt {
  const left = [...lines];
  const next = async (): Promise<string | undefined> => left.shift();
  return { isTerminal: true, line: () => Promise.reject(new Error('it would be seen')), hidden: next };
}

function piped(text: string): Prompt {
  return promptOn(new PassThrough().end(text), new PassThrough());
}

const passphrase = (prompt: Prompt): Promise<Ran> => toolgate(['people', 'passphrase'], { prompt });

async function fits({ out }: Ran, text: string): Promise<boolean> {
  const { passphrase } = JSON.parse(`{${out}}`) as { passphrase: string };
  return isPassphrase(text, passphrase);
}

describe('toolgate people passphrase', () => {
  it('asks twice, and prints the member to be pasted into the configuration', async () => {
    const ran = await passphrase(typing(PHRASE, PHRASE));
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(ran.out).toMatch(/^"passphrase": "scrypt:131072:8:1:[\w-]{22}:[\w-]{43}"\n$/);
    expect(await fits(ran, PHRASE)).toBe(true);
  });

  it('takes one line where nobody sits at a terminal', async () => {
    expect(await fits(await passphrase(piped(`${PHRASE}\r\nanother line\n`)), PHRASE)).toBe(true);
    expect(await fits(await passphrase(piped(PHRASE)), PHRASE)).toBe(true);
  });

  test.each<[string, Prompt, RegExp]>([
    ['nothing', piped(''), /no passphrase was given; nothing was made/],
    ['an empty line', piped('\n'), /at least 12 characters/],
    ['too little', typing('elevenchars'), /at least 12 characters; take a few words more/],
    ['accents that make it look longer', typing('e\u0301'.repeat(6)), /at least 12 characters/],
    ['too much', piped('x'.repeat(1025)), /at most 1024 characters/],
    ['two that differ', typing(PHRASE, `${PHRASE}!`), /the two are not the same; nothing was made/],
    ['a second one that never comes', typing(PHRASE), /the two are not the same; nothing was made/],
    ['a key that moves the cursor', typing(`${PHRASE}\u001b[A`), /a control character/],
    ['bytes that are no text', promptOn(new PassThrough().end(Buffer.alloc(20, 0xff)), new PassThrough()), /UTF-8/],
  ])('refuses %s, and does not repeat it', async (_, prompt, said) => {
    const ran = await passphrase(prompt);
    expect([ran.code, ran.out]).toEqual([1, '']);
    expect(ran.err).toMatch(said);
    expect(ran.err).not.toContain(PHRASE);
  });

  it('takes no passphrase from the command line, where others could read it', async () => {
    const ran = await toolgate(['people', 'passphrase', PHRASE]);
    expect([ran.code, ran.out]).toEqual([2, '']);
    expect(ran.err).toContain('is too much');
  });

  it('explains itself', async () => {
    expect((await toolgate(['people', '--help'])).out).toContain('Usage: toolgate people passphrase');
    expect((await toolgate(['people'])).err).toContain('it is one of passphrase');
  });
});
