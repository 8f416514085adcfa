/**
 * Ends a compilation or a check that cannot come to an answer. It never leaves this folder, and being thrown it cannot
 * be turned round by a `not` or covered by another branch of an `anyOf`.
 */
export class Stop extends Error {}
