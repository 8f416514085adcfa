import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { afterEach, describe, expect, test } from 'vitest';
import { FRONTS, type OpenSite, type Site } from '../e2e/site.ts';
import { type Obj, textOf } from '../kit/json-rpc.ts';
import { started } from '../kit/started.ts';
import { chromeDevtools, profileIn } from './commands.ts';
import { folderFor, leftBehind } from './ground.ts';
import { openTill, type Till } from './till.ts';

const kit = started();
afterEach(() => kit.endAll());

/** An agent may look at one shop and pay twice. */
function shopping(origin: string): Obj {
  const onlyShop = {
    conditions: [{ path: 'args.url', op: 'regex', value: `^${origin.replaceAll('.', '\\.')}/(shop|terms)$` }],
    on_deny: 'Only the shop may be opened.',
  };
  return {
    version: '1',
    default: 'deny',
    hide: ['evaluate_script'],
    tools: {
      list_pages: {},
      new_page: { require: [onlyShop] },
      navigate_page: {
        require: [onlyShop],
        // It runs code as `evaluate_script` does, which is hidden.
        deny_if: [{ conditions: [{ path: 'args.initScript', op: 'exists', value: true }], on_deny: 'No scripts.' }],
      },
      take_snapshot: {
        deny_if: [{ conditions: [{ path: 'args.filePath', op: 'exists', value: true }], on_deny: 'No files.' }],
      },
      click: { limits: [{ counter: 'clicks', window: 'hour', max: 2, scope: 'grant' }] },
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
  const site = kit.add(await openSite({ server: 'devtools', command: chromeDevtools(folder), policy }));
  const client = await site.sdk();
  const call = async (name: string, args: Obj = {}): Promise<string> =>
    textOf(await client.callTool({ name, arguments: args }));
  return { till, site, client, folder, call };
}

/** The number of the page that is selected, and the mark of its button. */
function pageIn(pages: string): number {
  return Number(/^(\d+): .*\[selected\]/m.exec(pages)?.[1]);
}
function buttonIn(snapshot: string): string {
  return /uid=(\S+) button "Pay"/.exec(snapshot)?.[1] ?? 'no button';
}

describe.each(FRONTS)('chrome-devtools-mcp with a browser, %s', (_name, openSite: OpenSite) => {
  test('one shop is opened, twice is paid, and no other page hears of the agent', async () => {
    const { till, site, client, call } = await scene(openSite);
    const pageId = pageIn(await call('new_page', { url: `${till.origin}/shop` }));
    const elsewhere = `${till.origin}/admin`;
    const refused = '[POLICY DENIED] Only the shop may be opened.';
    expect(await call('new_page', { url: elsewhere })).toBe(refused);
    expect(await call('navigate_page', { pageId, type: 'url', url: elsewhere })).toBe(refused);
    expect(await call('navigate_page', { pageId, type: 'url', url: 'file:///etc/passwd' })).toBe(refused);
    // Without a URL there is nothing to judge.
    expect(await call('navigate_page', { pageId, type: 'reload' })).toBe(refused);

    const pay = async (): Promise<string> => {
      const uid = buttonIn(await call('take_snapshot', { pageId }));
      return call('click', { pageId, uid });
    };
    expect(await pay()).toContain('clicked');
    expect(await pay()).toContain('clicked');
    expect(await pay()).toMatch(/^\[POLICY DENIED\] .*clicks/);

    const pages = await call('list_pages');
    expect(pages).toContain(`${till.origin}/pay`);
    expect(pages).not.toContain('admin');
    expect(pages).not.toContain('passwd');
    expect(till.asked()).toEqual(['GET /shop', 'POST /pay', 'POST /pay']);
    const looks = ['take_snapshot', 'click', 'take_snapshot', 'click', 'take_snapshot'];
    expect(site.called()).toEqual(['new_page', ...looks, 'list_pages']);
    const listed = (await client.listTools()).tools.map(({ name }) => name).sort();
    expect(listed).toEqual(['click', 'list_pages', 'navigate_page', 'new_page', 'take_snapshot']);
  });

  test('no code is run by another door, and a look writes no file', async () => {
    const { till, client, folder, site, call } = await scene(openSite);
    const pageId = pageIn(await call('new_page', { url: `${till.origin}/shop` }));
    const steal = `fetch('${till.origin}/stolen')`;
    const hidden = client.callTool({ name: 'evaluate_script', arguments: { pageId, function: `() => ${steal}` } });
    await expect(hidden).rejects.toThrow('Unknown tool: evaluate_script');
    const terms = { pageId, type: 'url', url: `${till.origin}/terms` };
    expect(await call('navigate_page', { ...terms, initScript: steal })).toBe('[POLICY DENIED] No scripts.');
    const filePath = join(folder, 'page.txt');
    expect(await call('take_snapshot', { pageId, filePath })).toBe('[POLICY DENIED] No files.');
    await call('navigate_page', terms);
    expect(existsSync(filePath)).toBe(false);
    expect(till.asked()).toEqual(['GET /shop', 'GET /terms']);
    expect(site.called()).toEqual(['new_page', 'navigate_page']);
  });

  test('an open policy passes everything on: code runs by another door, and a look writes a file', async () => {
    const { till, folder, call } = await scene(openSite, () => ({ version: '1', default: 'allow', tools: {} }));
    const pageId = pageIn(await call('new_page', { url: `${till.origin}/shop` }));
    const filePath = join(folder, 'page.txt');
    await call('take_snapshot', { pageId, filePath });
    expect(existsSync(filePath)).toBe(true);
    const initScript = `fetch('${till.origin}/stolen', { keepalive: true })`;
    await call('navigate_page', { pageId, type: 'url', url: `${till.origin}/terms`, initScript });
    await expect.poll(till.asked, { timeout: 10_000 }).toContain('GET /stolen');
  });

  test.each([
    ['ends', (site: Site) => site.stop()],
    ['is killed', (site: Site) => site.crash()],
  ])('when the gate %s, no browser stays behind', async (_how, end) => {
    const { till, site, folder, call } = await scene(openSite);
    await call('new_page', { url: `${till.origin}/shop` });
    expect(till.asked()).toEqual(['GET /shop']);
    await end(site);
    expect(await leftBehind(profileIn(folder))).toEqual([]);
  });
});
