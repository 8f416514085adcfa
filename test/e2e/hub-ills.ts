/** What a hostile server among others does. */
export interface Ill {
  readonly era: 'legacy' | 'modern';
  readonly tools?: readonly string[];
  readonly resources?: readonly string[];
  /** Keys of a capability. */
  readonly keys?: number;
  readonly instructions?: string;
  /** Says that its tools changed, so often. */
  readonly floodMs?: number;
  /** Methods that are never answered. */
  readonly mute?: readonly string[];
  /** Only as long as this file is there. */
  readonly muteWhile?: string;
}
