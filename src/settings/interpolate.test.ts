import { expect, test } from 'vitest';
import { interpolate } from './interpolate.ts';

const env = { TOKEN: 's3cret', EMPTY: '', TRICK: `\${TOKEN}` };

test.each([
  [`Bearer \${TOKEN}!`, 'Bearer s3cret!'],
  [`\${EMPTY}`, ''],
  [`$\${TOKEN}`, `\${TOKEN}`],
  ['a $ b $TOKEN $$', 'a $ b $TOKEN $$'],
  [`\${TRICK}`, `\${TOKEN}`],
])('%s becomes %s', (text, expected) => {
  expect(interpolate(text, env)).toEqual({ kind: 'text', text: expected });
});

test('every missing variable is named, and inherited names are none', () => {
  expect(interpolate(`\${A}-\${constructor}`, env)).toEqual({
    kind: 'faults',
    reasons: ['the environment variable A is not set', 'the environment variable constructor is not set'],
  });
});

test.each([`\${`, `\${TOKEN`, `\${}`, `\${TOKEN:-x}`, `\${ TOKEN }`])('%s is no variable and no plain text', (text) => {
  expect(interpolate(text, env)).toMatchObject({ kind: 'faults', reasons: [expect.stringContaining('must begin')] });
});
