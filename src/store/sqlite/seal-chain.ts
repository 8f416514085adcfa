import { hash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Signer, SigningKey, StoredSeal } from '../../gateway/audit/audit-ports.ts';
import {
  type Checkpoint,
  keyAfter,
  NO_SEAL,
  readSeal,
  type Seal,
  sealedText,
  sealText,
} from '../../gateway/audit/seal.ts';
import type { Frontier } from '../../gateway/audit/tree.ts';
import { rootOf } from '../../gateway/audit/tree.ts';
import { StoreFault } from '../../gateway/ports.ts';
import { frontierText, type Seals } from './seals.ts';
import { TREE_HASH } from './tree-hash.ts';

/** Others may have added a seal while one was signed: it is signed anew, at most so often. */
const MOST_TRIES = 40;
const PAUSE_MS = 20;

export interface ChainParts {
  readonly path: string;
  readonly seals: Seals;
  readonly signer: Signer;
  now(): number;
  /** Looks at the database outside of a transaction. */
  read<T>(look: () => T): Promise<T>;
  /** Runs inside a transaction; resolves after it. */
  write<T>(work: () => T): Promise<T>;
}

/** A tree head that is to be signed. */
export interface Head {
  readonly writer: string;
  readonly hash: string;
  readonly frontier: Frontier;
}

/** Where the next seal stands. */
interface Place {
  readonly n: number;
  readonly previous: string;
  /** Undefined at the very beginning. */
  readonly key: string | undefined;
}

/** The chain of seals of a data folder, to which its writers add in turn. Signing is done outside of every transaction. */
export class SealChain {
  readonly #parts: ChainParts;

  constructor(parts: ChainParts) {
    this.#parts = parts;
  }

  /** Makes sure that the key in force can sign, and introduces the first one. Rejects with `StoreFault`. */
  async begin(): Promise<void> {
    const place = await this.#place();
    if (place.key !== undefined) await this.#parts.signer.key(place.key);
    else
      await this.#add(isNever, async (start, key) =>
        start.n === 1 ? [await this.#introduction(start, key, key)] : [],
      );
  }

  /** Signs a tree head, unless a later one of that writer is signed already. */
  async add(head: Head): Promise<void> {
    const isLate = (): boolean => this.#parts.seals.sizeOf(head.writer) >= head.frontier.size;
    await this.#add(isLate, async (start, key) => {
      const first = start.key === undefined ? [await this.#introduction(start, key, key)] : [];
      const place = after(first.at(-1)) ?? start;
      return [...first, await this.#checkpoint(place, key, head)];
    });
  }

  /** Signs that what a checkpoint covers is removed, unless that, or more, is signed already. */
  async retain({ writer, size, head, root }: Checkpoint): Promise<void> {
    const isLate = (): boolean => this.#parts.seals.retainedOf(writer) >= size;
    const told = { kind: 'retention', writer, size, head, root } as const;
    await this.#add(isLate, async (start, key) => [await this.#signed(start, key, told, '')]);
  }

  /** From here on another key signs: the old one says so, and the new one signs after it to show that it can. */
  async rotate(next: SigningKey): Promise<string> {
    let old = '';
    await this.#add(isNever, async (start, key) => {
      old = key.id;
      const first = start.key === undefined ? [await this.#introduction(start, key, key)] : [];
      const said = await this.#introduction(after(first.at(-1)) ?? start, key, next);
      return [...first, said, await this.#introduction(after(said) ?? start, next, next)];
    });
    return old;
  }

  async #add(
    isNeedless: () => boolean,
    make: (place: Place, key: SigningKey) => Promise<readonly StoredSeal[]>,
  ): Promise<void> {
    const { seals, signer, write, path } = this.#parts;
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const place = await this.#place();
      const fresh = await make(place, await signer.key(place.key));
      const isSettled = await write(() => {
        if (isNeedless()) return true;
        if ((seals.last()?.n ?? 0) + 1 !== place.n) return false;
        for (const seal of fresh) seals.add(seal);
        return true;
      });
      if (isSettled) return;
      await pause(Math.random() * PAUSE_MS);
    }
    throw new StoreFault(
      `store ${path}: so many processes sign checkpoints that this one found no turn; it tries again`,
    );
  }

  async #place(): Promise<Place> {
    const { seals, read, path } = this.#parts;
    const last = await read(() => seals.last());
    if (last === undefined) return { n: 1, previous: NO_SEAL, key: undefined };
    const place = after(last);
    if (place !== undefined) return place;
    throw new StoreFault(
      `store ${path}: its last checkpoint is not one that this program wrote; toolgate audit verify tells more`,
    );
  }

  #introduction(place: Place, key: SigningKey, next: SigningKey): Promise<StoredSeal> {
    return this.#signed(place, key, { kind: 'key', next: next.id, public: next.public }, '');
  }

  #checkpoint(place: Place, key: SigningKey, { writer, hash: head, frontier }: Head): Promise<StoredSeal> {
    const root = rootOf(frontier, TREE_HASH);
    const told = { kind: 'checkpoint', writer, size: frontier.size, head, root } as const;
    return this.#signed(place, key, told, frontierText(frontier));
  }

  async #signed(place: Place, key: SigningKey, told: Told, frontier: string): Promise<StoredSeal> {
    const { n, previous } = place;
    const at = Math.max(0, Math.floor(this.#parts.now()));
    const body = sealText({ ...told, n, previous, at, key: key.id });
    const of = told.kind === 'key' ? { writer: null, size: 0 } : { writer: told.writer, size: told.size };
    return { n, ...of, body, signature: await key.sign(body), frontier };
  }
}

function isNever(): boolean {
  return false;
}

type Told = SealOf<'key'> | SealOf<'checkpoint'> | SealOf<'retention'>;
type SealOf<Kind extends Seal['kind']> = Omit<Extract<Seal, { kind: Kind }>, 'n' | 'previous' | 'at' | 'key'>;

function after(last: StoredSeal | undefined): Place | undefined {
  const seal = last === undefined ? undefined : readSeal(last.body);
  if (last === undefined || seal === undefined || seal.n !== last.n) return undefined;
  return { n: last.n + 1, previous: hash('sha256', sealedText(last), 'hex'), key: keyAfter(seal) };
}
