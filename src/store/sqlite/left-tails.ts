import { setImmediate as turn } from 'node:timers/promises';
import { grown, rootOf } from '../../gateway/audit/tree.ts';
import { type Database, numberIn, type Statement, textIn } from './driver.ts';
import type { SealChain } from './seal-chain.ts';
import type { Seals, Tail } from './seals.ts';
import { TREE_HASH } from './tree-hash.ts';

/** Links read in one go. */
const PAGE = 64;
/** How long an end waits for it. */
const PATIENCE_MS = 500;

interface Parts {
  readonly db: Database;
  readonly seals: Seals;
  readonly chain: SealChain;
  /** The writer that signs for itself. */
  readonly except: string;
  read<T>(look: () => T): Promise<T>;
  failed(words: string): void;
}

/**
 * Signs in the background what other writers left unsigned: a process that was killed, or one of a version that did not sign. It is signed as it is
 * found. A writer that lives loses nothing by it: its next checkpoint covers more.
 */
export class LeftTails {
  readonly #parts: Parts;
  readonly #links: Statement;
  #running: Promise<void> = Promise.resolve();
  #until = Number.POSITIVE_INFINITY;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#links = parts.db.prepare(
      `SELECT seq, hash FROM record WHERE writer = ? AND seq > ? ORDER BY seq LIMIT ${PAGE}`,
    );
  }

  start(): void {
    this.#running = this.#run().catch((error: unknown) => {
      if (!this.#isOver) this.#parts.failed(error instanceof Error ? error.message : String(error));
    });
  }

  /** What is not signed soon is left to the next start. */
  async stop(): Promise<void> {
    this.#until = performance.now() + PATIENCE_MS;
    await this.#running;
  }

  get #isOver(): boolean {
    return performance.now() > this.#until;
  }

  async #run(): Promise<void> {
    const { seals, read, except } = this.#parts;
    let row = 0;
    while (!this.#isOver) {
      await turn();
      const tails = await read(() => seals.tails(row));
      if (tails.length === 0) return;
      for (const tail of tails) {
        row = tail.row;
        if (this.#isOver) return;
        if (tail.writer !== except && tail.records > tail.sealed) await this.#sign(tail);
      }
    }
  }

  async #sign({ writer, row, records, sealed, root, frontier }: Tail): Promise<void> {
    if (sealed > 0 && rootOf(frontier, TREE_HASH) !== root) {
      this.#parts.failed(`the last checkpoint of writer ${writer} was changed; toolgate audit verify tells more`);
      return;
    }
    let tree = frontier;
    let head = '';
    while (tree.size < records && !this.#isOver) {
      await turn();
      const links = await this.#parts.read(() => this.#links.all(row, tree.size));
      for (const link of links) {
        // A hole is nothing to be signed over: it is what verifying is for.
        if (numberIn(link, 'seq') !== tree.size + 1) return;
        head = textIn(link, 'hash');
        tree = grown(tree, TREE_HASH.leaf(head), TREE_HASH);
      }
    }
    if (tree.size < records) return;
    await this.#parts.chain.add({ writer, hash: head, frontier: tree });
  }
}
