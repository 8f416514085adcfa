import { expect, test } from 'vitest';
import { readPath } from './path.ts';

const key = (name: string) => ({ kind: 'key', key: name });

test('steps into arguments', () => {
  expect(readPath('args.a-b["c \\"d\\""][0][*].größe')).toEqual({
    root: 'args',
    steps: [key('a-b'), key('c "d"'), { kind: 'index', index: 0 }, { kind: 'each' }, key('größe')],
  });
  expect(readPath('args["a.b"]')).toEqual({ root: 'args', steps: [key('a.b')] });
});

test('facts and labels', () => {
  expect(readPath('tool["name"]')).toEqual({ root: 'fact', fact: 'tool.name' });
  expect(readPath('grant.labels["cost center"]')).toEqual({ root: 'label', label: 'cost center' });
});

test.each([
  ['args.', 'cannot read the path "args." at "."'],
  ['args.a..b', 'at "..b"'],
  ['args.0', 'steps are .name ["any key"] [0] [*]'],
  ['args[01]', 'at "[01]"'],
  ['args[-1]', 'at "[-1]"'],
  ["args['a']", 'cannot read the path'],
  ['args["a]', 'cannot read the path'],
  ['args["\\q"]', 'cannot read the path'],
  ['', 'begin with args, tool, grant, client, time or session'],
  ['argsx', 'did you mean "args"?'],
  ['tool', 'tool has tool.name, tool.class'],
  ['tool.nam', 'did you mean "tool.name"?'],
  ['tool.name.x', 'goes on after tool.name'],
  ['grant.labels', 'write grant.labels.name'],
  ['grant.labels.a.b', 'write grant.labels.name'],
  ['session.calls', 'must name one tool; write session.calls["tool_name"]'],
  [`args${'.a'.repeat(33)}`, 'more than 32 steps'],
  [`args.${'a'.repeat(1_000)}`, 'longer than 1000 characters'],
])('%j is refused', (text, reason) => {
  expect(readPath(text)).toContain(reason);
});
