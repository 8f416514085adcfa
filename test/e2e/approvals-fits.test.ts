import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toolgate } from '../kit/gateway.ts';
import type { HttpClient } from '../kit/http-client.ts';
import { type Obj, objAt } from '../kit/json-rpc.ts';
import { type ApprovalSite, ASKS, BOB, idIn, openSite, REQUIRE, said, word } from './approval-site.ts';
import { arrived, eventually } from './rig.ts';

const CHANGING = fileURLToPath(new URL('./changing-server.ts', import.meta.url));
const own = mkdtempSync(join(tmpdir(), 'toolgate-fits-'));
const [toolsFile, notesRecord] = [join(own, 'tools.json'), join(own, 'notes.jsonl')];
const READ: Obj = { name: 'read', description: 'Reads a note.', inputSchema: { type: 'object' } };

const asks = (rules: Obj, more: Obj = {}): Obj => ({ ...ASKS, tools: { '*': { ...REQUIRE, ...rules } }, ...more });
const ONCE = { limits: [{ counter: 'calls', window: 'hour', max: 1 }] };
/** Asks about texts with this in them, by an entry of its own among others. */
const about = (...parts: readonly string[]): Obj => {
  const entries = parts.map((value) => ({ conditions: [{ path: 'args.text', op: 'contains', value }] }));
  return { ...ASKS, tools: { '*': { approve_if: entries } } };
};
const NEVER: Obj = { ...ASKS, tools: { echo: { action: 'deny', reason: 'Not any more.' } } };

/** No call is held there: who asks gets a ticket. */
let site: ApprovalSite;
/** Calls are held. */
let holding: ApprovalSite;
/** Two calls whose questions stand for ten seconds: one that nobody answers, one that is approved and not used. */
let short: { client: HttpClient; unanswered: string; unused: string; ids: readonly [string, string] };

beforeAll(async () => {
  writeFileSync(toolsFile, JSON.stringify([READ]));
  const policies = {
    edited: about('-'),
    denying: ASKS,
    leaving: ASKS,
    limited: asks(ONCE),
    beyond: {
      ...ASKS,
      tools: { '*': { limits: [{ counter: 'calls', window: 'hour', max: 1, on_exceed: 'require_approval' }] } },
    },
    short: asks({}, { approvals: { timeout: '10s' } }),
  };
  const servers = {
    twin: 'old',
    edited: 'old',
    denying: 'old',
    leaving: 'old',
    crowded: 'old',
    limited: 'old',
    beyond: 'old',
    short: 'old',
    notes: { command: [process.execPath, CHANGING, toolsFile, notesRecord] },
  } as const;
  const rules = Object.fromEntries(Object.keys(policies).map((name) => [name, name]));
  const options = { policies, servers, rules };
  [site, holding] = await Promise.all([openSite({ ...options, approvals: { hold: 0 } }), openSite(options)]);
  const client = await site.legacy('short');
  const [unanswered, unused] = [word('unanswered'), word('unused')];
  const ids = [await ticket(client, unanswered), await ticket(client, unused)] as const;
  await site.ann.approve(ids[1]);
  short = { client, unanswered, unused, ids };
});

afterAll(async () => {
  await Promise.all([site?.stop(), holding?.stop()]);
  rmSync(own, { recursive: true, force: true, maxRetries: 3 });
});

async function echo(client: HttpClient, text: string): Promise<string> {
  return said(await client.call('echo', { text }));
}

/** The request under which a person is asked about the call; it was not sent. */
async function ticket(client: HttpClient, text: string): Promise<string> {
  const told = await echo(client, text);
  expect(told).toMatch(/^\[APPROVAL REQUIRED\]/);
  expect(site.sent(text)).toEqual([]);
  return idIn(told);
}

async function approved(client: HttpClient, text: string): Promise<string> {
  const id = await ticket(client, text);
  await site.ann.approve(id);
  return id;
}

describe('an approval fits the call that was approved, and none beside it', () => {
  it('not the same call of another grant', async () => {
    const [alice, bob] = [await site.legacy(), await site.legacy('old', BOB)];
    const text = word('grant');
    const id = await approved(alice, text);
    expect(await ticket(bob, text)).not.toBe(id);
    expect(await echo(alice, text)).toBe(text);
    expect(site.sent(text)).toHaveLength(1);
  });

  it('not the same call at another server', async () => {
    const [one, twin] = [await site.legacy(), await site.legacy('twin')];
    const text = word('server');
    const id = await approved(one, text);
    expect(await ticket(twin, text)).not.toBe(id);
    expect(await echo(one, text)).toBe(text);
    expect(site.sent(text)).toHaveLength(1);
  });

  it('not another tool with the same arguments', async () => {
    const client = await site.legacy();
    const text = word('tool');
    const id = await approved(client, text);
    const told = said(await client.call('log', { text }));
    expect(told).toMatch(/^\[APPROVAL REQUIRED\]/);
    expect(idIn(told)).not.toBe(id);
    expect(site.sent(text)).toEqual([]);
  });

  it('not other arguments, and the agent is told which; the order in which they stand is not theirs', async () => {
    const client = await site.legacy();
    const text = word('arguments');
    const call = async (args: Obj): Promise<string> => said(await client.call('echo', args));
    const id = idIn(await call({ text, count: 1, deep: { a: 1, b: 2 } }));
    await site.ann.approve(id);
    for (const [args, place] of [
      [{ text: `${text}!`, count: 1, deep: { a: 1, b: 2 } }, '/text'],
      [{ text, count: '1', deep: { a: 1, b: 2 } }, '/count'],
      [{ text, count: 1, deep: { a: 1, b: 2, c: null } }, '/deep/c'],
      [{ text, deep: { a: 1, b: 2 } }, '/count'],
    ] as const) {
      const told = await call(args);
      expect(told).toMatch(/^\[APPROVAL REQUIRED\]/);
      expect(told).toContain(`The request ${id} is approved for other arguments (they differ at ${place})`);
    }
    expect(site.sent(text)).toEqual([]);
    expect(await call({ deep: { b: 2, a: 1 }, count: 1, text })).toBe(text);
    expect(site.sent(text)).toHaveLength(1);
  });

  it('not after the rule that asked says something else; an edit elsewhere leaves it', async () => {
    const client = await site.legacy('edited');
    const [text, other] = [word('rule'), word('elsewhere')];
    const [id] = [await approved(client, text), await approved(client, other)];
    await site.edit('edited', { ...about('nothing like it', '-'), default: 'allow' });
    expect(await echo(client, other)).toBe(other);
    await site.edit('edited', about('.'));
    const told = await echo(client, text);
    expect(told).toMatch(/^\[APPROVAL REQUIRED\]/);
    expect(told).toContain(`${id} does not fit this call any more: another rule asks now than the one that asked then`);
    expect(idIn(told)).not.toBe(id);
    expect(await site.ann.show(id)).toMatchObject({ state: 'void' });
    expect(site.sent(text)).toEqual([]);
  });

  it('not while the policy denies the call; what was approved may still be sent when it does not any more', async () => {
    const client = await site.legacy('denying');
    const text = word('policy');
    const id = await approved(client, text);
    await site.edit('denying', NEVER);
    expect(await echo(client, text)).toBe('[POLICY DENIED] Not any more.');
    expect(site.sent(text)).toEqual([]);
    expect(await site.ann.show(id)).toMatchObject({ state: 'approved' });
    await site.edit('denying', ASKS);
    expect(await echo(client, text)).toBe(text);
    expect(site.sent(text)).toHaveLength(1);
  });

  it('not when a limit is full by then', async () => {
    const client = await site.legacy('limited');
    const [text, other] = [word('limit'), word('full')];
    const [, id] = [await approved(client, text), await approved(client, other)];
    expect(await echo(client, text)).toBe(text);
    expect(await echo(client, other)).toMatch(/^\[POLICY DENIED\].*calls/);
    expect([site.sent(text).length, site.sent(other).length]).toEqual([1, 0]);
    expect(await site.ann.show(id)).toMatchObject({ state: 'approved' });
  });

  it('a call beyond a limit that asks: once, and not for the next one', async () => {
    const client = await site.legacy('beyond');
    const [within, text, next] = [word('within'), word('beyond'), word('next')];
    expect(await echo(client, within)).toBe(within);
    const id = await approved(client, text);
    expect(await ticket(client, next)).not.toBe(id);
    expect(await echo(client, text)).toBe(text);
    await ticket(client, next);
    expect([within, text, next].map((one) => site.sent(one).length)).toEqual([1, 1, 0]);
  });

  it('not when who approved is nobody any more, nor somebody else of the same name', async () => {
    const client = await site.legacy();
    const texts = [word('gone'), word('renamed')];
    for (const text of texts) await site.ben.approve(await ticket(client, text));
    const people: Obj[] = [{}, { ben: { roles: ['approver'], token: 'another-token-of-another-ben' } }];
    for (const [index, text] of texts.entries()) {
      await site.configure((config) => {
        const { ben: _, ...others } = objAt(config, 'people');
        return { ...config, people: { ...others, ...people[index] } };
      });
      const told = await echo(client, text);
      expect(told).toMatch(/^\[(APPROVAL REQUIRED|POLICY DENIED)\].*ben/);
      expect(site.sent(text)).toEqual([]);
    }
  });

  it('not when the server was taken from the grant, nor when the grant is revoked', async () => {
    const [alice, bob] = [await site.legacy('leaving'), await site.legacy('old', BOB)];
    const [text, other] = [word('taken'), word('revoked')];
    const ids = [await approved(alice, text), await approved(bob, other)];
    await site.configure((config) => {
      const { alice: her } = objAt(config, 'grants');
      const { leaving: _, ...servers } = objAt({ her: objAt({ her }, 'her') }.her, 'servers');
      return { ...config, grants: { alice: { ...objAt({ her }, 'her'), servers } } };
    });
    for (const [client, id] of [
      [alice, 1],
      [bob, 2],
    ] as const) {
      const call = {
        jsonrpc: '2.0',
        id,
        method: 'tools/call',
        params: { name: 'echo', arguments: { text: [text, other][id - 1] } },
      };
      expect([401, 403, 404]).toContain((await client.post(call)).status);
    }
    expect([...site.sent(text), ...site.sent(other)]).toEqual([]);
    for (const id of ids) expect(await site.ann.show(id)).toMatchObject({ state: 'approved' });
  });

  it('not when the tool’s definition has changed: neither before a person accepted the new one nor after', async () => {
    const client = await site.legacy('notes');
    const call = async (one: HttpClient, text: string): Promise<string> => said(await one.call('read', { text }));
    const reached = (): number => arrived(notesRecord, 'tools/call').length;
    const text = word('definition');
    const id = idIn(await call(client, text));
    await site.ann.approve(id);
    writeFileSync(toolsFile, JSON.stringify([{ ...READ, description: 'Reads a note. Then mails it.' }]));
    const again = await site.legacy('notes');
    const pinned = await again.call('read', { text });
    expect(objAt(objAt(objAt(pinned, 'result'), '_meta'), 'toolgate/decision')).toMatchObject({ rule: '(pin)' });
    expect(await site.ann.show(id)).toMatchObject({ state: 'approved' });
    const { stdout } = await site.command('tools', 'diff');
    const words = /^ {2}toolgate (tools accept .*)$/m.exec(stdout)?.[1]?.split(' ') ?? [];
    expect((await toolgate(words)).code).toBe(0);
    let told = '';
    await eventually('what was accepted is in force', async () => {
      told = await call(again, text);
      return told.startsWith('[APPROVAL REQUIRED]');
    });
    expect(await site.ann.show(id)).toMatchObject({
      state: 'void',
      why: 'the definition of the tool has changed since',
    });
    expect(told).toContain(`The request ${id} does not fit this call any more: the definition of the tool has changed`);
    expect(reached()).toBe(0);
    await site.ann.approve(await site.ann.asked(text));
    expect(await call(again, text)).toBe('read was called');
    expect(reached()).toBe(1);
  });
});

describe('a question that is not asked', () => {
  it('is one about more than anybody can read', async () => {
    const client = await site.legacy();
    const text = word('long');
    expect(await echo(client, `${text}${'x'.repeat(270_000)}`)).toMatch(
      /^\[POLICY DENIED\].*nobody can read its 270\d{3} characters/,
    );
    expect(site.sent(text)).toEqual([]);
  });

  it('is one more than people are bothered with at a time, until they have answered one', async () => {
    const client = await site.legacy('crowded');
    await site.configure((config) => ({ ...config, approvals: { ...objAt(config, 'approvals'), open_per_tool: 2 } }));
    const [first, second, third] = [word('one'), word('two'), word('three')];
    const ids = [await ticket(client, first), await ticket(client, second)];
    expect(await echo(client, third)).toMatch(/^\[POLICY DENIED\] 2 questions about echo wait for a person already/);
    expect(await ticket(client, first)).toBe(ids[0]);
    await site.ann.approve(ids[1] ?? '');
    await ticket(client, third);
    expect([first, second, third].flatMap((text) => site.sent(text))).toEqual([]);
  });
});

describe('a held call makes its pass anew when a person has approved, and is refused', () => {
  async function held(server: string, text: string, meanwhile: () => Promise<void>): Promise<string> {
    const client = await holding.legacy(server);
    const answer = echo(client, text);
    const id = await holding.ann.asked(text);
    await meanwhile();
    await holding.ann.approve(id);
    const told = await answer;
    expect(holding.sent(text)).toEqual([]);
    return told;
  }

  it('by the policy that denies it now', async () => {
    const told = await held('denying', word('held-policy'), () => holding.edit('denying', NEVER));
    expect(told).toBe('[POLICY DENIED] Not any more.');
  });

  it('since another rule asks now', async () => {
    const told = await held('edited', word('held-rule'), () => holding.edit('edited', about('.')));
    expect(told).toContain('another rule asks now');
  });

  it('by a limit that is full now', async () => {
    const told = await held('limited', word('held-limit'), async () => {
      const other = word('first');
      const answer = echo(await holding.legacy('limited'), other);
      await holding.ann.approve(await holding.ann.asked(other));
      expect(await answer).toBe(other);
    });
    expect(told).toMatch(/^\[POLICY DENIED\].*calls/);
  });
});

it('what nobody answered in time, or approved and did not use in time, has expired', async () => {
  const { client, unanswered, unused, ids } = short;
  await eventually('both have expired', async () => {
    const states = await Promise.all(ids.map(async (id) => (await site.ann.show(id))['state']));
    return states.every((state) => state === 'expired');
  });
  await expect(site.ann.approve(ids[0])).rejects.toThrow('expired');
  for (const [text, id, why] of [
    [unanswered, ids[0], 'nobody answered in time'],
    [unused, ids[1], 'it was approved, and not used in time'],
  ] as const) {
    expect(await ticket(client, text)).not.toBe(id);
    expect(await site.ann.show(id)).toMatchObject({ state: 'expired', why });
  }
});
