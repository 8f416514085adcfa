/** What of a call may not be known any more. */
export type Unknown = 'arguments' | 'labels' | 'definition' | 'client' | 'counts';

/**
 * Notes whether a judgement looked at what is not known any more. The judge is deterministic: what it said without looking there it says
 * whatever stood there.
 */
export interface Witness {
  saw: Unknown | undefined;
}

export function look(witness: Witness, unknown: Unknown): void {
  witness.saw ??= unknown;
}
