import { describe, expect, test } from 'vitest';
import type { Observation } from '../policy/suggest/observation.ts';
import { objectOf } from '../wire/json.ts';
import { observed } from './observed.ts';
import { readRecord } from './read-record.ts';
import type { OpenValue } from './recorded-call.ts';

const BODY = {
  args: { to: 'acme', amount: 5 },
  argsKept: 'redacted',
  class: 'financial',
  client: { name: 'c', version: '1' },
  decision: 'allow',
  grant: 'alice',
  labels: {},
  method: 'tools/call',
  owner: 'al',
  rule: '/tools/pay',
  server: 'bank',
  session: 's',
  tick: 1_000,
  tool: 'pay',
};

function seen(more: object, outcome: 'unsent' | 'other' = 'other', open?: OpenValue): Observation | undefined {
  const body = JSON.stringify({ ...BODY, ...more });
  const link = { writer: 'w', seq: 1, limits: '[]', hash: '', previous: '' };
  const told = readRecord({ ...link, n: 7, id: 'r', kind: 'call', at: 1_005, body });
  return told.kind === 'call' ? observed(told.call, outcome, open) : undefined;
}

describe('a recorded call, as suggestions are made from it', () => {
  test('tells who called what, when, and with what', () => {
    expect(seen({})).toEqual({
      id: 'r',
      server: 'bank',
      grant: 'alice',
      owner: 'al',
      session: 's',
      kind: 'tool',
      method: 'tools/call',
      name: 'pay',
      class: 'financial',
      at: 1_005,
      tick: 1_000,
      args: objectOf([
        ['to', 'acme'],
        ['amount', 5],
      ]),
      hidden: new Map(),
      isCounted: true,
      isApproved: false,
      isShadowed: false,
    });
  });

  test('is none where it was refused, or asked about', () => {
    expect(seen({ decision: 'deny' })).toBeUndefined();
    expect(seen({ decision: 'require_approval', approval: 'a' })).toBeUndefined();
  });

  test('is known to have had a person', () => {
    const said = { decision: 'require_approval', rule: '/tools/pay/action' };
    expect(seen({ said, approval: 'a', approvedBy: ['bob'] })).toMatchObject({ isApproved: true });
  });

  test('does not count as a later round, or where nothing reached the server', () => {
    expect(seen({ round: 'later' })).toMatchObject({ isCounted: false });
    expect(seen({}, 'unsent')).toMatchObject({ isCounted: false });
  });

  test('hides what is masked: as a whole it may have been anything, within a text it was one', () => {
    const args = { token: '••••', text: 'Bearer •••• there', 'a/b': [{ key: '••••' }, 1] };
    expect(seen({ args })?.hidden).toEqual(
      new Map([
        ['/token', undefined],
        ['/text', 'string'],
        ['/a~1b/0/key', undefined],
      ]),
    );
  });

  test('has names and types alone where only they were kept', () => {
    const found = seen({ args: { to: 'string', amount: 'number', note: 'null' }, argsKept: 'keys' });
    expect(found?.args).toEqual(Object.assign(objectOf([]), { to: '', amount: 0, note: null }));
    expect(found?.hidden).toEqual(
      new Map([
        ['/to', 'string'],
        ['/amount', 'number'],
      ]),
    );
  });

  test('has nothing where nothing was kept, or what was kept elsewhere is gone', () => {
    const all = new Map([['', undefined]]);
    expect(seen({ args: undefined, argsKept: 'digest' })?.hidden).toEqual(all);
    expect(seen({ args: undefined, argsKept: 'full' })?.hidden).toEqual(all);
    expect(seen({ args: undefined, argsKept: 'full' }, 'other', () => undefined)?.hidden).toEqual(all);
    const opened = seen({ args: undefined, argsKept: 'full' }, 'other', (n, id) => objectOf([[id, n]]));
    expect(opened).toMatchObject({ args: { r: 7 }, hidden: new Map() });
  });
});
