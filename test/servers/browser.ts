import { type Browser, chromium } from 'playwright-core';
import { CHROMIUM } from './installed.ts';

/** Starts the installed Chromium, headless, without a profile. */
export async function startBrowser(): Promise<Browser & { stop(): Promise<void> }> {
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    // Where tests run as root there is no sandbox; what is opened is the gateway's own page.
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  return Object.assign(browser, { stop: () => browser.close() });
}
