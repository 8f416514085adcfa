import type { DatabaseSync } from 'node:sqlite';

interface Checked {
  readonly records: number;
  readonly seals: readonly object[];
  readonly signers: ReadonlySet<string>;
}

/** The verifier of the examples, which shares no code with ours. */
interface SecondVerifier {
  checkLog(db: DatabaseSync, faults: string[]): Checked;
  checkHead(text: string, log: Checked, faults: string[]): void;
  checkProof(text: string, key: string, faults: string[]): number;
}

export async function secondVerifier(): Promise<SecondVerifier> {
  const loaded: SecondVerifier = await import(new URL('../../examples/verify-audit.mjs', import.meta.url).href);
  return loaded;
}
