/** How much of the arguments the log keeps. */
export const PRIVACIES = ['redacted', 'full', 'keys'] as const;

/** When a record is on the disk. */
export const SYNCS = ['interval', 'before-send', 'before-reply'] as const;

/** What becomes of tools whose definition nobody has accepted. */
export const PINS = ['hold', 'warn', 'off'] as const;
