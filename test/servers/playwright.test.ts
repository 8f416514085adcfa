import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { afterEach, describe, expect, test } from 'vitest';
import { FRONTS, type OpenSite, type Site } from '../e2e/site.ts';
import { type Obj, textOf } from '../kit/json-rpc.ts';
import { started } from '../kit/started.ts';
import { playwright, profileIn } from './commands.ts';
import { folderFor, leftBehind } from './ground.ts';
import { openTill, type Till } from './till.ts';

const kit = started();
afterEach(() => kit.endAll());

/** An agent may look at one shop and pay twice. */
function shopping(origin: string): Obj {
  const quoted = origin.replaceAll('.', '\\.');
  return {
    version: '1',
    default: 'deny',
    hide: ['browser_evaluate', 'browser_run_code_unsafe'],
    tools: {
      browser_navigate: {
        require: [
          {
            conditions: [{ path: 'args.url', op: 'regex', value: `^${quoted}/(shop|terms)$` }],
            on_deny: 'Only the shop may be opened.',
          },
        ],
      },
      browser_tabs: { require: [{ conditions: [{ path: 'args.action', op: 'eq', value: 'list' }] }] },
      // Marked read-only by the server, and yet it writes a file where it is told to.
      browser_snapshot: {
        deny_if: [{ conditions: [{ path: 'args.filename', op: 'exists', value: true }], on_deny: 'No files.' }],
      },
      browser_click: { limits: [{ counter: 'clicks', window: 'hour', max: 2, scope: 'grant' }] },
      browser_close: {},
    },
  };
}

interface Scene {
  readonly till: Till;
  readonly site: Site;
  readonly client: Client;
  readonly folder: string;
  call(name: string, args?: Obj): Promise<string>;
}

async function scene(openSite: OpenSite, policyFor: (origin: string) => Obj = shopping): Promise<Scene> {
  const folder = folderFor(kit);
  const till = kit.add(await openTill());
  const policy = policyFor(till.origin);
  const site = kit.add(await openSite({ server: 'browser', command: playwright(folder), policy }));
  const client = await site.sdk();
  const call = async (name: string, args: Obj = {}): Promise<string> =>
    textOf(await client.callTool({ name, arguments: args }));
  return { till, site, client, folder, call };
}

describe.each(FRONTS)('@playwright/mcp with a browser, %s', (_name, openSite: OpenSite) => {
  test('one shop is opened, twice is paid, and no other page hears of the agent', async () => {
    const { till, site, client, call } = await scene(openSite);
    expect(await call('browser_navigate', { url: `${till.origin}/shop` })).toContain('Page Title: Till');
    expect(await call('browser_snapshot')).toContain('button "Pay"');

    for (const url of [
      `${till.origin}/admin`,
      `${till.origin}/shop/../admin`,
      `${till.origin.replace('127.0.0.1', '127.0.0.1:1@127.0.0.1')}/shop`,
      'file:///etc/passwd',
      `javascript:fetch('${till.origin}/admin')`,
      [`${till.origin}/shop`],
    ]) {
      expect(await call('browser_navigate', { url })).toBe('[POLICY DENIED] Only the shop may be opened.');
    }
    // Another tool of the server that can open pages.
    expect(await call('browser_tabs', { action: 'new', url: `${till.origin}/admin` })).toContain('[POLICY DENIED]');
    expect(await call('browser_tabs', { action: 'list' })).toContain(`${till.origin}/shop`);
    expect(await call('browser_tabs', { action: 'list' })).not.toContain('- 1:');

    const pay = { element: 'the button', target: '#pay' };
    expect(await call('browser_click', pay)).toContain('/pay');
    expect(await call('browser_click', pay)).toContain('/pay');
    expect(await call('browser_click', pay)).toMatch(/^\[POLICY DENIED\] .*clicks/);
    await call('browser_close');

    expect(till.asked()).toEqual(['GET /shop', 'POST /pay', 'POST /pay']);
    const reached = ['browser_navigate', 'browser_snapshot', 'browser_tabs', 'browser_tabs'];
    expect(site.called()).toEqual([...reached, 'browser_click', 'browser_click', 'browser_close']);
    const listed = (await client.listTools()).tools.map(({ name }) => name).sort();
    expect(listed).toEqual(['browser_click', 'browser_close', 'browser_navigate', 'browser_snapshot', 'browser_tabs']);
  });

  test('a tool that only reads writes no file, and hidden tools run no code', async () => {
    const { till, site, client, folder, call } = await scene(openSite);
    await call('browser_navigate', { url: `${till.origin}/shop` });
    expect(await call('browser_snapshot', { filename: 'page.yml' })).toBe('[POLICY DENIED] No files.');
    const stolen = `() => fetch('${till.origin}/stolen')`;
    for (const [name, args] of [
      ['browser_evaluate', { function: stolen }],
      ['browser_run_code_unsafe', { code: stolen }],
    ] as const) {
      await expect(client.callTool({ name, arguments: args })).rejects.toThrow(`Unknown tool: ${name}`);
    }
    await call('browser_snapshot');
    expect(existsSync(join(folder, 'page.yml'))).toBe(false);
    expect(till.asked()).toEqual(['GET /shop']);
    expect(site.called()).toEqual(['browser_navigate', 'browser_snapshot']);
  });

  test('an open policy passes everything on: what is said to read writes a file, and other doors lead to pages', async () => {
    const { till, folder, call } = await scene(openSite, () => ({ version: '1', default: 'allow', tools: {} }));
    await call('browser_navigate', { url: `${till.origin}/shop` });
    await call('browser_snapshot', { filename: 'page.yml' });
    expect(existsSync(join(folder, 'page.yml'))).toBe(true);
    await call('browser_tabs', { action: 'new', url: `${till.origin}/admin` });
    await call('browser_evaluate', { function: `() => fetch('${till.origin}/stolen')` });
    expect(till.asked()).toEqual(['GET /shop', 'GET /admin', 'GET /stolen']);
  });

  test.each([
    ['ends', (site: Site) => site.stop()],
    ['is killed', (site: Site) => site.crash()],
  ])('when the gate %s, no browser stays behind', async (_how, end) => {
    const { till, site, folder, call } = await scene(openSite);
    await call('browser_navigate', { url: `${till.origin}/shop` });
    expect(till.asked()).toEqual(['GET /shop']);
    await end(site);
    expect(await leftBehind(profileIn(folder))).toEqual([]);
  });
});
