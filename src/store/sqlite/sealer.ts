import { setImmediate as turn } from 'node:timers/promises';
import type { CheckpointPace } from '../../gateway/audit/audit-ports.ts';
import { EMPTY, type Frontier, grown } from '../../gateway/audit/tree.ts';
import type { SealChain } from './seal-chain.ts';
import { TREE_HASH } from './tree-hash.ts';

/** So many leaves, or this part of those that wait, are put into the tree in one go; in between calls have their turn. */
const AT_ONCE = 64;
const PART = 8;

interface Parts {
  readonly writer: string;
  readonly chain: SealChain;
  readonly pace: CheckpointPace;
  failed(words: string): void;
}

/**
 * Signs a writer's records in the background: soon after the first one, then after so many or so long, and at the end. All that a call
 * pays for it is that its link's hash is put into a list.
 */
export class Sealer {
  readonly #parts: Parts;
  #waiting: string[] = [];
  #tree: Frontier = EMPTY;
  #head = '';
  #sealed = 0;
  #retryAt = 0;
  #told: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Tells of links that were committed, in their order. */
  wrote(hashes: readonly string[]): void {
    if (hashes.length === 0) return;
    for (const hash of hashes) this.#waiting.push(hash);
    this.#look();
  }

  /** Signs what is not signed yet. */
  async close(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
    clearTimeout(this.#timer);
    this.#retryAt = 0;
    if (this.#unsealed > 0) await this.#run();
  }

  get #unsealed(): number {
    return this.#tree.size + this.#waiting.length - this.#sealed;
  }

  #look(): void {
    if (this.#running !== undefined) return;
    const { records, ms } = this.#parts.pace;
    const isDue = (this.#sealed === 0 || this.#unsealed >= records) && performance.now() >= this.#retryAt;
    if (isDue || this.#waiting.length >= records) this.#start();
    else this.#timer ??= setTimeout(() => this.#late(), ms).unref();
  }

  #late(): void {
    this.#timer = undefined;
    if (this.#running === undefined && this.#unsealed > 0) this.#start();
  }

  #start(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#running = this.#run().then(() => {
      this.#running = undefined;
      if (this.#unsealed > 0) this.#look();
    });
  }

  /** Never rejects. */
  async #run(): Promise<void> {
    await this.#grow();
    if (performance.now() < this.#retryAt) return;
    const [tree, hash] = [this.#tree, this.#head];
    if (tree.size === this.#sealed) return;
    try {
      await this.#parts.chain.add({ writer: this.#parts.writer, hash, frontier: tree });
      this.#sealed = tree.size;
      this.#retryAt = 0;
      this.#told = undefined;
    } catch (error) {
      this.#retryAt = performance.now() + Math.min(this.#parts.pace.ms, 5_000);
      const words = error instanceof Error ? error.message : String(error);
      if (words !== this.#told) this.#parts.failed(words);
      this.#told = words;
    }
  }

  async #grow(): Promise<void> {
    const wanted = this.#tree.size + this.#waiting.length;
    while (this.#tree.size < wanted) {
      await turn();
      for (const link of this.#waiting.splice(0, Math.max(AT_ONCE, this.#waiting.length / PART))) {
        this.#tree = grown(this.#tree, TREE_HASH.leaf(link), TREE_HASH);
        this.#head = link;
      }
    }
  }
}
