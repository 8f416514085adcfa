import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Obj } from '../kit/json-rpc.ts';
import { objAt, textOf } from '../kit/json-rpc.ts';
import type { HubPlan } from './hub-plan.ts';
import { type HubSite, namesIn, openHub } from './hub-site.ts';
import { AGENT, eventually, processesWith } from './rig.ts';

let site: HubSite;

afterEach(() => site.stop());

const plan = (name: string, more: Partial<HubPlan> = {}): HubPlan => ({
  name,
  era: 'legacy',
  tools: ['echo'],
  ...more,
});

const messageOf = (answer: Obj): unknown => objAt(answer, 'error')['message'];

describe('a server that is broken takes no other down', () => {
  it.each(['legacy', 'modern'] as const)('when it ends as it is started, for a %s client', async (era) => {
    site = await openHub({ servers: { broken: plan('broken', { crash: true }), fine: plan('fine') } });
    const client = era === 'legacy' ? await site.legacy() : site.modern();
    expect(namesIn(await client.request('tools/list'), 'tools')).toEqual(['fine__echo']);
    const fine = await client.request('tools/call', { name: 'fine__echo', arguments: {} });
    expect(textOf(fine['result'])).toContain('"by":"fine"');
    const refused = messageOf(await client.request('tools/call', { name: 'broken__echo', arguments: {} }));
    expect(refused).toContain('The server broken was not reached');
    expect(site.called('broken')).toEqual([]);
    expect(site.gateway.stderr()).toContain('broken');
  });

  it('when it crashes in the middle of a call: its caller is told, and it comes again', async () => {
    site = await openHub({ servers: { frail: plan('frail', { tools: ['echo', 'die'] }), fine: plan('fine') } });
    const client = await site.legacy();
    const stream = await client.stream();
    const died = messageOf(await client.call('frail__die'));
    expect(died).toContain('The request was sent to the server frail but got no result');
    expect(textOf((await client.call('fine__echo'))['result'])).toContain('"by":"fine"');
    await stream.next('the change', (one) => one['method'] === 'notifications/tools/list_changed');
    expect(textOf((await client.call('frail__echo'))['result'])).toContain('"by":"frail"');
    expect(site.called('frail')).toEqual(['die', 'echo']);
    stream.close();
  });

  it('when it does not list its tools', async () => {
    site = await openHub({ servers: { mute: plan('mute', { mute: ['tools/list'] }), fine: plan('fine') } });
    const client = await site.legacy();
    // Before the list has been given up: nobody waits for it twice.
    expect(textOf((await client.call('fine__echo'))['result'])).toContain('"by":"fine"');
    expect(namesIn(await client.request('tools/list'), 'tools')).toEqual(['fine__echo']);
  }, 60_000);

  it('when it does not answer the handshake: the others open without it, and its callers hear its name', async () => {
    site = await openHub({ servers: { mute: plan('mute', { mute: ['initialize'] }), fine: plan('fine') } });
    const client = await site.legacy();
    expect(namesIn(await client.request('tools/list'), 'tools')).toEqual(['fine__echo']);
    expect(messageOf(await client.call('mute__echo'))).toContain('The server mute was not reached');
    expect(site.called('mute')).toEqual([]);
  }, 60_000);

  it('when it comes later: the client hears of it, and has its tools without connecting again', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'toolgate-late-'));
    const sign = join(folder, 'sign');
    writeFileSync(sign, '');
    site = await openHub({ servers: { late: plan('late', { crashWhile: sign }), fine: plan('fine') } });
    const client = await site.legacy();
    const stream = await client.stream();
    expect(namesIn(await client.request('tools/list'), 'tools')).toEqual(['fine__echo']);
    rmSync(folder, { recursive: true });
    await stream.next('the change', (one) => one['method'] === 'notifications/tools/list_changed');
    await eventually('its tools are there', async () => {
      return namesIn(await client.request('tools/list'), 'tools').join() === 'late__echo,fine__echo';
    });
    expect(textOf((await client.call('late__echo'))['result'])).toContain('"by":"late"');
    expect(site.heard('late', 'notifications/initialized')).toHaveLength(1);
    stream.close();
  });

  it.each(['legacy', 'modern'] as const)('when nothing listens at its address, for a %s client', async (era) => {
    site = await openHub({ servers: { fine: plan('fine') }, urls: { nowhere: 'http://127.0.0.1:1/mcp' } });
    const client = era === 'legacy' ? await site.legacy() : site.modern();
    expect(namesIn(await client.request('tools/list'), 'tools')).toEqual(['fine__echo']);
    const told = messageOf(await client.request('tools/call', { name: 'nowhere__x', arguments: {} }));
    expect(told).toContain('The server nowhere was not reached');
  });

  it('when none is left, and the client is told which failed and why', async () => {
    site = await openHub({ servers: { one: plan('one', { crash: true }), two: plan('two', { crash: true }) } });
    const client = await site.legacy();
    const told = messageOf(await client.request('tools/list'));
    expect(told).toContain('the server one:');
    expect(told).toContain('the server two:');
  });
});

describe('names that cannot be told apart', () => {
  it('are left out of the list, and refused when they are called, both; no server hears of it', async () => {
    site = await openHub({
      servers: {
        one: plan('one', { tools: ['read_file', 'read-file', 'List', 'list', 'pa1', 'pal', 'sound'] }),
        a: plan('a', { tools: ['b__c', 'fine'] }),
        a__b: plan('a__b', { tools: ['c', 'fine'] }),
      },
    });
    for (const client of [await site.legacy(), site.modern()]) {
      expect(namesIn(await client.request('tools/list'), 'tools')).toEqual(['one__sound', 'a__fine', 'a__b__fine']);
      for (const name of [
        'one__read_file',
        'one__read-file',
        'one__List',
        'one__list',
        'one__pa1',
        'one__pal',
        'a__b__c',
      ]) {
        const told = messageOf(await client.request('tools/call', { name, arguments: {} }));
        expect(told).toContain('could be mistaken for');
      }
      const text = textOf((await client.request('tools/call', { name: 'a__b__fine', arguments: {} }))['result']);
      expect(text).toContain('"by":"a__b"');
    }
    expect([site.called('one'), site.called('a'), site.called('a__b')]).toEqual([[], [], ['fine', 'fine']]);
    expect(site.gateway.stderr()).toMatch(
      /one__read_file is left out at \/mcp: it could be mistaken for one__read-file/,
    );
  });

  it('are refused too when the client calls before it has listed anything', async () => {
    site = await openHub({ servers: { one: plan('one', { tools: ['pay', 'PAY'] }), two: plan('two') } });
    const client = await site.legacy();
    expect(messageOf(await client.call('one__pay'))).toContain('could be mistaken for one__PAY');
    expect(site.called('one')).toEqual([]);
  });
});

describe('a session with all servers', () => {
  it('follows the configuration: policies, servers given and taken', async () => {
    site = await openHub({ servers: { one: plan('one', { tools: ['echo', 'other'] }), two: plan('two') } });
    const client = await site.legacy();
    const stream = await client.stream();
    const changed = (one: Obj): boolean => one['method'] === 'notifications/tools/list_changed';
    site.writePolicy('one', { version: '1', default: 'allow', hide: ['other'], tools: {} });
    await stream.next('the change', changed);
    expect(namesIn(await client.request('tools/list'), 'tools')).toEqual(['one__echo', 'two__echo']);
    expect(messageOf(await client.call('one__other'))).toBe('Unknown tool: one__other');
    site.regrant(['two']);
    await stream.next('the change', changed);
    await eventually('one is gone', async () => {
      return namesIn(await client.request('tools/list'), 'tools').join() === 'two__echo';
    });
    expect(messageOf(await client.call('one__echo'))).toBe('Unknown tool: one__echo');
    site.regrant(['one', 'two']);
    await eventually('one is there again', async () => {
      return namesIn(await client.request('tools/list'), 'tools').join() === 'one__echo,two__echo';
    });
    expect(textOf((await client.call('one__echo'))['result'])).toContain('"by":"one"');
    expect(site.called('one')).toEqual(['echo']);
    stream.close();
  });

  it('counts as one, and leaves nothing behind when it ends', async () => {
    site = await openHub({ servers: { one: plan('one'), two: plan('two') }, more: { limits: { sessions: 1 } } });
    const client = await site.legacy();
    expect(processesWith(site.folder).filter((pid) => pid !== site.gateway.pid)).toHaveLength(2);
    const late = site.fresh();
    expect((await late.post({ jsonrpc: '2.0', id: 1, method: 'initialize', params: {} })).status).toBe(429);
    expect((await client.delete()).status).toBe(204);
    expect(processesWith(site.folder).filter((pid) => pid !== site.gateway.pid)).toEqual([]);
    expect((await client.post({ jsonrpc: '2.0', id: 2, method: 'tools/list' })).status).toBe(404);
    await late.initialize();
    expect(namesIn(await late.request('tools/list'), 'tools')).toHaveLength(2);
  });

  it('holds tools that a server adds later, as at its own address', async () => {
    site = await openHub({ servers: { one: plan('one', { tools: ['grow', 'echo'] }) }, each: { pins: 'hold' } });
    const client = await site.legacy();
    expect(namesIn(await client.request('tools/list'), 'tools')).toEqual(['one__grow', 'one__echo']);
    await client.call('one__grow', { name: 'sprout' });
    expect(namesIn(await client.request('tools/list'), 'tools')).toEqual(['one__grow', 'one__echo']);
    const refused = await client.call('one__sprout');
    expect(JSON.stringify(refused)).toContain('(pin)');
    expect(site.called('one')).toEqual(['grow']);
  });

  it('ends with all behind it when nobody uses it', async () => {
    site = await openHub({ servers: { one: plan('one'), two: plan('two') }, each: { idle: 1 } });
    const client = await site.legacy();
    const modern = site.modern();
    await modern.request('tools/list');
    const children = (): number => processesWith(site.folder).filter((pid) => pid !== site.gateway.pid).length;
    await eventually('both sessions end', () => children() === 0);
    expect((await client.post({ jsonrpc: '2.0', id: 2, method: 'tools/list' })).status).toBe(404);
    expect(namesIn(await modern.request('tools/list'), 'tools')).toEqual(['one__echo', 'two__echo']);
  });

  it('refuses what belongs to the other era, and what nobody knows', async () => {
    site = await openHub({ servers: { one: plan('one') } });
    const client = await site.legacy();
    expect(objAt(await client.request('server/discover'), 'error')['code']).toBe(-32601);
    expect(objAt(await client.request('made/up'), 'error')['code']).toBe(-32601);
    expect(messageOf(await client.request('initialize', {}))).toContain('open already');
    const modern = await site.modern().post('resources/subscribe', { uri: 'a:b' });
    expect(modern.status).toBe(404);
    expect(site.heard('one', 'made/up')).toEqual([]);
  });
});

describe('a call under way when the gateway gives it up is answered: it may have taken effect', () => {
  it.each([
    ['legacy', 'the token of the grant was changed'],
    ['modern', 'the token of the grant was changed'],
    ['legacy', 'the gateway is stopping'],
    ['modern', 'the gateway is stopping'],
  ] as const)('for a %s client: %s', async (era, reason) => {
    site = await openHub({ servers: { one: plan('one', { tools: ['hang'] }) }, more: { limits: { drain: 0 } } });
    const client = era === 'legacy' ? await site.legacy() : site.modern();
    const answer = client.request('tools/call', { name: 'one__hang', arguments: {} });
    await eventually('the call is under way', () => site.called('one').length === 1);
    const { configFile, pid } = site.gateway;
    if (reason === 'the gateway is stopping') process.kill(pid, 'SIGTERM');
    else writeFileSync(configFile, readFileSync(configFile, 'utf8').replace(AGENT, `${AGENT}-renewed`));
    expect(messageOf(await answer)).toMatch(new RegExp(`no result: ${reason}\\. It may have taken effect`));
    expect(site.called('one')).toEqual(['hang']);
  });
});
