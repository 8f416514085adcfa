import { userInfo } from 'node:os';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import {
  CallToolResultSchema,
  ElicitationCompleteNotificationSchema,
  ElicitRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Obj, objAt, textOf } from '../kit/json-rpc.ts';
import { ALICE, type ApprovalSite, ASKS, connectOld, idIn, openSite, word } from './approval-site.ts';
import { type EventStream, openEvents } from './front-events.ts';
import { eventually } from './rig.ts';

let site: ApprovalSite;
/** The same, where no call is held. */
let brief: ApprovalSite;

beforeAll(async () => {
  const eyes = { ...ASKS, approvals: { count: 2 } };
  const options = { servers: { eyes: 'old' }, policies: { eyes }, rules: { eyes: 'eyes' } } as const;
  [site, brief] = await Promise.all([openSite(options), openSite({ approvals: { hold: 0 } })]);
});

afterAll(async () => {
  await Promise.all([site?.stop(), brief?.stop()]);
});

const echo = (text: string): { name: string; arguments: Obj } => ({ name: 'echo', arguments: { text } });

/** How a client comes to its gateway; over `wrap` it brings the server's name, and how long it is held. */
interface Front {
  readonly name: string;
  /** How a tool is named there. */
  readonly prefix: string;
  reach(at: ApprovalSite, wrapping?: { readonly server?: string; readonly approvals?: Obj }): Transport;
}

const FRONTS: readonly Front[] = [
  { name: 'HTTP', prefix: '', reach: (at) => at.oldTransport() },
  { name: 'HTTP, all servers together', prefix: 'old__', reach: (at) => at.oldTransport('hub') },
  { name: 'HTTP, a server of the other era', prefix: 'new__', reach: (at) => at.oldTransport('hub') },
  { name: 'wrap', prefix: '', reach: (at, wrapping) => at.oldWrap(wrapping) },
];

describe.each(FRONTS)('a client of the SDK over $name', ({ prefix, reach }) => {
  const echo = (text: string) => ({ name: `${prefix}echo`, arguments: { text } });
  let client: Client;
  beforeAll(async () => {
    client = await connectOld(site.kit, reach(site));
  });

  for (const revision of ['2025-11-25', '2025-06-18']) {
    it(`of ${revision} is held, hears that it waits, and gets the answer once a person has approved`, async () => {
      const isOlder = revision === '2025-06-18';
      const one = isOlder ? await connectOld(site.kit, reach(site), {}, () => {}, revision) : client;
      const text = word('held');
      const told: unknown[] = [];
      const call = one.callTool(echo(text), CallToolResultSchema, {
        onprogress: ({ message }) => void told.push(message),
        resetTimeoutOnProgress: true,
      });
      const id = await site.ann.asked(text);
      await eventually('progress was told', () => told.length > 0);
      expect(site.sent(text)).toEqual([]);
      await site.ann.approve(id);
      const result = await call;
      expect([textOf(result), result.isError]).toEqual([text, undefined]);
      expect(told).toContain(`Waiting for a person to approve ${id}`);
      expect(site.sent(text)).toEqual([{ text }]);
      expect(await site.ann.show(id)).toMatchObject({ state: 'used', client: { name: 'approvals' } });
    });
  }

  it('is told why when a person denies, at once and when it asks again; nothing is sent', async () => {
    const text = word('denied');
    const call = client.callTool(echo(text));
    const id = await site.ann.asked(text);
    await site.ann.deny(id, 'not on a Sunday');
    for (const result of [await call, await client.callTool(echo(text))]) {
      expect(textOf(result)).toMatch(/^\[POLICY DENIED\] ann denied it: not on a Sunday/);
      expect(result.isError).toBe(true);
    }
    expect(site.sent(text)).toEqual([]);
  });

  it('gets a ticket when the hold ends; the same call goes through once, after a person has approved', async () => {
    const one = await connectOld(brief.kit, reach(brief, { approvals: { hold: 1 } }));
    const text = word('ticket');
    const first = await one.callTool(echo(text));
    expect(first.isError).toBe(true);
    const id = idIn(textOf(first));
    expect(textOf(first)).toMatch(/^\[APPROVAL REQUIRED\] .* Then repeat the same call with the same arguments\./);
    expect(objAt(objAt(first, '_meta'), 'toolgate/decision')).toMatchObject({ decision: 'require_approval' });
    expect(idIn(textOf(await one.callTool(echo(text))))).toBe(id);
    await brief.ann.approve(id);
    expect(brief.sent(text)).toEqual([]);
    expect(textOf(await one.callTool(echo(text)))).toBe(text);
    expect(idIn(textOf(await one.callTool(echo(text))))).not.toBe(id);
    expect(brief.sent(text)).toEqual([{ text }]);
  });

  it('that runs out of patience while it is held is sent nothing; later the same call uses the approval', async () => {
    const text = word('impatient');
    const impatient = client.callTool(echo(text), CallToolResultSchema, { timeout: 700 });
    const [id] = await Promise.all([site.ann.asked(text), expect(impatient).rejects.toThrow('timed out')]);
    await site.ann.approve(id);
    // Whoever would send it behind the client's back has the time to.
    expect(textOf(await client.callTool(echo(text)))).toBe(text);
    expect(site.sent(text)).toEqual([{ text }]);
    expect(await site.ann.show(id)).toMatchObject({ state: 'used' });
  });

  it('that leaves while it is held is sent nothing; when it comes back the same call uses the approval', async () => {
    const text = word('gone');
    const wrapping = { server: 'left-and-back' };
    const leaving = await connectOld(site.kit, reach(site, wrapping));
    const call = leaving.callTool(echo(text)).then(textOf, String);
    const id = await site.ann.asked(text);
    await leaving.close();
    expect(await call).toMatch(/Connection closed|AbortError|\[APPROVAL REQUIRED\]/);
    await site.ann.approve(id);
    expect(site.sent(text)).toEqual([]);
    expect(await site.ann.show(id)).toMatchObject({ state: 'approved' });
    const again = await connectOld(site.kit, reach(site, wrapping));
    expect(textOf(await again.callTool(echo(text)))).toBe(text);
    expect(site.sent(text)).toEqual([{ text }]);
  });
});

it('a client of a wrap that closed its side is sent nothing, also while the wrap has not ended yet', async () => {
  const text = word('closed');
  const client = site.lineWrap();
  await client.initialize();
  client.send({ jsonrpc: '2.0', id: 'held', method: 'tools/call', params: echo(text) });
  const id = await site.ann.asked(text);
  const stopped = client.stop();
  await site.ann.approve(id);
  await stopped;
  expect(site.sent(text)).toEqual([]);
  expect(await site.ann.show(id)).toMatchObject({ state: 'approved' });
});

describe('a client of the SDK that is held', () => {
  it('hears progress that rises all the way: first ours, then the server’s', async () => {
    const client = await connectOld(site.kit, site.oldTransport());
    const text = word('rising');
    const told: number[] = [];
    const call = client.callTool({ name: 'slow', arguments: { ms: 40, steps: 2, text } }, CallToolResultSchema, {
      onprogress: ({ progress }) => void told.push(progress),
    });
    await eventually('progress was told', () => told.length > 0);
    await site.ann.approve(await site.ann.asked(text));
    expect(textOf(await call)).toBe('waited 40 ms');
    expect(told.slice(-2)).toEqual([1, 2]);
    expect(told).toEqual([...told].sort((a, b) => a - b));
    expect(new Set(told).size).toBe(told.length);
  });

  it('waits for as many people as the policy wants, each of them once', async () => {
    const client = await connectOld(site.kit, site.oldTransport('eyes'));
    const text = word('four-eyes');
    const call = client.callTool(echo(text));
    const id = await site.ann.asked(text);
    await site.ann.approve(id);
    await expect(site.ann.approve(id)).rejects.toThrow('somebody else must');
    expect(await site.ann.show(id)).toMatchObject({ state: 'open', agreed: 1, needed: 2 });
    expect(site.sent(text)).toEqual([]);
    await site.ben.approve(id);
    expect(textOf(await call)).toBe(text);
    expect(site.sent(text)).toHaveLength(1);
  });
});

describe('a client whose connection breaks while it is held', () => {
  async function begin(text: string): Promise<{ id: string; broken: EventStream; back(): Promise<EventStream> }> {
    const raw = await site.legacy();
    const url = site.gateway().url('old');
    const headers = {
      authorization: `Bearer ${ALICE}`,
      'mcp-session-id': String(raw.sessionId),
      'mcp-protocol-version': '2025-11-25',
    };
    const message = { jsonrpc: '2.0', id: text, method: 'tools/call', params: echo(text) };
    const broken = await openEvents(url, headers, message);
    const first = await broken.next('the first event', () => true);
    const id = await site.ann.asked(text);
    broken.drop();
    return { id, broken, back: () => openEvents(url, { ...headers, 'last-event-id': String(first.id) }) };
  }
  const answerOn = async (stream: EventStream, text: string): Promise<string> => {
    const { message } = await stream.next('the answer', (event) => event.message?.['id'] === text);
    return textOf(message?.['result']);
  };

  it('gets its answer when it is back before a person has approved', async () => {
    const text = word('back-in-time');
    const { id, back } = await begin(text);
    const stream = await back();
    await eventually('it is back', () => stream.status === 200);
    await site.ann.approve(id);
    expect(await answerOn(stream, text)).toBe(text);
    expect(site.sent(text)).toEqual([{ text }]);
  });

  it('is sent nothing while it is away; when it is back it has a ticket for the same call', async () => {
    const text = word('back-later');
    const { id, back } = await begin(text);
    await site.ann.approve(id);
    const told = await answerOn(await back(), text);
    expect(told).toMatch(/^\[APPROVAL REQUIRED\]/);
    expect(idIn(told)).toBe(id);
    expect(site.sent(text)).toEqual([]);
    expect(textOf((await (await site.legacy()).call('echo', { text }))['result'])).toBe(text);
    expect(site.sent(text)).toHaveLength(1);
  });
});

const WITH_PAGE = { approvals: { url: 'https://gateway.example' } };

describe.each(FRONTS)('a client of the SDK over $name that can send its user to a page', ({ prefix, reach }) => {
  const echo = (text: string) => ({ name: `${prefix}echo`, arguments: { text } });
  let client: Client;
  let told: Obj[];
  let asked: Obj[];
  /** What the user does who is to open a page. */
  let open: (url: string) => Promise<'accept' | 'decline' | 'cancel'>;

  beforeAll(async () => {
    client = await connectOld(site.kit, reach(site, WITH_PAGE), { elicitation: { url: {} } }, (one) => {
      one.setRequestHandler(ElicitRequestSchema, async ({ params }) => {
        asked.push({ ...params });
        // What a form would hold decides nothing here.
        return { action: await open('url' in params ? String(params.url) : ''), content: { approve: true } };
      });
      one.setNotificationHandler(ElicitationCompleteNotificationSchema, ({ params }) => void told.push({ ...params }));
    });
  });

  beforeEach(() => {
    [told, asked] = [[], []];
  });

  it('is asked to open it, and the answer there lets the call through while it is open', async () => {
    const text = word('page');
    open = async (url) => {
      await site.ann.approve(idIn(url));
      return 'accept';
    };
    expect(textOf(await client.callTool(echo(text)))).toBe(text);
    expect(asked).toMatchObject([{ mode: 'url', message: expect.stringContaining(text) }]);
    const { url, elicitationId } = asked[0] ?? {};
    expect(url).toMatch(/^https:\/\/gateway\.example\/approvals\/ap_[\w-]+$/);
    await eventually('it is told that the page is done with', () => told.length > 0);
    expect(told).toEqual([{ elicitationId }]);
    expect(site.sent(text)).toEqual([{ text }]);
  });

  it('is not let through by its user’s "yes" to opening it: only the answer there counts', async () => {
    const text = word('opened');
    open = async () => 'accept';
    const call = client.callTool(echo(text));
    const id = await site.ann.asked(text);
    await eventually('it was asked', () => asked.length > 0);
    expect(await site.ann.show(id)).toMatchObject({ state: 'open', answers: [] });
    expect(site.sent(text)).toEqual([]);
    await site.ann.approve(id);
    expect(textOf(await call)).toBe(text);
    expect(site.sent(text)).toEqual([{ text }]);
  });

  it('denies by declining', async () => {
    const text = word('declined');
    open = async () => 'decline';
    expect(textOf(await client.callTool(echo(text)))).toMatch(/^\[POLICY DENIED\] .* denied it/);
    expect(site.sent(text)).toEqual([]);
  });

  it('answers nothing by cancelling: the question stands', async () => {
    const text = word('cancelled');
    open = async () => 'cancel';
    const call = client.callTool(echo(text));
    const id = await site.ann.asked(text);
    await eventually('it was asked', () => asked.length > 0);
    expect(await site.ann.show(id)).toMatchObject({ state: 'open', answers: [] });
    await site.ann.deny(id, 'no');
    expect(textOf(await call)).toContain('ann denied it: no');
    expect(site.sent(text)).toEqual([]);
  });
});

describe('the local user of a wrap, whose client shows forms', () => {
  type Reply = { action: 'accept' | 'decline' | 'cancel'; content?: { approve: boolean } };
  const [asked, takenBack]: [Obj[], unknown[]] = [[], []];
  let client: Client;
  let reply: Reply | 'never';

  beforeAll(async () => {
    client = await connectOld(site.kit, site.oldWrap(), { elicitation: { form: {} } }, (one) => {
      one.setRequestHandler(ElicitRequestSchema, ({ params }, { signal }) => {
        asked.push({ ...params });
        signal.addEventListener('abort', () => takenBack.push(signal.reason));
        return reply === 'never' ? new Promise(() => {}) : reply;
      });
    });
  });

  const isAsked = (text: string): boolean => asked.some(({ message }) => String(message).includes(text));

  it('reads the call and ticks the box: it is sent, once, and the log names them', async () => {
    const text = word('form');
    reply = { action: 'accept', content: { approve: true } };
    expect(textOf(await client.callTool(echo(text)))).toBe(text);
    expect(asked).toMatchObject([
      { message: expect.stringContaining(text), requestedSchema: { required: ['approve'] } },
    ]);
    expect(site.sent(text)).toEqual([{ text }]);
    const answers = (await site.log()).filter(
      ({ event, channel }) => event === 'approval answered' && channel === 'form',
    );
    expect(answers).toMatchObject([{ said: 'approve', grant: 'local', by: userInfo().username }]);
    reply = { action: 'decline' };
    expect(textOf(await client.callTool(echo(text)))).toContain('denied it');
    expect(site.sent(text)).toEqual([{ text }]);
  });

  it.each<[string, Reply]>([
    ['leaves the box empty', { action: 'accept', content: { approve: false } }],
    ['declines', { action: 'decline' }],
  ])('%s: that denies', async (_how, given) => {
    const text = word('unticked');
    reply = given;
    expect(textOf(await client.callTool(echo(text)))).toMatch(/^\[POLICY DENIED\] .* denied it/);
    expect(site.sent(text)).toEqual([]);
  });

  it('cancels: that is no answer, and somebody else’s counts', async () => {
    const text = word('escaped');
    reply = { action: 'cancel' };
    const call = client.callTool(echo(text));
    const id = await site.ann.asked(text);
    await eventually('it was asked', () => isAsked(text));
    expect(await site.ann.show(id)).toMatchObject({ state: 'open', answers: [] });
    await site.ann.approve(id);
    expect(textOf(await call)).toBe(text);
    expect(site.sent(text)).toEqual([{ text }]);
  });

  it('has the form taken back when somebody else answered', async () => {
    const text = word('overtaken');
    reply = 'never';
    const call = client.callTool(echo(text));
    const id = await site.ann.asked(text);
    await eventually('it was asked', () => isAsked(text));
    await site.ann.approve(id);
    expect(textOf(await call)).toBe(text);
    await eventually('the form is gone', () => takenBack.length > 0);
  });
});
