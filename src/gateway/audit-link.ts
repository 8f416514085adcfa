/** What a link's hash covers besides the hash before it. */
export interface Link {
  readonly writer: string;
  readonly seq: number;
  readonly id: string;
  readonly kind: string;
  readonly at: number;
  /** JSON array of where the counters stood, `[]` when none. */
  readonly limits: string;
  readonly body: string;
}

/** The hash before a writer's first link. */
export const GENESIS: string = '0'.repeat(64);

/**
 * The text whose SHA-256 (UTF-8, lower-case hex) is the link's hash: the previous hash and each field on a line of its own.
 * No field but the body can hold a line feed, and the body is one line of canonical JSON, so no two links share a text.
 */
export function linkText(previous: string, link: Link): string {
  return `${previous}\n${link.writer}\n${link.seq}\n${link.id}\n${link.kind}\n${link.at}\n${link.limits}\n${link.body}`;
}
