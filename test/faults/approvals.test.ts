import { describe, expect, it } from 'vitest';
import { objAt } from '../kit/json-rpc.ts';
import { question, questions, somebody } from './approval-people.ts';
import { heard, rule, said } from './seen.ts';
import { answerCall, calm, openWorld, type World } from './world.ts';

const ASKS = {
  version: '1',
  default: 'deny',
  tools: { send: { action: 'require_approval', reason: 'Mail leaves the house.' }, read: {} },
};
const events = (world: World): readonly unknown[] => world.journal.records('event').map((body) => body['event']);

describe('a call that needs a person', () => {
  it('is not sent: the agent gets a ticket that names the request, and what to do', async () => {
    const world = await openWorld(ASKS);
    const answer = await world.call(1, 'send', { to: 'bob' });
    const { id } = question(world);
    expect(said(answer)).toMatch(/^\[APPROVAL REQUIRED\] Mail leaves the house\./);
    expect(said(answer)).toContain(id);
    expect(said(answer)).toContain('Then repeat the same call with the same arguments.');
    expect(rule(answer)).toBe('/tools/send/action');
    expect(heard(world)).toBe(0);
    expect(world.journal.records('call')[0]).toMatchObject({ decision: 'require_approval', approval: id });
    expect(events(world)).toEqual(['approval asked']);
  });

  it('is sent once when a person has approved, and the record says who', async () => {
    const world = await openWorld(ASKS);
    await world.call(1, 'send', { to: 'bob' });
    const { id } = question(world);
    expect((await somebody(world, 'carol').approve(id)).kind).toBe('answered');
    expect(said(await world.call(2, 'send', { to: 'bob' }))).not.toContain('APPROVAL');
    expect(heard(world)).toBe(1);
    expect(world.journal.records('call').at(-1)).toMatchObject({
      decision: 'allow',
      approval: id,
      approvedBy: ['carol'],
    });
    expect(events(world)).toEqual(['approval asked', 'approval answered', 'approval used']);
    // The yes is used up: the next one asks anew.
    expect(said(await world.call(3, 'send', { to: 'bob' }))).toContain('[APPROVAL REQUIRED]');
    expect(heard(world)).toBe(1);
    expect(questions(world).length).toBe(2);
  });

  it('asked again while the question is open joins it', async () => {
    const world = await openWorld(ASKS);
    await world.call(1, 'send', { to: 'bob', cc: 'ann' });
    await world.call(2, 'send', { cc: 'ann', to: 'bob' });
    expect(questions(world).length).toBe(1);
  });

  it('denied stays denied for as long as the question would have stood, without a new question', async () => {
    const world = await openWorld(ASKS);
    await world.call(1, 'send', { to: 'bob' });
    await somebody(world, 'carol').deny(question(world).id, 'not today');
    const again = await world.call(2, 'send', { to: 'bob' });
    expect(said(again)).toContain('[POLICY DENIED] carol denied it: not today');
    expect(questions(world).length).toBe(1);
    world.clock.advance(900_000);
    expect(said(await world.call(3, 'send', { to: 'bob' }))).toContain('[APPROVAL REQUIRED]');
    expect(heard(world)).toBe(0);
  });

  it('whose question nobody answers is refused: what expires is no yes', async () => {
    const world = await openWorld(ASKS);
    await world.call(1, 'send', { to: 'bob' });
    const first = question(world);
    world.clock.advance(900_000);
    expect(await somebody(world, 'carol').approve(first.id)).toEqual({
      kind: 'over',
      reason: 'The question has expired.',
    });
    const again = await world.call(2, 'send', { to: 'bob' });
    expect(said(again)).toContain(`The request ${first.id} has expired: nobody answered in time.`);
    expect(heard(world)).toBe(0);
  });

  it('approved too long ago is asked anew', async () => {
    const world = await openWorld(ASKS);
    await world.call(1, 'send', { to: 'bob' });
    const first = question(world);
    await somebody(world, 'carol').approve(first.id);
    world.clock.advance(900_000);
    expect(said(await world.call(2, 'send', { to: 'bob' }))).toContain('it was approved, and not used in time');
    expect(heard(world)).toBe(0);
  });

  it('cannot be answered twice', async () => {
    const world = await openWorld(ASKS);
    await world.call(1, 'send', { to: 'bob' });
    const { id } = question(world);
    await somebody(world, 'carol').deny(id);
    expect((await somebody(world, 'dave').approve(id)).kind).toBe('over');
    expect(question(world).state).toBe('denied');
  });
});

describe('an approval fits nothing but what was approved', () => {
  async function approved(policy: object = ASKS): Promise<World> {
    const world = await openWorld(policy as never);
    await world.call(1, 'send', { to: 'bob', amount: 5 });
    await somebody(world, 'carol').approve(question(world).id);
    return world;
  }

  it('other arguments are another question, and the agent is told which differ', async () => {
    const world = await approved();
    const answer = await world.call(2, 'send', { to: 'bob', amount: 50 });
    expect(said(answer)).toContain('is approved for other arguments (they differ at /amount)');
    expect(heard(world)).toBe(0);
  });

  it('one more argument is another question', async () => {
    const world = await approved();
    expect(said(await world.call(2, 'send', { to: 'bob', amount: 5, bcc: 'eve' }))).toContain('/bcc');
    expect(heard(world)).toBe(0);
  });

  it('a rule that says something else now asks anew', async () => {
    const world = await approved();
    world.policy = { ...ASKS, tools: { ...ASKS.tools, send: { approve_if: [{ conditions: [] }] } } };
    const answer = await world.call(2, 'send', { to: 'bob', amount: 5 });
    expect(said(answer)).toContain('another rule asks now than the one that asked then');
    expect(questions(world).map(({ state }) => state)).toEqual(['void', 'open']);
    expect(heard(world)).toBe(0);
  });

  it('an edit of the policy elsewhere does not void it', async () => {
    const world = await approved();
    world.policy = { ...ASKS, tools: { ...ASKS.tools, other: {} } };
    await world.call(2, 'send', { to: 'bob', amount: 5 });
    expect(heard(world)).toBe(1);
  });

  it('a rule that moved to another place in its list is the same rule', async () => {
    const entry = { conditions: [{ path: 'args.amount', op: 'gt', value: 1 }] };
    const other = { conditions: [{ path: 'args.to', op: 'eq', value: 'nobody' }] };
    const rules = (list: readonly object[]): object => ({ ...ASKS, tools: { send: { approve_if: list } } });
    const world = await approved(rules([entry]));
    world.policy = rules([other, entry]) as never;
    await world.call(2, 'send', { to: 'bob', amount: 5 });
    expect(heard(world)).toBe(1);
  });

  it('what the policy denies by now is denied, approved or not', async () => {
    const world = await approved();
    world.policy = { ...ASKS, tools: { ...ASKS.tools, send: { action: 'deny' } } };
    expect(said(await world.call(2, 'send', { to: 'bob', amount: 5 }))).toContain('[POLICY DENIED]');
    expect(heard(world)).toBe(0);
  });

  it('a limit that is full by now refuses, approved or not', async () => {
    const limited = {
      ...ASKS,
      tools: { send: { action: 'require_approval', limits: [{ counter: 'sends', window: 'hour', max: 1 }] } },
    };
    const world = await approved(limited);
    await world.call(2, 'send', { to: 'bob', amount: 5 });
    expect(heard(world)).toBe(1);
    await world.call(3, 'send', { to: 'ann' });
    expect(questions(world).length).toBe(1);
    expect(heard(world)).toBe(1);
  });

  it('a grant that is revoked by now is refused', async () => {
    const world = await approved();
    world.isGranted = false;
    expect(said(await world.call(2, 'send', { to: 'bob', amount: 5 }))).toContain('revoked');
    expect(heard(world)).toBe(0);
  });
});

describe('beyond a limit', () => {
  const LIMITED = {
    version: '1',
    default: 'deny',
    tools: { send: { limits: [{ counter: 'sends', window: 'hour', max: 1, on_exceed: 'require_approval' }] } },
  };

  it('a call that a person approved passes, is counted, and is marked', async () => {
    const world = await openWorld(LIMITED);
    await world.call(1, 'send', { n: 1 });
    expect(said(await world.call(2, 'send', { n: 2 }))).toContain('[APPROVAL REQUIRED]');
    expect(world.store.used('sends')).toBe(1);
    await somebody(world, 'carol').approve(question(world).id);
    await world.call(3, 'send', { n: 2 });
    expect(heard(world)).toBe(2);
    expect(world.store.used('sends')).toBe(2);
    expect(world.journal.records('call').at(-1)).toMatchObject({ beyondLimit: '/tools/send/limits/0' });
  });
});

describe('who may answer', () => {
  it('nobody without the role', async () => {
    const world = await openWorld(ASKS);
    await world.call(1, 'send');
    const answer = await somebody(world, 'eve', ['viewer', 'editor']).approve(question(world).id);
    expect(answer).toMatchObject({ kind: 'forbidden' });
    expect(question(world).state).toBe('open');
  });

  it('four eyes: two people must agree, and one person counts once', async () => {
    const world = await openWorld({ ...ASKS, approvals: { count: 2 } });
    await world.call(1, 'send');
    const { id } = question(world);
    await somebody(world, 'carol').approve(id);
    expect(await somebody(world, 'carol').approve(id)).toMatchObject({ kind: 'forbidden' });
    expect(said(await world.call(2, 'send'))).toContain('[APPROVAL REQUIRED]');
    expect(heard(world)).toBe(0);
    await somebody(world, 'dave').approve(id);
    await world.call(3, 'send');
    expect(heard(world)).toBe(1);
  });

  it('who comes after a change of the arguments says which are approved of', async () => {
    const world = await openWorld({ ...ASKS, approvals: { count: 2 } });
    await world.call(1, 'send', { to: 'bob' });
    const { id } = question(world);
    await somebody(world, 'carol').approve(id, { to: 'everybody' });
    expect(await somebody(world, 'dave').approve(id)).toMatchObject({ kind: 'invalid' });
    await world.call(2, 'send', { to: 'bob' });
    expect(heard(world)).toBe(0);
    await somebody(world, 'dave').approve(id, { to: 'everybody' });
    await world.call(3, 'send', { to: 'bob' });
    expect(objAt(world.journal.got('tools/call')[0], 'params')['arguments']).toEqual({ to: 'everybody' });
  });

  it('only the owners and roles that the policy names', async () => {
    const world = await openWorld({ ...ASKS, approvals: { approvers: { owners: ['dave'] } } });
    await world.call(1, 'send');
    const { id } = question(world);
    expect(await somebody(world, 'carol').approve(id)).toMatchObject({ kind: 'forbidden' });
    expect(await somebody(world, 'root', ['admin']).approve(id)).toMatchObject({ kind: 'forbidden' });
    expect(await somebody(world, 'dave', ['viewer']).approve(id)).toMatchObject({ kind: 'answered' });
  });
});

describe('a yes counts for as long as who gave it is that person', () => {
  it('somebody who was removed, or is somebody else by now, has not approved', async () => {
    const world = await openWorld(ASKS);
    await world.call(1, 'send');
    await somebody(world, 'carol').approve(question(world).id);
    world.asking = { ...world.asking, countsNow: ({ by, mark }) => by !== 'carol' || mark !== 'mark of carol' };
    expect(said(await world.call(2, 'send'))).toContain(
      'carol, who approved of it, is not known as the same person any more',
    );
    expect(questions(world).map(({ state }) => state)).toEqual(['void', 'open']);
    expect(heard(world)).toBe(0);
  });
});

describe('an approver who changes the arguments', () => {
  it('has exactly those sent, and the agent learns what was changed', async () => {
    const world = await openWorld(ASKS);
    await world.call(1, 'send', { to: 'bob', amount: 500 });
    await somebody(world, 'carol').approve(question(world).id, { to: 'bob', amount: 50 });
    const answer = await world.call(2, 'send', { to: 'bob', amount: 500 });
    expect(objAt(world.journal.got('tools/call')[0], 'params')['arguments']).toEqual({ to: 'bob', amount: 50 });
    expect(said(answer)).toContain('[APPROVED WITH CHANGES] carol changed the arguments');
    expect(said(answer)).toContain('/amount: 500 → 50');
    expect(world.journal.records('call').at(-1)).toMatchObject({
      decision: 'allow',
      edited: true,
      args: { to: 'bob', amount: 50 },
    });
  });

  it('cannot have sent what the policy refuses', async () => {
    const policy = {
      ...ASKS,
      tools: {
        send: {
          action: 'require_approval',
          deny_if: [{ conditions: [{ path: 'args.amount', op: 'gt', value: 100 }] }],
        },
      },
    };
    const world = await openWorld(policy);
    await world.call(1, 'send', { amount: 5 });
    await somebody(world, 'carol').approve(question(world).id, { amount: 500 });
    const answer = await world.call(2, 'send', { amount: 5 });
    expect(said(answer)).toContain('carol approved of this call with other arguments, and those are refused');
    expect(heard(world)).toBe(0);
  });

  it('uses the approval up', async () => {
    const world = await openWorld(ASKS);
    await world.call(1, 'send', { amount: 500 });
    await somebody(world, 'carol').approve(question(world).id, { amount: 50 });
    await world.call(2, 'send', { amount: 500 });
    expect(said(await world.call(3, 'send', { amount: 500 }))).toContain('[APPROVAL REQUIRED]');
    expect(heard(world)).toBe(1);
  });
});

describe('a yes that could not be used', () => {
  it('because nothing reached the server, is given back once, for the time that is left', async () => {
    const world = await openWorld(ASKS);
    await world.call(1, 'send');
    await somebody(world, 'carol').approve(question(world).id);
    world.onCall = (message, server) => server.failed(message['id'] as number, 'unsent', 'it is down');
    expect(said(await world.call(2, 'send'))).toContain('nothing was sent');
    expect(questions(world).map(({ state }) => state)).toEqual(['used', 'approved']);
    world.onCall = answerCall;
    await world.call(3, 'send');
    expect(questions(world).map(({ state }) => state)).toEqual(['used', 'used']);
    expect(said(await world.call(4, 'send'))).toContain('[APPROVAL REQUIRED]');
  });

  it('because its client left between the answer and the sending, is not used', async () => {
    const world = await openWorld(ASKS);
    await world.call(1, 'send');
    await somebody(world, 'carol').approve(question(world).id);
    const commit = world.store.onCommit;
    world.store.onCommit = async (write) => {
      await world.cancel(2);
      return commit(write);
    };
    await world.call(2, 'send');
    expect(heard(world)).toBe(0);
    expect(question(world).state).toBe('approved');
  });
});

describe('whoever waited for an answer gets that answer', () => {
  const LIMITED = {
    version: '1',
    default: 'deny',
    tools: { send: { action: 'require_approval' } },
  };

  async function waiting(): Promise<{ world: World; answer: Promise<unknown> }> {
    const world = await openWorld(LIMITED);
    world.asking = { ...world.asking, holdMs: undefined };
    const answer = world.call(1, 'send', { amount: 1000 });
    await calm();
    // By now nothing asks any more.
    world.policy = { ...LIMITED, tools: { send: {} } };
    return { world, answer };
  }

  it('denied is denied, also if the rule asks no more', async () => {
    const { world, answer } = await waiting();
    await somebody(world, 'carol').deny(question(world).id);
    world.clock.advance(250);
    expect(said(await answer)).toContain('carol denied it');
    expect(heard(world)).toBe(0);
  });

  it('changed arguments are sent as they were changed, and the yes is used', async () => {
    const { world, answer } = await waiting();
    await somebody(world, 'carol').approve(question(world).id, { amount: 5 });
    world.clock.advance(250);
    await answer;
    expect(objAt(world.journal.got('tools/call')[0], 'params')['arguments']).toEqual({ amount: 5 });
    expect(question(world).state).toBe('used');
    expect(world.journal.records('call').map(({ decision }) => decision)).not.toContain(undefined);
  });
});

describe('where nobody is named who could answer', () => {
  it('the agent is told so, and what the operator is to do', async () => {
    const world = await openWorld(ASKS);
    world.asking = { ...world.asking, hasPeople: false };
    expect(said(await world.call(1, 'send'))).toMatch(
      /nobody is named who could answer .* name people in the configuration/,
    );
  });
});

describe('who must approve, and what is lifted by it', () => {
  it('is what the policy says when the call is sent', async () => {
    const world = await openWorld(ASKS);
    await world.call(1, 'send');
    await somebody(world, 'carol').approve(question(world).id);
    world.policy = { ...ASKS, approvals: { count: 2 } };
    expect(said(await world.call(2, 'send'))).toContain('other people, or another number of them');
    expect(heard(world)).toBe(0);
  });

  it('a yes lifts no limit that it was not asked about', async () => {
    const limits = [{ counter: 'sum', window: 'hour', max: 100, amount: 'args.amount', on_exceed: 'require_approval' }];
    const world = await openWorld({ ...ASKS, tools: { send: { action: 'require_approval', limits } } });
    await world.call(1, 'send', { amount: 60 });
    await somebody(world, 'carol').approve(question(world).id);
    await world.call(2, 'send', { amount: 50 });
    const second = question(world);
    await somebody(world, 'carol').approve(second.id);
    await world.call(3, 'send', { amount: 60 });
    expect(heard(world)).toBe(1);
    expect(said(await world.call(4, 'send', { amount: 50 }))).toContain(
      'a limit stands in its way now that did not then',
    );
    expect(heard(world)).toBe(1);
    // Asked anew, with the limit before the person's eyes.
    expect(question(world).subject.reason).toContain('Limit sum: at most 100');
    await somebody(world, 'carol').approve(question(world).id);
    await world.call(5, 'send', { amount: 50 });
    expect(heard(world)).toBe(2);
    expect(world.journal.records('call').at(-1)).toMatchObject({ beyondLimit: '/tools/send/limits/0' });
  });

  it('what a client writes beside the call is not sent with it', async () => {
    const world = await openWorld(ASKS);
    await world.call(1, 'send');
    await somebody(world, 'carol').approve(question(world).id);
    await world.call(2, 'send', {}, { _meta: { 'com.example/as-user': 'root', progressToken: 'p' } });
    const meta = objAt(objAt(world.journal.got('tools/call')[0], 'params'), '_meta');
    expect(Object.keys(meta)).toEqual(['progressToken']);
  });
});

describe('abuse', () => {
  it('to call off makes no room for more', async () => {
    const world = await openWorld(ASKS);
    for (let n = 0; n < 5; n++) {
      await world.call(n, 'send', { n });
      await somebody(world, 'carol').deny(question(world).id);
    }
    expect(said(await world.call(9, 'send', { n: 9 }))).toContain('or were denied or called off a moment ago');
  });

  it('a grant cannot fill the desk: so many questions about one tool, and no more', async () => {
    const world = await openWorld(ASKS);
    for (let n = 0; n < 5; n++) await world.call(n, 'send', { n });
    const answer = await world.call(9, 'send', { n: 9 });
    expect(said(answer)).toContain('[POLICY DENIED] 5 questions about send wait for a person already');
    expect(questions(world).length).toBe(5);
  });

  it('arguments that nobody can read are not asked about', async () => {
    const world = await openWorld(ASKS);
    const answer = await world.call(1, 'send', { text: 'x'.repeat(300_000) });
    expect(said(answer)).toContain('nobody can read its');
    expect(questions(world)).toEqual([]);
  });
});

describe('a call that is held while a person is asked', () => {
  async function heldWorld(): Promise<World> {
    const world = await openWorld(ASKS);
    world.asking = { ...world.asking, holdMs: undefined };
    return world;
  }

  it('goes on when the answer comes, in the same request', async () => {
    const world = await heldWorld();
    const waiting = world.call(1, 'send', { to: 'bob' });
    await calm();
    await somebody(world, 'carol').approve(question(world).id);
    world.clock.advance(250);
    expect(said(await waiting)).not.toContain('APPROVAL');
    expect(heard(world)).toBe(1);
  });

  it('tells its progress, which rises', async () => {
    const world = await heldWorld();
    const told: number[] = [];
    const push = (message: { readonly params?: unknown }): boolean => {
      told.push(objAt(message, 'params')['progress'] as number);
      return true;
    };
    const params = { name: 'send', arguments: {}, _meta: { progressToken: 'p' } };
    const waiting = world.client({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }, { push });
    await calm();
    for (let n = 0; n < 3; n++) world.clock.advance(10_000);
    expect(told.length).toBe(4);
    expect([...told].sort((a, b) => a - b)).toEqual(told);
    await somebody(world, 'carol').deny(question(world).id);
    world.clock.advance(250);
    expect(said(await waiting)).toContain('[POLICY DENIED] carol denied it.');
    expect(heard(world)).toBe(0);
  });

  it('becomes a ticket before its client loses patience, and the ticket is good', async () => {
    const world = await heldWorld();
    const waiting = world.call(1, 'send', { to: 'bob' });
    await calm();
    world.clock.advance(50_000);
    expect(said(await waiting)).toContain('[APPROVAL REQUIRED]');
    await somebody(world, 'carol').approve(question(world).id);
    await world.call(2, 'send', { to: 'bob' });
    expect(heard(world)).toBe(1);
  });

  it('whose client vanished leaves a ticket, never an executed call', async () => {
    const world = await heldWorld();
    const waiting = world.call(1, 'send', { to: 'bob' });
    await calm();
    await world.cancel(1);
    expect(await waiting).toBeUndefined();
    await somebody(world, 'carol').approve(question(world).id);
    world.clock.advance(60_000);
    await calm();
    expect(heard(world)).toBe(0);
    expect(question(world).state).toBe('approved');
  });

  it('whose stream is broken when the answer comes is not sent behind its back', async () => {
    const world = await heldWorld();
    const params = { name: 'send', arguments: {} };
    let isThere = true;
    const waiting = world.client({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }, { isWaiting: () => isThere });
    await calm();
    isThere = false;
    await somebody(world, 'carol').approve(question(world).id);
    world.clock.advance(250);
    expect(said(await waiting)).toContain('[APPROVAL REQUIRED]');
    expect(heard(world)).toBe(0);
  });

  it('twice the same: one yes sends one of them', async () => {
    const world = await heldWorld();
    world.onCall = (message, server) => answerCall(message, server);
    const both = [world.call(1, 'send', { to: 'bob' }), world.call(2, 'send', { to: 'bob' })];
    await calm();
    expect(questions(world).length).toBe(1);
    await somebody(world, 'carol').approve(question(world).id);
    world.clock.advance(250);
    const answers = (await Promise.all(both)).map(said);
    expect(heard(world)).toBe(1);
    expect(answers.filter((text) => text.includes('it counts once'))).toHaveLength(1);
  });
});
