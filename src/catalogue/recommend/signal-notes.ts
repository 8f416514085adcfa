import type { Classification, Signal, SignalKind } from '../classification.ts';
import { shown } from './id-rule.ts';

/** What no rule can be made of, and a reader has to decide. */
const SAYS: { readonly [kind in SignalKind]?: (parameter: string | undefined) => string } = {
  bulk: () =>
    'One call acts on many things, and is counted as one: bound their number with length_lte where it matters.',
  code: (parameter) =>
    `${shown(parameter ?? '')} is code, and no rule reads code: keep the server where it can do no harm.`,
  html: (parameter) =>
    `${shown(parameter ?? '')} is markup that somebody's program will obey: keep scripts and foreign addresses out of it.`,
  recipient: (parameter) =>
    `${shown(parameter ?? '')} says who gets something, and anybody may be named: list them with in or email_domain_in.`,
  'credential-in': (parameter) =>
    `${shown(parameter ?? '')} is a secret that passes through the model: better let the server have it from its own surroundings.`,
  'credential-out': () => 'Its answer can hold secrets: those of a known form are masked by "results".',
  'widens-when-absent': () => 'It acts on more where an argument is left out.',
};

/** Those kinds that rules are made of where that can be; a note for them would only repeat the rule's. */
const RULED: ReadonlySet<SignalKind> = new Set(['widens-when-absent']);

export function signalNotes({ signals }: Classification): readonly string[] {
  const notes = signals.flatMap(({ kind, parameter }: Signal) =>
    RULED.has(kind) ? [] : (SAYS[kind]?.(parameter) ?? []),
  );
  return [...new Set(notes)];
}
