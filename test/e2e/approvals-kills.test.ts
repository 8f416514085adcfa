import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Obj, objAt, textOf } from '../kit/json-rpc.ts';
import { type ModernHttpClient, modernClient, WITH_TASKS } from '../kit/modern-client.ts';
import { ALICE, type ApprovalSite, openSite, word } from './approval-site.ts';
import { eventually } from './rig.ts';

const SEEDS = 8;
let site: ApprovalSite;

beforeAll(async () => {
  site = await openSite();
});

afterAll(() => site?.stop());

/** A client that never waits: it gets the answer, or the task in which a person is asked. */
function client(base: string = site.gateway().base): ModernHttpClient {
  return site.kit.add(modernClient(`${base}/mcp/new`, ALICE, WITH_TASKS));
}

/** What becomes of the call: the answer's text, or the request under which a person is asked. */
async function call(text: string, tool = 'echo', one: ModernHttpClient = client()): Promise<string> {
  const result = objAt(await one.call(tool, { text }), 'result');
  return result['resultType'] === 'task' ? String(result['taskId']) : textOf(result);
}

async function ask(text: string, tool?: string): Promise<string> {
  const id = await call(text, tool);
  expect(id).toMatch(/^ap_/);
  return id;
}

async function approved(text: string, tool?: string): Promise<string> {
  const id = await ask(text, tool);
  await site.ann.approve(id);
  return id;
}

async function stateOf(id: string): Promise<unknown> {
  return (await site.ann.show(id))['state'];
}

/** How many calls with this text were answered by asking a person, as the log has it. */
async function heldCalls(text: string): Promise<number> {
  const calls = (await site.log()).filter(({ decision }) => decision === 'require_approval');
  return calls.filter((one) => JSON.stringify(one).includes(text)).length;
}

/** From here on the call is sent once, for this approval, and the next one asks anew. */
async function sentOnce(text: string, id: string): Promise<void> {
  expect(await call(text)).toBe(text);
  expect(await stateOf(id)).toBe('used');
  const next = await ask(text);
  expect(next).not.toBe(id);
  expect(site.sent(text)).toEqual([{ text }]);
}

/** Where a call is when the gateway is killed: brought there before, looked at after. */
interface Plight {
  readonly name: string;
  before(text: string): Promise<string>;
  after(text: string, id: string): Promise<void>;
}

const PLIGHTS: readonly Plight[] = [
  {
    name: 'asked',
    before: ask,
    async after(text, id) {
      expect(await site.ann.asked(text)).toBe(id);
      expect(await ask(text)).toBe(id);
      await site.ann.approve(id);
      await sentOnce(text, id);
    },
  },
  {
    name: 'held',
    async before(text) {
      const held = site.modern();
      void held.call('echo', { text }).catch(() => undefined);
      return site.ann.asked(text);
    },
    async after(text, id) {
      expect(site.sent(text)).toEqual([]);
      await site.ann.approve(id);
      await sentOnce(text, id);
    },
  },
  {
    name: 'approved',
    before: approved,
    async after(text, id) {
      expect(await stateOf(id)).toBe('approved');
      await sentOnce(text, id);
    },
  },
  {
    name: 'denied',
    async before(text) {
      const id = await ask(text);
      await site.ann.deny(id, 'no');
      return id;
    },
    async after(text, id) {
      expect(await call(text)).toContain('ann denied it: no');
      await expect(site.ann.approve(id)).rejects.toThrow('denied');
      expect(site.sent(text)).toEqual([]);
    },
  },
  {
    name: 'task approved before anybody looked',
    before: approved,
    async after(text, taskId) {
      const look = async (): Promise<Obj> => objAt(await client().request('tasks/get', { taskId }), 'result');
      await Promise.all([look(), look()]);
      expect(textOf((await look())['result'])).toBe(text);
      expect(await stateOf(taskId)).toBe('used');
      expect(site.sent(text)).toEqual([{ text }]);
    },
  },
  {
    name: 'sent and not answered',
    async before(text) {
      const id = await approved(text, 'hang');
      void client()
        .call('hang', { text })
        .catch(() => undefined);
      await eventually('the server has it', () => site.sent(text).length > 0);
      return id;
    },
    async after(text, id) {
      expect(await stateOf(id)).toBe('used');
      expect(await ask(text, 'hang')).not.toBe(id);
      expect(site.sent(text)).toHaveLength(1);
    },
  },
];

/** The same numbers for the same seed. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe('the gateway is killed without a word', () => {
  it.each(Array.from({ length: SEEDS }, (_, seed) => seed))(
    'in every state of an approval, and in the middle of an answer and of a call: nothing is lost, nothing is sent twice (seed %i)',
    async (seed) => {
      const next = random(seed + 1);
      const plights = [...PLIGHTS].sort(() => next() - 0.5);
      const cases = await Promise.all(
        plights.map(async (plight) => {
          const text = word(plight.name.replaceAll(' ', '-'));
          return { plight, text, id: await plight.before(text) };
        }),
      );
      // These are under way when it dies, at some step or other.
      const [answering, sending, asking] = [word('answering'), word('sending'), word('asking')];
      const answeringId = await ask(answering);
      const sendingId = await approved(sending);
      const underWay = [() => site.ann.approve(answeringId), () => call(sending), () => call(asking)].sort(
        () => next() - 0.5,
      );
      for (const begin of underWay) {
        void begin().catch(() => undefined);
        await sleep(next() * 2);
      }
      await sleep(next() * 4);
      await site.crash();

      for (const { plight, text, id } of cases) await plight.after(text, id);
      const answered = await stateOf(answeringId);
      expect(['open', 'approved']).toContain(answered);
      if (answered === 'open') await site.ann.approve(answeringId);
      await sentOnce(answering, answeringId);

      const used = (await stateOf(sendingId)) === 'used';
      if (used) expect(await ask(sending)).not.toBe(sendingId);
      else await sentOnce(sending, sendingId);
      expect(site.sent(sending).length).toBeLessThanOrEqual(1);

      const askedId = await ask(asking);
      await site.ann.approve(askedId);
      await sentOnce(asking, askedId);
    },
  );

  it('and the log is whole: every approval was used once at most, every used one had been answered', async () => {
    const { code, stdout } = await site.command('audit', 'verify');
    expect([code, stdout]).toEqual([0, expect.stringContaining('ok: ')]);
    const { stdout: all } = await site.command('audit', 'list', '--all', '--jsonl', '--limit', '10000');
    const events = all
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Obj);
    const about = (event: string): unknown[] =>
      events.filter((one) => one['event'] === event).map((one) => one['approval']);
    const used = about('approval used');
    expect(used.length).toBeGreaterThan(SEEDS * 5);
    expect(new Set(used).size).toBe(used.length);
    const answered = new Set(about('approval answered'));
    expect(used.filter((id) => !answered.has(id))).toEqual([]);
  });
});

it('a gateway that is stopped in order lets those go whose calls it holds: they get a ticket', async () => {
  const [text, other] = [word('stopped'), word('stopped-too')];
  const old = await site.legacy();
  const held = [old.call('echo', { text }), site.modern().call('echo', { text: other })];
  const ids = [await site.ann.asked(text), await site.ann.asked(other)] as const;
  await site.restart();
  const told = (await Promise.all(held)).map((answer) => textOf(answer['result']));
  expect(told).toEqual(ids.map((id) => expect.stringMatching(new RegExp(`^\\[APPROVAL REQUIRED\\].*${id}`))));
  await site.ann.approve(ids[1]);
  await sentOnce(other, ids[1]);
  expect(site.sent(text)).toEqual([]);
});

describe('two gateways on one data folder', () => {
  it('send a call that was approved once, though two clients race for it; and one answers what the other asks', async () => {
    const other = await site.second();
    for (let round = 0; round < 8; round++) {
      const text = word('raced');
      await approved(text);
      const outcomes = await Promise.all([call(text), call(text, 'echo', client(other.base)), call(text)]);
      expect(outcomes.filter((outcome) => outcome === text)).toHaveLength(1);
      expect(site.sent(text)).toEqual([{ text }]);
    }
    const looked = word('looked');
    const taskId = await approved(looked);
    const looks = [client(), client(other.base)].map((one) => one.request('tasks/get', { taskId }));
    const results = (await Promise.all(looks)).map((answer) => textOf(objAt(answer, 'result')['result']));
    expect(results.filter((outcome) => outcome === looked)).toHaveLength(1);
    expect(site.sent(looked)).toEqual([{ text: looked }]);

    const text = word('across');
    const held = site.kit.add(modernClient(`${other.base}/mcp/new`, ALICE)).call('echo', { text });
    await site.ann.approve(await site.ann.asked(text));
    expect(textOf((await held)['result'])).toBe(text);
    expect(site.sent(text)).toHaveLength(1);

    const many = word('many');
    const bases = [other.base, other.base, site.gateway().base, site.gateway().base];
    const waiting = bases.map((base) => call(many, 'echo', site.kit.add(modernClient(`${base}/mcp/new`, ALICE))));
    await eventually('all are held', async () => (await heldCalls(many)) === bases.length);
    await site.ann.approve(await site.ann.asked(many));
    const told = await Promise.all(waiting);
    expect(told.filter((outcome) => outcome === many)).toHaveLength(1);
    expect(told.filter((outcome) => outcome.includes('was approved and used already; it counts once'))).toHaveLength(3);
    expect(site.sent(many)).toEqual([{ text: many }]);

    const left = word('left');
    const id = await call(left, 'echo', client(other.base));
    await other.kill9();
    await site.ann.approve(id);
    await sentOnce(left, id);
  });
});

it('a wrap that is killed while it holds a call leaves the question; the next one uses the answer, once', async () => {
  const wrapping = { server: 'killed' };
  const text = word('wrapped');
  const params = { name: 'echo', arguments: { text } };
  const first = site.lineWrap(wrapping);
  await first.initialize();
  first.send({ jsonrpc: '2.0', id: 'held', method: 'tools/call', params });
  const id = await site.ann.asked(text);
  await first.kill9();
  await site.ann.approve(id);
  const second = site.lineWrap({ ...wrapping, approvals: { hold: 0 } });
  await second.initialize();
  expect(textOf((await second.call('echo', { text }))['result'])).toBe(text);
  expect(textOf((await second.call('echo', { text }))['result'])).toContain('[APPROVAL REQUIRED]');
  expect(site.sent(text)).toEqual([{ text }]);
});

it('at the address of all servers, too, whoever is held is told in both eras that nothing was sent', async () => {
  const [text, other] = [word('joined-stop'), word('joined-stop-too')];
  const old = await site.legacy('hub');
  const held = [
    site.modern('hub').call('new__echo', { text }),
    old.request('tools/call', { name: 'old__echo', arguments: { text: other } }),
  ];
  for (const one of [text, other]) await site.ann.asked(one);
  await site.restart();
  for (const answer of await Promise.all(held)) {
    expect(textOf(objAt(answer, 'result'))).toMatch(/^\[APPROVAL REQUIRED\] .*Nothing was sent to the server\./);
  }
  expect([...site.sent(text), ...site.sent(other)]).toEqual([]);
});

it('a call that is held while its server is changed in the configuration gets its ticket', async () => {
  const text = word('changed');
  const old = await site.legacy('old');
  const held = old.request('tools/call', { name: 'echo', arguments: { text } });
  await site.ann.asked(text);
  await site.configure((config) => {
    const servers = objAt(config, 'servers');
    return { ...config, servers: { ...servers, old: { ...objAt(servers, 'old'), headers: { 'x-changed': 'yes' } } } };
  });
  expect(textOf(objAt(await held, 'result'))).toContain('[APPROVAL REQUIRED]');
  expect(site.sent(text)).toEqual([]);
});
