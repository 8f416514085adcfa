import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');

/** Where `scripts/install-real-servers.sh` has put the servers. */
const FOLDER: string = process.env['TOOLGATE_REAL_SERVERS'] ?? join(cache, 'toolgate-real-servers');

/** PyPI could not be reached: what is written in Python is neither installed nor tried. Set by CI, which says so loudly. */
export const IS_WITHOUT_PYPI: boolean = process.env['TOOLGATE_WITHOUT_PYPI'] === '1';

export const CHROMIUM: string = join(FOLDER, 'bin', 'chromium');
export const PYTHON: string = join(FOLDER, 'bin', 'python');

/** A file of a package from npm. */
export function packaged(path: string): string {
  return join(FOLDER, 'npm', 'node_modules', path);
}

function isSame(wanted: string, installed: string): boolean {
  const path = join(FOLDER, installed);
  const here = fileURLToPath(new URL(wanted, import.meta.url));
  return existsSync(path) && readFileSync(path).equals(readFileSync(here));
}

/** What must be installed before the tests can tell anything, and is not, or in other versions. */
export function missing(): readonly string[] {
  return [
    ...(isSame('install/package-lock.json', 'npm/installed') ? [] : ['the servers from npm']),
    ...(existsSync(CHROMIUM) ? [] : ['chromium']),
    ...(IS_WITHOUT_PYPI || isSame('install/requirements.txt', 'python-installed') ? [] : ['the servers from PyPI']),
  ];
}
