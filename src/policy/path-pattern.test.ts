import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readPath } from './path.ts';
import { PATH_PATTERN } from './path-pattern.ts';

const pattern = new RegExp(PATH_PATTERN, 'u');
const part = fc.constantFrom(
  'args',
  'tool',
  'grant',
  'client',
  'time',
  'session',
  'arg',
  '.name',
  '.class',
  '.annotations',
  '.labels',
  '.calls',
  '.owner',
  '.version',
  '.hour',
  '.date',
  '.weekday',
  '.5',
  '.5a',
  '.',
  '[0]',
  '[01]',
  '[*]',
  '["a key"]',
  '["\\u0061"]',
  '["\\"]',
  '["name"]',
  '[',
  ']',
  ' ',
  "'",
);

test.each([
  'args',
  'args.a',
  'args["odd key"][0][*].x',
  'tool.name',
  'tool["name"]',
  'tool.annotations.title',
  'grant.labels.env',
  'grant.labels["a b"]',
  'grant.calls["send"]',
  'session.calls.send',
  'time.hour',
  'client.version',
])('the path %s is read by the compiler and passes in an editor', (path) => {
  expect(typeof readPath(path)).toBe('object');
  expect(pattern.test(path)).toBe(true);
});

test.each([
  'arg.a',
  'args.',
  'args.a b',
  'args.0.x',
  'tool.nam',
  'tool.annotations',
  'time.minute',
  'grant.labels',
  'grant.labels.a.b',
  'session.name',
  'client.name.x',
])('the path %s is refused by both', (path) => {
  expect(typeof readPath(path)).toBe('string');
  expect(pattern.test(path)).toBe(false);
});

test('whatever the compiler reads passes in an editor', () => {
  fc.assert(
    fc.property(
      fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('')),
      (path) => {
        if (typeof readPath(path) === 'object') expect(pattern.test(path)).toBe(true);
      },
    ),
    { numRuns: 20_000, seed: 1 },
  );
});

test('what passes in an editor without brackets around a fact is read by the compiler', () => {
  fc.assert(
    fc.property(
      fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('')),
      (path) => {
        fc.pre(!/^(?:tool|grant|client|time|session)\[/.test(path) && !path.includes('"\\"'));
        if (pattern.test(path)) expect(typeof readPath(path)).toBe('object');
      },
    ),
    { numRuns: 20_000, seed: 1 },
  );
});
