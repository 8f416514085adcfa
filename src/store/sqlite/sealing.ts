import type { CheckpointPace, Pruned, PruneWish, Signer, SigningKey } from '../../gateway/audit/audit-ports.ts';
import type { Database } from './driver.ts';
import { patiently } from './fault.ts';
import { LeftTails } from './left-tails.ts';
import { PrunePlan } from './prune-plan.ts';
import { Pruning } from './pruning.ts';
import { SealChain } from './seal-chain.ts';
import { Sealer } from './sealer.ts';
import { Seals } from './seals.ts';

export interface Parts {
  readonly path: string;
  readonly db: Database;
  /** The id of the writer whose records are signed. */
  readonly writer: string;
  readonly signer: Signer;
  readonly pace: CheckpointPace;
  /** `others`: what earlier writers left unsigned is signed too. */
  readonly whose: 'own' | 'others';
  now(): number;
  write<T>(work: () => T): Promise<T>;
  /** Told inside of a transaction how many bytes it changes, about. */
  changed(bytes: number): void;
  failed(words: string): void;
}

/** All that signs the log of one store, and so what may remove of it. */
export class Sealing {
  readonly #chain: SealChain;
  readonly #sealer: Sealer;
  readonly #left: LeftTails | undefined;
  readonly #pruning: Pruning;
  readonly plan: PrunePlan;

  constructor(parts: Parts) {
    const { path, db, writer, whose } = parts;
    const seals = new Seals(db);
    const read = <T>(look: () => T): Promise<T> => patiently(path, look);
    this.#chain = new SealChain({ ...parts, seals, read });
    this.#sealer = new Sealer({ ...parts, chain: this.#chain });
    this.#left =
      whose === 'own' ? undefined : new LeftTails({ ...parts, seals, read, chain: this.#chain, except: writer });
    this.plan = new PrunePlan({ db, seals, read });
    this.#pruning = new Pruning({ ...parts, read, chain: this.#chain, plan: this.plan });
  }

  /** Resolves when the key is there and can sign; rejects with `StoreFault` if it cannot. */
  async begin(): Promise<void> {
    await this.#chain.begin();
    this.#left?.start();
  }

  wrote(hashes: readonly string[]): void {
    this.#sealer.wrote(hashes);
  }

  /** Gives the id of the key that signed until now. */
  rotate(next: SigningKey): Promise<string> {
    return this.#chain.rotate(next);
  }

  prune(wish: PruneWish): Promise<Pruned> {
    return this.#pruning.prune(wish);
  }

  async close(): Promise<void> {
    await this.#pruning.stop();
    await this.#left?.stop();
    await this.#sealer.close();
  }
}
