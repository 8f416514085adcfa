import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { promptOn } from './prompt.ts';

/** A terminal, and what is seen on it. */
function terminal() {
  const keyboard = Object.assign(new PassThrough(), { isTTY: true });
  const screen = Object.assign(new PassThrough(), { isTTY: true });
  let seen = '';
  screen.on('data', (chunk) => (seen += chunk));
  return { prompt: promptOn(keyboard, screen), type: (text: string) => keyboard.write(text), seen: () => seen };
}

describe('at a terminal', () => {
  test('a secret is asked for and not shown; what is asked next comes after it', async () => {
    const { prompt, type, seen } = terminal();
    expect(prompt.isTerminal).toBe(true);
    const first = prompt.hidden('Token: ');
    type('hushx\u007f-hush\r');
    expect(await first).toBe('hush-hush');
    const second = prompt.line('Sure? ');
    type('yes\r');
    expect(await second).toBe('yes');
    expect(seen()).toContain('Token: \n');
    expect(seen()).toContain('Sure? ');
    expect(seen()).not.toContain('hus');
  });

  test.each([
    ['Ctrl-C', '\u0003'],
    ['Ctrl-D', '\u0004'],
  ])('%s answers nothing', async (_, key) => {
    const { prompt, type } = terminal();
    const answer = prompt.hidden('Token: ');
    type(key);
    expect(await answer).toBeUndefined();
  });
});

describe('elsewhere', () => {
  test('lines come from the input, one for each question, and the rest stays there', async () => {
    const input = new PassThrough();
    const prompt = promptOn(input, new PassThrough());
    expect(prompt.isTerminal).toBe(false);
    input.write('first\r\nsec');
    expect(await prompt.hidden('One: ')).toBe('first');
    const second = prompt.line('Two: ');
    input.write('ond \u00fc\nthi');
    expect(await second).toBe('second \u00fc');
    input.end('rd');
    expect(await prompt.line('Three: ')).toBe('third');
    expect(await prompt.line('Four: ')).toBeUndefined();
  });

  test('a line without end is none', async () => {
    const input = new PassThrough();
    const prompt = promptOn(input, new PassThrough());
    const line = prompt.line('One: ');
    input.write('x'.repeat(70_000));
    expect(await line).toBeUndefined();
  });

  test('a question that could not be seen is not asked', () => {
    const keyboard = Object.assign(new PassThrough(), { isTTY: true });
    expect(promptOn(keyboard, new PassThrough()).isTerminal).toBe(false);
  });
});
