/** `legacy`: an `initialize` handshake opens a session (2024-11-05 to 2025-11-25). `modern`: every request stands by itself (2026-07-28). */
export type Era = 'legacy' | 'modern';

/** Revisions of the legacy era, newest first. */
export const REVISIONS: readonly string[] = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'];

/** The revision of the modern era. */
export const MODERN = '2026-07-28';
