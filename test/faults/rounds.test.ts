import { describe, expect, it } from 'vitest';
import type { ConnectionEvents } from '../../src/gateway/ports.ts';
import { type Obj, objAt } from '../kit/json-rpc.ts';
import { heard, rule, said } from './seen.ts';
import { calm, modernWorld, type World } from './world.ts';

const ONCE = {
  version: '1',
  default: 'deny',
  requests: { elicitation: 'allow' },
  tools: { send: { limits: [{ counter: 'sends', window: 'hour', max: 1 }] }, read: {} },
};
const QUESTION = { method: 'elicitation/create', params: { message: 'Really?', requestedSchema: { type: 'object' } } };
const ANSWER = { confirm: { action: 'accept', content: { ok: true } } };

/** A server that asks for confirmation before it sends, and keeps its own state. */
function asks(message: Obj, events: ConnectionEvents): void {
  const params = objAt(message, 'params');
  const isAnswered = params['inputResponses'] !== undefined;
  const result = isAnswered
    ? { resultType: 'complete', content: [{ type: 'text', text: `sent, state ${String(params['requestState'])}` }] }
    : { resultType: 'input_required', inputRequests: { confirm: QUESTION }, requestState: 'server-state' };
  events.received({ kind: 'response', id: message['id'] as number, result }, undefined);
}

async function asked(
  policy: Obj = ONCE,
): Promise<{ readonly world: World; readonly first: Obj; readonly state: string }> {
  const world = await modernWorld(policy);
  world.onCall = asks;
  const first = objAt(await world.call(1, 'send', { to: 'bob' }), 'result');
  return { world, first, state: String(first['requestState']) };
}

const again = (world: World, state: unknown, args: Obj = { to: 'bob' }, name = 'send'): Promise<Obj | undefined> =>
  world.call(2, name, args, { inputResponses: ANSWER, requestState: state });

describe('a call for which the server needs input', () => {
  it('asks the client what the policy lets it ask, on record before the client hears, with the state sealed', async () => {
    const { world, first } = await asked();
    expect(first).toMatchObject({ resultType: 'input_required', inputRequests: { confirm: QUESTION } });
    expect(first['requestState']).not.toContain('server-state');
    await calm();
    expect(world.journal.records('call')).toMatchObject([
      { tool: 'send', decision: 'allow' },
      { method: 'elicitation/create', decision: 'allow', client: { name: 'tester', version: '7' } },
    ]);
    expect(world.journal.records('outcome')).toMatchObject([{ kind: 'input-required' }]);
  });

  it('goes on with its own state, and is one call for the limits', async () => {
    const { world, state } = await asked();
    expect(said(await again(world, state))).toBe('sent, state server-state');
    expect(world.store.used('sends')).toBe(1);
    expect(world.journal.got('tools/call')).toHaveLength(2);
  });

  it('that is answered twice counts twice: the second answer is refused by the limit', async () => {
    const { world, state } = await asked();
    await again(world, state);
    expect(rule(await again(world, state))).toBe('/tools/send/limits/0');
    expect(heard(world)).toBe(2);
  });

  it.each([
    ['other arguments', { to: 'mallory' }, 'send'],
    ['one argument more', { to: 'bob', cc: 'mallory' }, 'send'],
    ['another tool', { to: 'bob' }, 'read'],
  ])('is refused when it comes back with %s (W-20)', async (_what, args, name) => {
    const { world, state } = await asked();
    const answer = await again(world, state, args, name);
    expect(objAt(answer, 'error')).toMatchObject({ code: -32602, message: expect.stringContaining('another call') });
    expect(heard(world)).toBe(1);
    expect(world.journal.records('refused')).toHaveLength(1);
  });

  it('is refused with a state that was tampered with or made up', async () => {
    const { world, state } = await asked();
    const [payload = '', seal = ''] = state.split('.');
    const forged = [
      `${payload}.${seal.replace(/.$/, (last) => (last === '0' ? '1' : '0'))}`,
      `${payload.slice(0, -4)}AAAA.${seal}`,
      `${payload}.`,
      `${state}.more`,
      'server-state',
      '',
      7,
    ];
    for (const one of forged) expect(objAt(await again(world, one), 'error')['code']).toBe(-32602);
    expect(heard(world)).toBe(1);
  });

  it('whose state is left out is a call of its own: judged and counted in full', async () => {
    const { world } = await asked();
    expect(rule(await again(world, undefined))).toBe('/tools/send/limits/0');
    expect(heard(world)).toBe(1);
  });

  it('is refused when the answer comes too late', async () => {
    const { world, state } = await asked();
    world.clock.advance(3_600_001);
    expect(said(await again(world, state))).toContain('expired');
    expect(heard(world)).toBe(1);
  });

  it('is judged anew in every round: a grant that was revoked meanwhile gets nothing', async () => {
    const { world, state } = await asked();
    world.isGranted = false;
    expect(rule(await again(world, state))).toBe('(no policy)');
    expect(heard(world)).toBe(1);
  });

  it('ends where the policy forbids the question: the client is told why, and not asked', async () => {
    const { world, first } = await asked({ ...ONCE, requests: { elicitation: 'deny' } });
    expect(first['isError']).toBe(true);
    expect(JSON.stringify(first)).not.toContain('Really?');
    expect(said({ result: first })).toMatch(/^\[POLICY DENIED\] The server asks the client for elicitation\/create/);
    await calm();
    expect(world.journal.records('call')[1]).toMatchObject({ method: 'elicitation/create', decision: 'deny' });
  });

  it.each([
    ['a method that no server may use', { confirm: { method: 'tools/call', params: {} } }],
    ['no object', ['confirm']],
  ])('ends when the server asks in a form that nobody can judge: %s', async (_what, inputRequests) => {
    const world = await modernWorld(ONCE);
    world.onCall = (message, events) => {
      const result = { resultType: 'input_required', inputRequests: inputRequests as never };
      events.received({ kind: 'response', id: message['id'] as number, result }, undefined);
    };
    expect(rule(await world.call(1, 'send', { to: 'bob' }))).toBe('(message refused)');
  });
});
