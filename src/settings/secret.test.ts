import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { Secret } from './secret.ts';

test('a secret shows itself only when asked by name', () => {
  const secret = new Secret('hunter2');
  const shown = [
    `${secret}`,
    String(secret),
    JSON.stringify({ secret }),
    inspect({ secret }),
    inspect(secret, { showHidden: true }),
  ];
  expect(shown.join()).not.toContain('hunter2');
  expect(shown.every((text) => text.includes('••••'))).toBe(true);
  expect(secret.reveal()).toBe('hunter2');
});
