import { defineConfig } from 'vitest/config';
import { IS_WITHOUT_PYPI } from './installed.ts';

const PYTHON = ['test/servers/mitmproxy*.test.ts', 'test/servers/sqlite-python.test.ts'];

if (IS_WITHOUT_PYPI) console.error(`WITHOUT THE SERVERS FROM PyPI: not run are ${PYTHON.join(', ')}`);

// Real servers, installed apart by scripts/install-real-servers.sh; `npm test` needs none of them.
export default defineConfig({
  root: new URL('../..', import.meta.url).pathname,
  test: {
    include: ['test/servers/**/*.test.ts'],
    exclude: IS_WITHOUT_PYPI ? PYTHON : [],
    globalSetup: ['test/servers/setup.ts'],
    // A browser on a busy machine takes its time.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    passWithNoTests: false,
    allowOnly: false,
  },
});
