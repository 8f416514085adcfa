import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    // Real servers and children are started: give them time, and no more of them at once than there are cores.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    passWithNoTests: false,
    allowOnly: false,
  },
});
