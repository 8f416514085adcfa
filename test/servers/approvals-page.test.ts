import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AdminServer, adminServer, passphraseOf, tokenOf } from '../kit/admin-server.ts';
import { type FakeDesk, fakeDesk, question } from '../kit/fake-desk.ts';
import { started } from '../kit/started.ts';
import { startBrowser } from './browser.ts';

const kit = started();
const HOSTILE = '</pre></title><script>window.hacked = 1</script><img src=x onerror="window.hacked = 1">\u202e\u200b';

let browser: Awaited<ReturnType<typeof startBrowser>>;
let desk: FakeDesk;
let server: AdminServer;
let context: BrowserContext;
let page: Page;
/** What the browser complained of, such as something that the page's own policy forbids. */
let complaints: string[];
/** All that was asked of anybody. */
let asked: string[];

beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser.stop());

beforeEach(async () => {
  desk = fakeDesk([
    question('ap_one', { to: 'cfo@example.com', amount: 5, body: 'one\ntwo' }),
    question(
      'ap_evil',
      { [HOSTILE]: HOSTILE },
      { name: HOSTILE, description: HOSTILE, client: { name: HOSTILE, version: '1' } },
    ),
  ]);
  server = kit.add(await adminServer({ desk }));
  await visitWith({});
});
afterEach(async () => {
  await context.close();
  await kit.endAll();
});

async function visitWith(options: Parameters<typeof browser.newContext>[0]): Promise<void> {
  await context?.close();
  context = await browser.newContext(options);
  page = await context.newPage();
  [complaints, asked] = [[], []];
  page.on('console', (message) => {
    if (!message.text().includes('the server responded with a status of')) complaints.push(message.text());
  });
  page.on('pageerror', (fault) => complaints.push(fault.message));
  page.on('request', (request) => asked.push(request.url()));
}

async function signIn(name: string, path: string): Promise<void> {
  await page.goto(server.base + path);
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Passphrase or token').fill(passphraseOf(name));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText(`Signed in as ${name}`).waitFor();
}

describe.each([
  ['with scripts', true],
  ['without scripts', false],
])('a person with a browser %s', (_, javaScriptEnabled) => {
  beforeEach(() => visitWith({ javaScriptEnabled }));

  it('follows the link, signs in, looks, and approves', async () => {
    await signIn('ann', '/approvals/ap_one');
    expect(page.url()).toBe(`${server.base}/approvals/ap_one`);
    await page.getByLabel('Note').first().fill('as agreed');
    await page.getByRole('button', { name: 'Approve', exact: true }).click();
    await page.getByText('You approved this call.').waitFor();
    expect(desk.given).toEqual([{ said: 'approve', note: 'as agreed', arguments: undefined }]);
    expect(complaints).toEqual([]);
    expect(asked.filter((url) => !url.startsWith(`${server.base}/approvals`))).toEqual([]);
  });

  it('denies', async () => {
    await signIn('ann', '/approvals/ap_one');
    await page.getByRole('button', { name: 'Deny' }).click();
    await page.getByText('You denied this call.').waitFor();
    expect(desk.kept.get('ap_one')?.state).toBe('denied');
  });

  it('changes the arguments: what was not touched stays as it was', async () => {
    await signIn('ann', '/approvals/ap_one');
    await page.getByText('Change the arguments').click();
    const box = page.getByLabel('Arguments, as JSON');
    await box.fill((await box.inputValue()).replace('5', '4'));
    await page.getByRole('button', { name: 'Approve with these arguments' }).click();
    await page.getByText('changed the arguments.').waitFor();
    expect(desk.given[0]?.arguments).toEqual({ to: 'cfo@example.com', amount: 4, body: 'one\ntwo' });
  });

  it('asks for a rule, makes it wider, sees it, and writes it', async () => {
    const changes = [{ policy: 'mail', diff: '-"action": "require_approval"\n+"approve_if": []' }];
    const choices = { amount: ['up to this'] };
    desk.proposing({ kind: 'proposal', digest: '', admits: 'Just this.', until: '2026-12-21', choices, changes });
    await signIn('ed', '/approvals/ap_one');
    await page.getByRole('link', { name: 'Always allow' }).click();
    await page.getByLabel('amount').selectOption('up to this');
    await page.getByRole('button', { name: 'Write this rule', exact: true }).click();
    await page.getByText('Nothing was written yet').waitFor();
    await page.getByRole('button', { name: 'Write this rule and approve this call' }).click();
    await page.getByText('The rule is written (mail). You approved this call.').waitFor();
    expect({ ...desk.wishes.at(-1)?.widen }).toEqual({ amount: 'up to this' });
    expect(complaints).toEqual([]);
  });

  it('signs out, and is nobody then', async () => {
    await signIn('ann', '/approvals');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.goto(`${server.base}/approvals/ap_one`);
    expect(await page.getByText('cfo@example.com').count()).toBe(0);
  });
});

it('runs nothing of what a hostile server and a hostile agent wrote', async () => {
  await signIn('ann', '/approvals/ap_evil');
  expect(await page.evaluate("'hacked' in window")).toBe(false);
  expect(await page.locator('main img').count()).toBe(0);
  expect(await page.locator('h1').innerText()).toContain('</title><script>');
  expect(await page.title()).toContain('\\u{202e}');
  expect(complaints).toEqual([]);
});

it('would run nothing even if something slipped in', async () => {
  await signIn('ann', '/approvals/ap_one');
  await page.evaluate(`
    const script = document.createElement('script');
    script.textContent = 'window.hacked = 1';
    document.body.append(script);
  `);
  expect(await page.evaluate("'hacked' in window")).toBe(false);
  expect(complaints.join()).toContain('Content Security Policy');
});

it('counts the time down', async () => {
  await signIn('ann', '/approvals/ap_one');
  await page.getByText('9 min').waitFor();
});

it('fits on a phone', async () => {
  await visitWith({ viewport: { width: 360, height: 640 }, isMobile: true });
  for (const path of ['/approvals/ap_evil', '/approvals/ap_one', '/approvals']) {
    if (path === '/approvals/ap_evil') await signIn('ann', path);
    else await page.goto(server.base + path);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
  }
});

describe('a page of somebody else, on another port of this very host', () => {
  let other: string;

  beforeEach(async () => {
    await signIn('ann', '/approvals/ap_one');
    const key = await page.locator('input[name=key]').first().inputValue();
    const seen = await page.locator('input[name=seen]').first().inputValue();
    const target = `${server.base}/approvals/ap_one`;
    // Even one that knows all that stands in the form.
    const form = `<form method="post" action="${target}/approve"><input name="key" value="${key}"><input name="seen" value="${seen}"><button>Win a prize</button></form>`;
    const text = `<!doctype html><a href="${target}">The question</a>${form}<iframe name="frame" src="${target}"></iframe>`;
    const site = createServer((_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(text));
    await new Promise<void>((resolve) => void site.listen(0, '127.0.0.1', resolve));
    other = `http://127.0.0.1:${(site.address() as AddressInfo).port}/`;
    kit.add({
      stop: () =>
        new Promise<void>((resolve) => {
          site.closeAllConnections();
          site.close(() => resolve());
        }),
    });
  });

  it('cannot answer', async () => {
    await page.goto(other);
    await page.getByRole('button', { name: 'Win a prize' }).click();
    await page.getByText(/not the gateway itself|page of another site|this Origin is not allowed/).waitFor();
    expect(desk.given).toEqual([]);
  });

  it('cannot show the page in a frame', async () => {
    await page.goto(other);
    await expect.poll(() => complaints.join()).toMatch(/frame-ancestors|X-Frame-Options|refused to connect|Framing/i);
    expect(
      await page
        .frame('frame')
        ?.locator('text=cfo@example.com')
        .count()
        .catch(() => 0),
    ).toBe(0);
  });

  it('can link to it: who is signed in sees the question at once', async () => {
    await page.goto(other.replace('127.0.0.1', 'localhost'));
    await page.getByRole('link', { name: 'The question' }).click();
    await page.getByText('Signed in as ann').waitFor();
  });
});

it('a token is enough, and who is removed is out', async () => {
  await page.goto(`${server.base}/approvals`);
  await page.getByLabel('Passphrase or token').fill(tokenOf('vic'));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('Signed in as vic').waitFor();
  server.people.delete('vic');
  await page.reload();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
});
