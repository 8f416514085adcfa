import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHROMIUM, PYTHON, packaged } from './installed.ts';

type Command = readonly string[];

/** The browser looks up no names and calls nobody on its own: it reaches this machine, and nothing else. */
const QUIET: readonly string[] = [
  '--disable-background-networking',
  '--disable-component-update',
  '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
];

/** The command, started in a folder of its own. */
function within(folder: string, command: Command): Command {
  return ['/bin/sh', '-c', 'cd "$0" && exec "$@"', folder, ...command];
}

/** Where the browsers keep their profile; every process of theirs names it. */
export function profileIn(folder: string): string {
  return join(folder, 'profile');
}

export function playwright(folder: string): Command {
  const config = join(folder, 'playwright.json');
  const launchOptions = { executablePath: CHROMIUM, headless: true, chromiumSandbox: false, args: QUIET };
  const browser = { browserName: 'chromium', userDataDir: profileIn(folder), launchOptions };
  writeFileSync(config, JSON.stringify({ browser }));
  return within(folder, [process.execPath, packaged('@playwright/mcp/cli.js'), '--config', config]);
}

export function chromeDevtools(folder: string): Command {
  const main = packaged('chrome-devtools-mcp/build/src/bin/chrome-devtools-mcp.js');
  const place = ['--headless', '--executablePath', CHROMIUM, '--userDataDir', profileIn(folder)];
  const browser = ['--no-sandbox', ...QUIET].map((flag) => `--chromeArg=${flag}`);
  const silence = ['--no-usage-statistics', '--no-performance-crux'];
  return within(folder, [process.execPath, main, ...place, ...browser, ...silence]);
}

/** DBHub on a SQLite file that is there already. */
export function dbhub(file: string): Command {
  const main = packaged('@bytebase/dbhub/dist/index.js');
  return [process.execPath, main, '--transport', 'stdio', '--dsn', `sqlite://${file}`];
}

/** The reference server for SQLite, in Python. */
export function sqlitePython(file: string): Command {
  const start = 'from mcp_server_sqlite import main; main()';
  return [PYTHON, '-c', start, '--db-path', file];
}

/** It keeps what it captured in a database in its folder, and its certificates in the home folder. */
export function mitmproxy(folder: string): Command {
  return within(folder, [PYTHON, '-c', 'from mitmproxy_mcp.core.server import start; start()']);
}
