import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    // Those need real servers, which are installed apart: `npm run test:servers`.
    exclude: ['**/node_modules/**', 'test/servers/**'],
    // Real servers and children are started: give them time. Most of it is spent waiting, so a few more run at once than there are cores.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 3,
    passWithNoTests: false,
    allowOnly: false,
  },
});
