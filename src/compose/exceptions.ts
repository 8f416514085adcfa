import type { Exceptions } from '../gateway/approvals/local-desk.ts';

/** What is needed to propose and adopt rules. */
export function exceptionsOf(): Exceptions {
  const none = { kind: 'none', reason: 'No rule can be proposed here.' } as const;
  return { propose: async () => none, adopt: async () => none };
}
