import type { Client, Transport } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Obj, objAt, textOf } from '../kit/json-rpc.ts';
import { type ApprovalSite, ASKS, connectNext, idIn, openSite, REQUIRE, said, word } from './approval-site.ts';
import { openEvents } from './front-events.ts';
import { eventually } from './rig.ts';

let site: ApprovalSite;
/** The same, where no call is held. */
let brief: ApprovalSite;

beforeAll(async () => {
  const secretive = {
    conditions: [{ path: 'args.text', op: 'contains', value: 'secret' }],
    on_deny: 'Secrets stay here.',
  };
  const strict = { ...ASKS, tools: { '*': { ...REQUIRE, deny_if: [secretive] } } };
  const briefly = {
    approvals: { hold: 0 },
    servers: { strict: 'new' },
    policies: { strict },
    rules: { strict: 'strict' },
  } as const;
  [site, brief] = await Promise.all([openSite(), openSite(briefly)]);
});

afterAll(async () => {
  await Promise.all([site?.stop(), brief?.stop()]);
});

type Reply = { action: 'accept' | 'decline' | 'cancel'; content?: { approve: boolean } };

/** What a form would hold decides nothing where a page was to be opened. */
const YES: Reply = { action: 'accept', content: { approve: true } };

/** A client whose user is asked, and what was. `answer` sees the params of the question. */
async function connect(
  transport: Transport,
  elicitation: Obj,
  answer: (params: Obj) => Promise<Reply>,
): Promise<{ client: Client; asked: Obj[] }> {
  const asked: Obj[] = [];
  const client = await connectNext(site.kit, transport, { elicitation }, (one) => {
    one.setRequestHandler('elicitation/create', async ({ params }) => {
      asked.push({ ...params });
      return answer({ ...params });
    });
  });
  return { client, asked };
}

interface Front {
  readonly name: string;
  /** How a tool is named there. */
  readonly prefix: string;
  reach(at: ApprovalSite): Transport;
}

const PAGE = { url: 'https://gateway.example' };
const FRONTS: readonly Front[] = [
  { name: 'HTTP', prefix: '', reach: (at) => at.transport() },
  { name: 'HTTP, all servers together', prefix: 'new__', reach: (at) => at.transport('hub') },
  { name: 'HTTP, a server of the other era', prefix: 'old__', reach: (at) => at.transport('hub') },
  { name: 'wrap', prefix: '', reach: (at) => at.wrap({ approvals: at === brief ? { ...PAGE, hold: 0 } : PAGE }) },
];

describe.each(FRONTS)('a client of the SDK over $name', ({ prefix, reach }) => {
  const echo = (text: string) => ({ name: `${prefix}echo`, arguments: { text } });
  let client: Client;
  beforeAll(async () => {
    client = await connectNext(site.kit, reach(site));
  });

  it('is held, hears that it waits, and gets the answer once a person has approved, or hears why not', async () => {
    const [text, other] = [word('held'), word('denied')];
    const told: unknown[] = [];
    const call = client.callTool(echo(text), { onprogress: ({ message }) => void told.push(message) });
    const denied = client.callTool(echo(other));
    const id = await site.ann.asked(text);
    await eventually('progress was told', () => told.length > 0);
    expect(site.sent(text)).toEqual([]);
    await site.ann.approve(id);
    expect(textOf(await call)).toBe(text);
    expect(told).toContain(`Waiting for a person to approve ${id}`);
    await site.ann.deny(await site.ann.asked(other), 'not that one');
    expect(textOf(await denied)).toContain('[POLICY DENIED] ann denied it: not that one');
    expect([site.sent(text), site.sent(other)]).toEqual([[{ text }], []]);
  });

  it('gets a ticket when the hold ends; the same call goes through once, after a person has approved', async () => {
    const one = await connectNext(brief.kit, reach(brief));
    const text = word('ticket');
    const first = await one.callTool(echo(text));
    expect([first.isError, textOf(first)]).toEqual([true, expect.stringMatching(/^\[APPROVAL REQUIRED\]/)]);
    await brief.ann.approve(idIn(textOf(first)));
    expect(brief.sent(text)).toEqual([]);
    expect(textOf(await one.callTool(echo(text)))).toBe(text);
    expect(textOf(await one.callTool(echo(text)))).toContain('[APPROVAL REQUIRED]');
    expect(brief.sent(text)).toEqual([{ text }]);
  });

  it('that runs out of patience while it is held is sent nothing; later the same call uses the approval', async () => {
    const text = word('impatient');
    const impatient = client.callTool(echo(text), { timeout: 700 });
    const [id] = await Promise.all([site.ann.asked(text), expect(impatient).rejects.toThrow(/timed out/i)]);
    await site.ann.approve(id);
    expect(textOf(await client.callTool(echo(text)))).toBe(text);
    expect(site.sent(text)).toEqual([{ text }]);
  });

  it('sends its user to the page, in a round of its own: the answer there lets the call through, and no agreeing to open it', async () => {
    const [text, other] = [word('page'), word('only-opened')];
    const { client: one, asked } = await connect(reach(brief), { url: {} }, async ({ url, message }) => {
      if (String(message).includes(text)) await brief.ann.approve(idIn(String(url)));
      return YES;
    });
    expect(textOf(await one.callTool(echo(text)))).toBe(text);
    const url = expect.stringMatching(/^https:\/\/gateway\.example\/approvals\/ap_/);
    expect(asked).toMatchObject([{ mode: 'url', url, message: expect.stringContaining(text) }]);
    expect(textOf(await one.callTool(echo(other)))).toContain('[APPROVAL REQUIRED]');
    expect(asked).toHaveLength(2);
    expect([brief.sent(text), brief.sent(other)]).toEqual([[{ text }], []]);
  });
});

it('a held call has its stream open at once, and closing it is to go: nothing is sent', async () => {
  const text = word('streamed');
  const stream = await openEvents(
    site.gateway().url('new'),
    ...site.modern().raw('tools/call', { name: 'echo', arguments: { text } }),
  );
  expect([stream.status, stream.type]).toEqual([200, expect.stringContaining('text/event-stream')]);
  const id = await site.ann.asked(text);
  stream.drop();
  await site.ann.approve(id);
  expect(await site.ann.show(id)).toMatchObject({ state: 'approved' });
  expect(site.sent(text)).toEqual([]);
});

describe('a client of the SDK whose user was sent to the page', () => {
  const echo = (text: string) => ({ name: 'echo', arguments: { text } });

  it('is not let through by agreeing to open it: it is held until somebody answers there', async () => {
    const { client, asked } = await connect(site.transport(), { url: {} }, async () => YES);
    const text = word('opened');
    const call = client.callTool(echo(text));
    const id = await site.ann.asked(text);
    await eventually('it was asked', () => asked.length > 0);
    expect(await site.ann.show(id)).toMatchObject({ state: 'open', answers: [] });
    expect(site.sent(text)).toEqual([]);
    await site.ann.approve(id);
    expect(textOf(await call)).toBe(text);
    expect([asked.length, site.sent(text)]).toEqual([1, [{ text }]]);
  });

  it('denies by declining, and leaves the question open by cancelling', async () => {
    let reply: Reply = { action: 'decline' };
    const { client } = await connect(brief.transport(), { url: {} }, async () => reply);
    const text = word('declined');
    expect(textOf(await client.callTool(echo(text)))).toContain('the client of alice denied it');
    reply = { action: 'cancel' };
    const other = word('cancelled');
    const ticket = textOf(await client.callTool(echo(other)));
    expect(ticket).toContain('[APPROVAL REQUIRED]');
    expect(await brief.ann.show(idIn(ticket))).toMatchObject({ state: 'open', answers: [] });
    expect([brief.sent(text), brief.sent(other)]).toEqual([[], []]);
  });

  it('goes on with what the server itself asks in the middle of an approved call, and is asked once for both', async () => {
    const { client, asked } = await connect(site.transport(), { url: {}, form: {} }, async ({ url }) => {
      if (url === undefined) return { action: 'accept', content: { sure: true } as never };
      await site.ann.approve(idIn(String(url)));
      return { action: 'accept' };
    });
    const text = word('rounds');
    expect(textOf(await client.callTool({ name: 'transfer', arguments: { text } }))).toBe(`${text}, sure: true`);
    expect(asked.map(({ mode, message }) => [mode ?? 'form', String(message).slice(0, 7)])).toEqual([
      ['url', 'The age'],
      ['form', 'Really?'],
    ]);
    expect(site.sent(text)).toHaveLength(2);
  });
});

it('the answer to what a server asked continues the approved call once: sent again it is a call of its own, about which a person is asked', async () => {
  const client = brief.modern('new', { elicitation: { form: {} } });
  const text = word('replayed');
  const args = { name: 'transfer', arguments: { text } };
  await brief.ann.approve(idIn(said(await client.request('tools/call', args))));
  const { requestState } = objAt(await client.request('tools/call', args), 'result');
  const second = { ...args, requestState, inputResponses: { sure: { action: 'accept', content: { sure: true } } } };
  expect(said(await client.request('tools/call', second))).toBe(`${text}, sure: true`);
  expect(brief.sent(text)).toHaveLength(2);
  expect(said(await client.request('tools/call', second))).toContain('[APPROVAL REQUIRED]');
  const changed = { ...second, arguments: { text: `${text}!` } };
  expect(said(await client.request('tools/call', changed))).toContain('given for another call');
  expect(brief.sent(text)).toHaveLength(2);
});

describe('the local user of a wrap, whose client shows forms', () => {
  it('answers in a round of its own', async () => {
    let reply: Reply = { action: 'accept', content: { approve: true } };
    const { client, asked } = await connect(site.wrap(), { form: {} }, async () => reply);
    const call = async (text: string) => textOf(await client.callTool({ name: 'echo', arguments: { text } }));
    const text = word('form');
    expect(await call(text)).toBe(text);
    expect(asked).toMatchObject([{ message: expect.stringContaining(text) }]);
    expect(site.sent(text)).toEqual([{ text }]);

    for (reply of [{ action: 'accept', content: { approve: false } }, { action: 'decline' }] as const) {
      const no = word('no');
      expect(await call(no)).toMatch(/^\[POLICY DENIED\] .* denied it/);
      expect(site.sent(no)).toEqual([]);
    }
    reply = { action: 'cancel' };
    const late = word('late');
    const waiting = call(late);
    const id = await site.ann.asked(late);
    await eventually('it was asked', () => asked.length > 3);
    expect(await site.ann.show(id)).toMatchObject({ state: 'open', answers: [] });
    await site.ann.approve(id);
    expect(await waiting).toBe(late);
    expect(site.sent(late)).toHaveLength(1);
  });
});

describe('a call whose arguments the approver changed', () => {
  const edited = async (text: string, args: Obj): Promise<string> => {
    const id = await site.ann.asked(text);
    await site.ann.approve(id, { arguments: args });
    return id;
  };

  it('reaches the server with those, and the agent is told what was changed', async () => {
    const client = await connectNext(site.kit, site.transport());
    const [text, other] = [word('harsh'), word('mild')];
    const call = client.callTool({ name: 'echo', arguments: { text } });
    const id = await edited(text, { text: other });
    const result = await call;
    expect(result.content).toEqual([
      {
        type: 'text',
        text: `[APPROVED WITH CHANGES] ann changed the arguments before the call was sent: /text: "${text}" → "${other}"`,
      },
      { type: 'text', text: other },
    ]);
    expect(objAt(objAt(result, '_meta'), 'toolgate/approval')).toEqual({
      id,
      editedBy: 'ann',
      changes: [{ pointer: '/text', before: text, after: other }],
    });
    expect([site.sent(text), site.sent(other)]).toEqual([[], [{ text: other }]]);
  });

  it('carries them in the headers too, where the tool says that an argument stands in one', async () => {
    const client = site.modern();
    const text = word('region');
    const held = client.call('region', { region: 'moon', text }, { 'mcp-param-region': 'moon' });
    await edited(text, { region: 'Genève', text });
    expect(said(await held)).toContain(`${text} in Genève`);
    expect(site.sent(text)).toEqual([{ region: 'Genève', text }]);
    const encoded = `=?base64?${Buffer.from('Genève').toString('base64')}?=`;
    expect(site.headersOf(text).map((headers) => headers['mcp-param-region'])).toEqual([encoded]);
  });

  it('carries them in every round of the call, whatever the client repeats', async () => {
    const [text, other] = [word('five'), word('three')];
    const { client, asked } = await connect(site.transport(), { url: {}, form: {} }, async ({ url }) => {
      if (url === undefined) return { action: 'accept', content: { sure: true } as never };
      await site.ann.approve(idIn(String(url)), { arguments: { text: other } });
      return { action: 'accept' };
    });
    const told = textOf(await client.callTool({ name: 'transfer', arguments: { text } }));
    expect(told).toContain(`${other}, sure: true`);
    expect(asked).toHaveLength(2);
    expect([site.sent(text), site.sent(other)]).toEqual([[], [{ text: other }, { text: other }]]);
  });

  it('asks the same again: the agent’s own arguments are not what was approved', async () => {
    const client = brief.modern();
    const [text, other] = [word('first'), word('then')];
    const id = idIn(said(await client.call('echo', { text })));
    await brief.ann.approve(id, { arguments: { text: other } });
    expect(said(await client.call('echo', { text: other }))).toContain('[APPROVAL REQUIRED]');
    expect(brief.sent(other)).toEqual([]);
    expect(said(await client.call('echo', { text }))).toContain(`[APPROVED WITH CHANGES] ann`);
    expect([brief.sent(text), brief.sent(other)]).toEqual([[], [{ text: other }]]);
  });

  it('is judged anew with them: what the policy forbids is not sent', async () => {
    const client = brief.modern('strict');
    const text = word('kind');
    const id = idIn(said(await client.call('echo', { text })));
    const forbidden = `secret ${text}`;
    const refused = await brief.ann
      .approve(id, { arguments: { text: forbidden } })
      .catch((fault: Error) => fault.message);
    expect(String(refused)).toMatch(/secrets stay here/i);
    expect(await brief.ann.show(id)).toMatchObject({ state: 'open' });
    expect(brief.sent(text)).toEqual([]);
  });
});
