import type { Front } from './ports.ts';

/** The front of the modern era: nothing comes beside the requests. */
export const NOBODY: Front = { attached: () => false, push() {}, ended() {} };
