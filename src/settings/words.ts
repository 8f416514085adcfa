/** How much of the arguments the log keeps. */
export const PRIVACIES = ['redacted', 'full', 'keys'] as const;

/** When a record is on the disk. */
export const SYNCS = ['interval', 'before-send', 'before-reply'] as const;

/** What becomes of tools whose definition nobody has accepted. */
export const PINS = ['hold', 'warn', 'off'] as const;

/** What a hook can be told of. */
export const NOTICE_EVENTS = [
  'approval.asked',
  'approval.answered',
  'approval.expired',
  'approval.used',
  'approval.void',
  'policy.changed',
] as const;

/** What a hook is told of when it does not say. */
export const USUAL_EVENTS: readonly NoticeEvent[] = [
  'approval.asked',
  'approval.answered',
  'approval.expired',
  'policy.changed',
];

export type NoticeEvent = (typeof NOTICE_EVENTS)[number];

/** In which form a hook is told: as it is, signed, or as chats take it. */
export const HOOK_FORMS = ['json', 'slack'] as const;

export type HookForm = (typeof HOOK_FORMS)[number];

/** Where an export goes. */
export const EXPORT_TARGETS = ['otlp', 'http', 'file'] as const;

/** With which record a new export begins. */
export const EXPORT_STARTS = ['start', 'now'] as const;
