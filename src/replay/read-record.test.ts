import { describe, expect, it } from 'vitest';
import { readRecord, type Told } from './read-record.ts';
import type { RecordedCall } from './recorded-call.ts';

const CALL = {
  args: { flow: 'a', token: '••••' },
  argsDigest: 'ab',
  argsKept: 'redacted',
  class: 'execute',
  client: { name: 'agent', version: null },
  decision: 'allow',
  grant: 'laptop',
  labels: { team: 'red' },
  method: 'tools/call',
  owner: 'ada',
  reason: 'Allowed.',
  rule: '/tools/replay_flow',
  server: 'flows',
  session: 's-1',
  tick: 1_700_000_000_005,
  tool: 'replay_flow',
};

function told(body: object, kind: 'call' | 'outcome' | 'refused' | 'event' = 'call'): Told {
  const link = { writer: 'w', seq: 1, limits: '[]', hash: '' };
  return readRecord({ ...link, n: 7, id: 'x', kind, at: 1_700_000_000_000, body: JSON.stringify(body) });
}

function called(body: object): RecordedCall {
  const one = told(body);
  if (one.kind !== 'call') throw new Error(`told ${one.kind}`);
  return one.call;
}

describe('a record that is read again', () => {
  it('tells who called what, and what was said', () => {
    expect(called(CALL)).toMatchObject({
      n: 7,
      kind: 'tool',
      name: 'replay_flow',
      args: { kind: 'masked', value: { flow: 'a', token: '••••' } },
      grant: 'laptop',
      labels: { team: 'red' },
      session: 's-1',
      client: { name: 'agent', version: undefined },
      class: 'execute',
      tick: 1_700_000_000_005,
      round: 'first',
      said: { effect: 'allow', rule: '/tools/replay_flow' },
      came: 'allow',
    });
  });

  it('knows that a grant without labels has none, and that an older record tells nothing of them', () => {
    const { labels: _, ...unlabelled } = CALL;
    expect(called(unlabelled).labels).toEqual({});
    const { tick: __, ...older } = unlabelled;
    expect(called(older)).toMatchObject({ labels: undefined, tick: undefined });
  });

  it('tells what the rules said apart from what a person made of it', () => {
    const said = { decision: 'require_approval', rule: '/tools/replay_flow/action' };
    expect(called({ ...CALL, approval: 'a-1', said })).toMatchObject({
      said: { effect: 'require_approval', rule: '/tools/replay_flow/action' },
      came: 'allow',
      approval: 'a-1',
    });
    const { tick: _, ...older } = CALL;
    expect(called({ ...older, approval: 'a-1' }).said.effect).toBe('require_approval');
  });

  it('has of a resource all that it was judged by, whatever was kept', () => {
    const { tool: _, ...rest } = CALL;
    const body = { ...rest, method: 'resources/read', target: 'file:///a', args: { uri: 'string' }, argsKept: 'keys' };
    expect(called(body)).toMatchObject({ kind: 'resource', args: { kind: 'whole', value: { uri: 'file:///a' } } });
  });

  it('reads the arguments that were known when a prompt was completed', () => {
    const { tool: _, ...rest } = CALL;
    const args = { argument: { name: 'city', value: 'Be' }, context: { arguments: { land: 'de' } } };
    const body = { ...rest, method: 'completion/complete', completes: 'prompt', target: 'greet', args };
    expect(called(body)).toMatchObject({ kind: 'prompt', args: { value: { land: 'de', city: 'Be' } } });
  });

  it.each([
    ['types alone', { argsKept: 'keys', args: { flow: 'string' } }, { kind: 'types', types: { flow: 'string' } }],
    ['a digest', { argsKept: 'digest', args: undefined }, { kind: 'none' }],
    ['a value outside of it', { argsKept: 'full', args: undefined }, { kind: 'elsewhere' }],
    ['the whole value', { argsKept: 'full' }, { kind: 'whole' }],
  ])('has of the arguments %s', (_what, more, args) => {
    expect(called({ ...CALL, ...more }).args).toMatchObject(args);
  });

  it('knows what never reached a server', () => {
    expect(told({ kind: 'unsent', latency: {} }, 'outcome')).toEqual({ kind: 'unsent', id: 'x' });
    expect(told({ kind: 'ok', detail: '"kind":"unsent"' }, 'outcome')).toEqual({ kind: 'nothing' });
    expect(told({}, 'refused')).toEqual({ kind: 'no call' });
    expect(told({}, 'event')).toEqual({ kind: 'nothing' });
    expect(told({ decision: 'perhaps' })).toEqual({ kind: 'no call' });
  });
});
