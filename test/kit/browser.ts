import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** Starts the machine's own Chromium, headless, without a profile. */
export async function startBrowser(): Promise<Browser & { stop(): Promise<void> }> {
  const browser = await chromium.launch({
    executablePath: installedBrowser(),
    // Where tests run as root there is no sandbox; what is opened is the gateway's own page.
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  return Object.assign(browser, { stop: () => browser.close() });
}

function installedBrowser(): string {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const found = NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram);
  if (found === undefined) throw new Error(`none of ${NAMES.join(', ')} is on the PATH: apt-get install chromium`);
  return found;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
