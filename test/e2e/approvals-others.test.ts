import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Obj, objAt } from '../kit/json-rpc.ts';
import {
  type ApprovalSite,
  ASKS,
  connectNext,
  connectOld,
  idIn,
  openSite,
  REQUIRE,
  said,
  word,
} from './approval-site.ts';
import type { HubPlan } from './hub-plan.ts';
import { arrived, eventually } from './rig.ts';

const SERVER = fileURLToPath(new URL('./hub-server.ts', import.meta.url));
const own = mkdtempSync(join(tmpdir(), 'toolgate-others-'));
const record = (name: string): string => join(own, `${name}.jsonl`);
const asked = { ...ASKS, prompts: { '*': REQUIRE }, resources: { '*': REQUIRE } };
/** As long as it is there, the servers that can be down do not start. */
const DOWN = join(own, 'down');
let site: ApprovalSite;
let brief: ApprovalSite;

beforeAll(async () => {
  const server = (name: string, era: HubPlan['era']): Obj => {
    const plan = {
      name,
      era,
      tools: ['echo'],
      prompts: ['greet', 'part'],
      resources: ['file:///a.txt', 'file:///b.txt'],
    };
    return { command: [process.execPath, SERVER, record(name), JSON.stringify(plan)] };
  };
  const policies = { asked, falling: { ...ASKS, tools: { '*': REQUIRE, die: {} } } };
  const down = (era: HubPlan['era']): Obj => {
    const plan = { name: 'down', era, tools: ['echo', 'die'], crashWhile: DOWN };
    return { command: [process.execPath, SERVER, record(`down-${era}`), JSON.stringify(plan)] };
  };
  const open = (name: string, approvals: Obj): Promise<ApprovalSite> => {
    const [old, next] = [`${name}-old`, `${name}-new`];
    const servers = {
      [old]: server(old, 'legacy'),
      [next]: server(next, 'modern'),
      'down-legacy': down('legacy'),
      'down-modern': down('modern'),
    };
    const rules = { [old]: 'asked', [next]: 'asked', 'down-legacy': 'falling', 'down-modern': 'falling' };
    return openSite({ servers, policies, rules, approvals });
  };
  [site, brief] = await Promise.all([open('site', {}), open('brief', { hold: 0 })]);
});

afterAll(async () => {
  await Promise.all([site?.stop(), brief?.stop()]);
  rmSync(own, { recursive: true, force: true, maxRetries: 3 });
});

const reached = (server: string, method: string): number => arrived(record(server), method).length;

describe('a prompt and a resource about which a person is asked', () => {
  it('are held for a client of the SDK, and got once a person has approved; or not, and it hears why', async () => {
    const client = await connectOld(site.kit, site.oldTransport('site-old'));
    const prompt = client.getPrompt({ name: 'greet' });
    await site.ann.approve(await site.ann.waiting('greet'));
    expect(JSON.stringify(await prompt)).toContain('greet by site-old');
    const resource = client.readResource({ uri: 'file:///a.txt' });
    await site.ann.approve(await site.ann.waiting('file:///a.txt'));
    expect(JSON.stringify(await resource)).toContain('read by site-old');
    const denied = client.readResource({ uri: 'file:///b.txt' });
    const id = await site.ann.waiting('file:///b.txt');
    await Promise.all([
      expect(denied).rejects.toMatchObject({
        code: -32010,
        message: expect.stringContaining('ann denied it: not that'),
      }),
      site.ann.deny(id, 'not that'),
    ]);
    expect([reached('site-old', 'prompts/get'), reached('site-old', 'resources/read')]).toEqual([1, 1]);
  });

  it('send the user of a client of the newer SDK to the page', async () => {
    const client = await connectNext(site.kit, site.transport('site-new'), { elicitation: { url: {} } }, (one) => {
      one.setRequestHandler('elicitation/create', async ({ params }) => {
        await site.ann.approve(idIn('url' in params ? String(params.url) : ''));
        return { action: 'accept' };
      });
    });
    expect(JSON.stringify(await client.getPrompt({ name: 'greet' }))).toContain('greet by site-new');
    expect(JSON.stringify(await client.readResource({ uri: 'file:///a.txt' }))).toContain('read by site-new');
    expect([reached('site-new', 'prompts/get'), reached('site-new', 'resources/read')]).toEqual([1, 1]);
  });

  it.each(['old', 'new'])(
    'give a ticket with the error, and pass once when the same is asked again (%s)',
    async (era) => {
      const server = `brief-${era}`;
      const client = era === 'old' ? await brief.legacy(server) : brief.modern(server);
      for (const [method, params] of [
        ['prompts/get', { name: 'greet' }],
        ['resources/read', { uri: 'file:///a.txt' }],
      ] as const) {
        const fault = objAt(await client.request(method, params), 'error');
        expect(fault).toMatchObject({ code: -32010, message: expect.stringMatching(/^\[APPROVAL REQUIRED\]/) });
        expect(objAt(objAt(fault, 'data'), 'toolgate/decision')).toMatchObject({ decision: 'require_approval' });
        await brief.ann.approve(idIn(String(fault['message'])));
        const other = method === 'prompts/get' ? { name: 'part' } : { uri: 'file:///b.txt' };
        expect(await client.request(method, other)).toHaveProperty('error');
        expect(reached(server, method)).toBe(0);
        expect(await client.request(method, params)).toHaveProperty('result');
        expect(await client.request(method, params)).toHaveProperty('error');
        expect(reached(server, method)).toBe(1);
      }
    },
  );
});

describe('an approved call that cannot be sent since the server is down', () => {
  it.each(['legacy', 'modern'] as const)(
    'is not used up: it is sent when the server is back, once (%s)',
    async (era) => {
      const server = `down-${era}`;
      const client = era === 'legacy' ? await brief.legacy(server) : brief.modern(server);
      const text = word('down');
      const call = async (): Promise<string> => said(await client.call('echo', { text }));
      const id = idIn(await call());
      await brief.ann.approve(id);
      writeFileSync(DOWN, '');
      await client.call('die');
      expect(await call()).not.toContain('[APPROVAL REQUIRED]');
      expect(reached(server, 'tools/call')).toBe(1);
      rmSync(DOWN);
      await eventually('it is back', async () => (await call()).includes(text));
      const calls = arrived(record(server), 'tools/call').filter((one) => JSON.stringify(one).includes(text));
      expect(calls).toHaveLength(1);
      expect(await brief.ann.show(id)).toMatchObject({ state: 'used' });
      expect(await call()).toContain('[APPROVAL REQUIRED]');
    },
  );
});

describe('an approved call that reached a server which then broke off', () => {
  it('is used up: nobody knows what it did, and it is not sent again', async () => {
    const wrap = brief.lineWrap({ approvals: { hold: 0 } });
    await wrap.initialize();
    for (const [client, tool] of [
      [await brief.legacy(), 'die'],
      [brief.modern(), 'drop'],
      [wrap, 'die'],
    ] as const) {
      const text = word('broken-off');
      const call = async (): Promise<string> => said(await client.call(tool, { text }));
      const id = idIn(await call());
      await brief.ann.approve(id);
      expect(await call()).not.toContain('[APPROVAL REQUIRED]');
      expect(brief.sent(text)).toHaveLength(1);
      const again = await call();
      expect(again).toContain('[APPROVAL REQUIRED]');
      expect(idIn(again)).not.toBe(id);
      expect(brief.sent(text)).toHaveLength(1);
    }
  });
});
