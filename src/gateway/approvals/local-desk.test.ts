import { beforeEach, describe, expect, it } from 'vitest';
import { question } from '../../../test/kit/fake-desk.ts';
import { type MemoryApprovals, memoryApprovals } from '../../../test/kit/memory-approvals.ts';
import { objectOf } from '../../wire/json.ts';
import type { ExceptionWish, GivenAnswer, Viewer } from './approval-desk.ts';
import { LocalDesk } from './local-desk.ts';

const ID = 'ap_one';
const YES: GivenAnswer = { said: 'approve', note: undefined, arguments: undefined };
const NO: GivenAnswer = { ...YES, said: 'deny' };
const OTHER: GivenAnswer = { ...YES, arguments: objectOf([['amount', 6]]) };
const WISH: ExceptionWish = { until: undefined, widen: {}, limit: undefined };

let store: MemoryApprovals;
let desk: LocalDesk;
let marks: Map<string, string>;
/** What was proposed or written. */
let heard: string[];
/** Happens while changed arguments are held against the policy. */
let meanwhile: () => void;

const ann: Viewer = {
  person: { name: 'ann', roles: new Set(['approver', 'editor']) },
  channel: 'api',
  credential: 'of ann',
};

beforeEach(() => {
  store = memoryApprovals();
  store.write({ approvals: [question(ID, { amount: 5 })], records: [], notices: [] }, 0);
  marks = new Map([['ann', 'of ann']]);
  heard = [];
  meanwhile = () => {};
  let ids = 0;
  desk = new LocalDesk({
    store,
    clock: { now: () => 0, tick: () => 0, lead: () => 0 },
    crypto: { id: () => `id${ids++}` },
    herald: { tell: () => [] },
    exceptions: {
      async propose() {
        heard.push('proposed');
        return { kind: 'none', reason: 'not here' };
      },
      async adopt(_approval, _wish, _digest, { name }) {
        heard.push(`written by ${name}`);
        return { kind: 'none', reason: 'not here' };
      },
    },
    async whyUnfit() {
      meanwhile();
      return undefined;
    },
    marks: async () => (name) => marks.get(name),
    onChange() {},
  });
});

const kept = () => store.kept.find(({ id }) => id === ID);

describe('an answer', () => {
  it('is of who proved to be that person', async () => {
    expect(await desk.answer(ID, YES, ann)).toMatchObject({ kind: 'answered' });
    expect(kept()).toMatchObject({ state: 'approved', answers: [{ by: 'ann', mark: 'of ann' }] });
  });

  it.each([
    ['a yes', YES],
    ['a no', NO],
    ['a yes to other arguments', OTHER],
  ])('that is %s is not taken from who was removed since, or is another by roles or secrets', async (_, given) => {
    marks.set('ann', 'another');
    const changed = await desk.answer(ID, given, ann);
    marks.delete('ann');
    const removed = await desk.answer(ID, given, ann);
    expect([changed.kind, removed.kind]).toEqual(['forbidden', 'forbidden']);
    expect(changed).toMatchObject({ reason: expect.stringMatching(/^ann was removed.*Nothing was done/) });
    expect(kept()).toMatchObject({ state: 'open', answers: [] });
  });

  it('is not taken from who is removed while the arguments are judged', async () => {
    meanwhile = () => marks.delete('ann');
    expect(await desk.answer(ID, OTHER, ann)).toMatchObject({ kind: 'forbidden' });
    expect(kept()?.answers).toEqual([]);
  });

  it('is not taken from who is removed while it waits for its transaction', async () => {
    const { changeApproval } = store;
    store.changeApproval = (...given) => {
      marks.delete('ann');
      return changeApproval(...given);
    };
    expect(await desk.answer(ID, YES, ann)).toMatchObject({ kind: 'forbidden' });
    expect(kept()?.answers).toEqual([]);
  });

  it('is not taken from who proved nothing', async () => {
    for (const viewer of [
      { ...ann, credential: undefined },
      { ...ann, person: { name: 'nobody', roles: new Set(['admin'] as const) }, credential: undefined },
    ])
      expect(await desk.answer(ID, YES, viewer)).toMatchObject({ kind: 'forbidden' });
    expect(kept()?.answers).toEqual([]);
  });
});

describe('a rule', () => {
  it('is proposed to and written by who proved to be that person', async () => {
    await desk.propose(ID, WISH, ann);
    await desk.adopt(ID, WISH, 'digest', ann);
    expect(heard).toEqual(['proposed', 'written by ann']);
  });

  it('is neither for who was removed or is another since', async () => {
    for (const mark of ['another', undefined]) {
      if (mark === undefined) marks.delete('ann');
      else marks.set('ann', mark);
      expect(await desk.propose(ID, WISH, ann)).toMatchObject({ kind: 'forbidden' });
      expect(await desk.adopt(ID, WISH, 'digest', ann)).toMatchObject({ kind: 'forbidden' });
    }
    expect(heard).toEqual([]);
  });
});
