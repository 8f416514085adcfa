import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Obj, objAt, readObj } from '../kit/json-rpc.ts';
import { WITH_TASKS } from '../kit/modern-client.ts';
import { accept, type Received, type Receiver, startReceiver } from '../notices/receiver.ts';
import { type ApprovalSite, ASKS, openSite, REQUIRE, word } from './approval-site.ts';
import { eventually } from './rig.ts';

const KEY = Buffer.from('a key of thirty-two bytes, or so');
let pager: Receiver;
let chat: Receiver;
let site: ApprovalSite;

beforeAll(async () => {
  [pager, chat] = await Promise.all([startReceiver(), startReceiver()]);
  const notices = {
    pager: {
      url: pager.url,
      secret: `whsec_${KEY.toString('base64')}`,
      events: ['approval.asked', 'approval.answered', 'approval.used', 'approval.void', 'policy.changed'],
    },
    chat: { url: chat.url, form: 'slack', events: ['approval.asked'] },
  };
  site = await openSite({ more: { notices } });
});

afterAll(async () => {
  await site?.stop();
  await Promise.all([pager?.stop(), chat?.stop()]);
});

/** What a receiver was told that has this in it. */
function told({ received }: Receiver, text: string): readonly (Received & { readonly notice: Obj })[] {
  return received
    .filter(({ body }) => body.includes(text))
    .map((message) => ({ ...message, notice: readObj(message.body) ?? {} }));
}

/** What Standard Webhooks 1.0.0 says that the signature of a message must be. */
function signatureOf({ headers, body }: Received): string {
  const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
  return `v1,${createHmac('sha256', KEY).update(signed).digest('base64')}`;
}

async function ask(args: Obj): Promise<string> {
  const answer = await site.modern('new', WITH_TASKS).call('echo', args);
  return String(objAt(answer, 'result')['taskId']);
}

it('people outside hear of what is asked and what becomes of it, signed, and can do nothing with it', async () => {
  const text = word('hooked');
  const secret = `ghp_${'A1b2C3d4E5f6'.repeat(3)}`;
  const id = await ask({ text, token: secret });
  await eventually('both were told', () => told(pager, text).length + told(chat, text).length === 2);
  const [post] = told(pager, text);
  if (post === undefined) throw new Error('nothing came');
  expect(post.headers['webhook-signature']).toBe(signatureOf(post));
  expect(post.headers['webhook-id']).toBe(post.notice['id']);
  expect(Math.abs(Number(post.headers['webhook-timestamp']) - Date.now() / 1000)).toBeLessThan(60);
  expect(post.notice).toMatchObject({
    event: 'approval.asked',
    approval: {
      id,
      state: 'open',
      grant: 'alice',
      server: 'new',
      name: 'echo',
      arguments: { text },
      agreed: 0,
      needed: 1,
    },
  });
  const link = String(objAt(post.notice, 'approval')['link']);
  expect(link).toBe(`https://gateway.example/approvals/${id}`);
  for (const { body } of [...pager.received, ...chat.received]) expect(body).not.toContain(secret);
  const [message] = told(chat, text);
  expect(message?.headers['webhook-signature']).toBeUndefined();
  expect(JSON.stringify(message?.notice)).toContain(link);

  // The link opens nothing for whoever only has it.
  const base = site.gateway().base;
  for (const path of [`/api/approvals/${id}`, `/api/approvals/${id}/approve`]) {
    expect((await fetch(`${base}${path}`, path.endsWith('approve') ? { method: 'POST', body: '{}' } : {})).status).toBe(
      401,
    );
  }
  expect(await (await fetch(`${base}/approvals/${id}`)).text()).not.toContain(text);

  await site.ann.approve(id, { note: 'go on' });
  await site.modern('new', WITH_TASKS).request('tasks/get', { taskId: id });
  await eventually('the rest was told', () => told(pager, id).length === 3);
  const all = told(pager, id).map(({ notice }) => [notice['event'], objAt(notice, 'approval')['state']]);
  expect(all).toEqual([
    ['approval.asked', 'open'],
    ['approval.answered', 'approved'],
    ['approval.used', 'used'],
  ]);
  expect(told(chat, id)).toHaveLength(1);
  const delivered = (await site.log()).filter(({ event }) => event === 'notice delivered');
  expect(delivered.length).toBeGreaterThanOrEqual(4);
  expect(delivered[0]).toMatchObject({ attempts: 1 });
});

it('what could not be told waits, also for a gateway that was killed meanwhile, and is told once', async () => {
  await Promise.all([pager.stop(), chat.stop()]);
  const text = word('waiting');
  const id = await ask({ text });
  await eventually('both were tried', () => site.gateway().stderr().split('tried again in').length === 3);
  // Writes something behind what is kept of that.
  await site.ann.show(id);
  expect(site.gateway().stderr()).not.toContain('t0p-s3cret');
  const port = (one: Receiver): number => Number(new URL(one.url).port);
  await site.crash(async () => {
    [pager, chat] = [await startReceiver(accept, port(pager)), await startReceiver(accept, port(chat))];
  });
  await site.ann.deny(id, 'nobody was there');
  await eventually('all was told', () => told(pager, id).length === 2 && told(chat, id).length === 1);
  expect(new Set(told(pager, id).map(({ notice }) => notice['event']))).toEqual(
    new Set(['approval.asked', 'approval.answered']),
  );
  for (const post of told(pager, id)) expect(post.headers['webhook-signature']).toBe(signatureOf(post));
  expect(site.sent(text)).toEqual([]);
});

it('every change of a policy is told, whoever made it', async () => {
  await site.edit('asks', { ...ASKS, tools: { '*': REQUIRE, echo: { action: 'allow' } } });
  await eventually('it was told', () => told(pager, 'policy.changed').length > 0);
  expect(told(pager, 'policy.changed')[0]?.notice).toMatchObject({ policy: { name: 'asks', by: 'file' } });
});
