import { describe, expect, it } from 'vitest';
import { acceptTools } from '../../src/gateway/pins/accept-tools.ts';
import type { ConnectionEvents } from '../../src/gateway/ports.ts';
import { type Obj, objAt } from '../kit/json-rpc.ts';
import { question, questions, somebody } from './approval-people.ts';
import { heard, said } from './seen.ts';
import { calm, freshModernWorld, modern, modernWorld, type World } from './world.ts';

// What the model of law 12 found, told as stories.

const asksWhy = (reason: string): Obj => ({
  version: '1',
  default: 'deny',
  tools: { send: { approve_if: [{ conditions: [], on_deny: reason, id: 'always' }] } },
});
const TO_BOB = { to: 'bob' };

/** A server that wants another round of every call. */
function wantsMore(message: Obj, events: ConnectionEvents): void {
  const isFirst = objAt(message, 'params')['requestState'] === undefined;
  const result = isFirst
    ? { resultType: 'input_required', inputRequests: {}, requestState: 'of the server' }
    : { resultType: 'complete', content: [] };
  events.received({ kind: 'response', id: message['id'] as number, result }, undefined);
}

/** A call that a person approved, perhaps with changes, and that waits for its second round; gives the state to go on with. */
async function halfDone(world: World, changed?: Obj): Promise<string> {
  world.onCall = wantsMore;
  await world.call(1, 'send', TO_BOB);
  await somebody(world, 'carol').approve(question(world).id, changed);
  const first = objAt(await world.call(2, 'send', TO_BOB), 'result');
  expect(heard(world)).toBe(1);
  return String(first['requestState']);
}

const goOn = (world: World, id: number, requestState: string): Promise<Obj | undefined> =>
  world.call(id, 'send', TO_BOB, { inputResponses: {}, requestState });

const argumentsSent = (world: World): readonly unknown[] =>
  world.journal.got('tools/call').map((message) => objAt(message, 'params')['arguments']);

describe('the second round of an approved call', () => {
  it('goes on with what the first one had', async () => {
    const world = await modernWorld(asksWhy('Mail.'));
    const state = await halfDone(world, { to: 'ann' });
    await goOn(world, 3, state);
    expect(argumentsSent(world)).toEqual([{ to: 'ann' }, { to: 'ann' }]);
    expect(questions(world).length).toBe(1);
  });

  it('is asked about anew when the definition of the tool is another by now', async () => {
    const world = await modernWorld(asksWhy('Mail.'));
    const state = await halfDone(world);
    await listAnew(world);
    expect(said(await goOn(world, 3, state))).toContain('[APPROVAL REQUIRED]');
    expect(heard(world)).toBe(1);
  });

  it('of changed arguments is not sent with an approval of what the agent wrote', async () => {
    const world = await modernWorld(asksWhy('Mail.'));
    const state = await halfDone(world, { to: 'ann' });
    world.policy = asksWhy('Mail leaves the house.');
    await world.call(3, 'send', TO_BOB);
    await somebody(world, 'carol').approve(question(world).id);
    const answer = said(await goOn(world, 4, state));
    expect(answer).toMatch(/^\[(POLICY DENIED|APPROVAL REQUIRED)\]/);
    expect(argumentsSent(world)).toEqual([{ to: 'ann' }]);
    expect(questions(world).at(-1)?.state).toBe('approved');
  });

  it('that was not sent gives no yes back: the first one was', async () => {
    const world = await modernWorld(asksWhy('Mail.'));
    const state = await halfDone(world);
    world.onCall = (message, events) => events.failed(message['id'] as number, 'unsent', 'the network');
    await goOn(world, 3, state);
    world.onCall = wantsMore;
    await world.call(4, 'send', TO_BOB);
    expect(questions(world).map(({ state }) => state)).toEqual(['used', 'open']);
    expect(heard(world)).toBe(2);
  });

  it('does not take another approval of changed arguments for its own', async () => {
    const two = (...rules: readonly Obj[]): Obj => ({
      version: '1',
      default: 'deny',
      tools: { send: { approve_if: rules } },
    });
    const always = { conditions: [], id: 'b' };
    const toBob = { conditions: [{ path: 'args.to', op: 'eq', value: 'bob' }], id: 'a' };
    const world = await modernWorld(two(always));
    const state = await halfDone(world);
    world.policy = two(toBob, always);
    await world.call(3, 'send', TO_BOB);
    const { id } = question(world);
    await somebody(world, 'carol').approve(id, { to: 'ann' });
    await goOn(world, 4, state);
    // The rule that asked about the call does not ask about what was written in its place, and another one does.
    expect(argumentsSent(world)).toEqual([TO_BOB]);
    expect(questions(world).find((one) => one.id === id)?.state).toBe('void');
  });
});

/** The server lists another definition, and a person accepts it. */
async function listAnew(world: World): Promise<void> {
  const { gate, session } = world;
  session.tools.forget();
  const listed = [{ name: 'send', description: 'sends, and keeps a copy', inputSchema: { type: 'object' } }];
  const serve = session.connection.send.bind(session.connection);
  session.connection.send = (pass) => {
    const { id, method } = JSON.parse(JSON.stringify(pass.message)) as Obj;
    if (method !== 'tools/list') return serve(pass);
    const result = JSON.parse(JSON.stringify({ resultType: 'complete', tools: listed }));
    world.server().received({ kind: 'response', id: id as number, result }, undefined);
  };
  await world.client({ jsonrpc: '2.0', id: 'list', method: 'tools/list', params: modern() });
  const stamp = { at: 0, id: () => 'accepting' };
  let edition = 0;
  await world.pins.changePins('mail', (now, digest) => {
    const accepted = acceptTools(now, { server: 'mail', tools: 'all', digest: undefined }, stamp, digest);
    if (accepted.kind !== 'accepted') throw new Error('nothing waits to be accepted');
    edition = now.edition + 1;
    return accepted.plan;
  });
  await gate.pins('mail').takeUp(edition);
}

describe('a client of the modern era that takes its call back at once', () => {
  const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: modern({ name: 'send', arguments: {} }) };
  const free = { version: '1', default: 'deny', tools: { send: {} } };

  it('has nothing sent, though both messages came together', async () => {
    const world = await modernWorld(free);
    const answer = world.client(call);
    void world.cancel(1);
    expect(await answer).toBeUndefined();
    expect(heard(world)).toBe(0);
  });

  it('has nothing sent while it is still asked what the server speaks', async () => {
    const world = freshModernWorld(free);
    const answer = world.client(call);
    void world.cancel(1);
    expect(await answer).toBeUndefined();
    await calm();
    expect(heard(world)).toBe(0);
  });
});
