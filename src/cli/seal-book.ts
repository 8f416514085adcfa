import type { StoredSeal } from '../gateway/audit/audit-ports.ts';
import {
  type Checkpoint,
  isSignature,
  type KeySeal,
  keyAfter,
  NO_SEAL,
  type Retention,
  readSeal,
  type Seal,
  type SignedText,
  sealedText,
} from '../gateway/audit/seal.ts';
import { isSignedBy, keyId, sha256 } from './log-crypto.ts';

/** Something in the log that is not as it was written, and where. */
export interface Break {
  readonly writer?: string;
  readonly seq?: number;
  readonly id?: string;
  /** The number of a checkpoint. */
  readonly checkpoint?: number;
  readonly what: string;
}

/** A checkpoint that holds, and what is kept beside it. */
export interface Held extends Checkpoint {
  readonly frontier: string;
  readonly signature: string;
}

/** A seal that says that the records up to one of its writer's checkpoints were removed. */
interface Retained extends Retention {
  readonly checkpoint: Held;
}

/** What the seals of a log say, as far as they hold. */
export interface SealBook {
  /** Checkpoints of each writer, in their order. */
  readonly checkpoints: ReadonlyMap<string, readonly Held[]>;
  /** Of each writer, in their order. */
  readonly retentions: ReadonlyMap<string, readonly Retained[]>;
  /** How many checkpoints. */
  readonly count: number;
  /** Seals that tell of a key, as they are kept. */
  readonly keys: readonly SignedText[];
  /** Public keys, in hex, that signed at least one seal, by their ids. */
  readonly signers: ReadonlyMap<string, string>;
  /** Hashes of the seals: the first at index 0. */
  readonly hashes: readonly string[];
  readonly last: { readonly seal: Seal; readonly stored: SignedText; readonly public: string } | undefined;
  /** Where the chain of seals breaks: what follows proves nothing. */
  readonly fault: Break | undefined;
}

/** Follows the chain of seals from its beginning. */
export async function readSeals(stored: AsyncIterable<StoredSeal>): Promise<SealBook> {
  const checkpoints = new Map<string, Held[]>();
  const retentions = new Map<string, Retained[]>();
  const keys: SignedText[] = [];
  const publics = new Map<string, string>();
  const signers = new Map<string, string>();
  const hashes: string[] = [];
  let [count, previous, inForce]: [number, string, string | undefined] = [0, NO_SEAL, undefined];
  let last: SealBook['last'];
  let fault: Break | undefined;
  for await (const one of stored) {
    const n = hashes.length + 1;
    const seal = readSeal(one.body);
    const bytes = bytesFor(seal, publics);
    const what = faultOf(one, seal, { n, previous, key: inForce }, bytes);
    if (what !== undefined || seal === undefined || bytes === undefined) {
      fault = { checkpoint: n, what: what ?? 'it cannot be read' };
      break;
    }
    if (seal.kind === 'checkpoint') {
      const own = checkpoints.get(seal.writer) ?? [];
      if ((own.at(-1)?.size ?? 0) > seal.size || seal.size === 0) {
        fault = { checkpoint: n, writer: seal.writer, what: 'it covers less than the one before it' };
        break;
      }
      own.push({ ...seal, frontier: one.frontier, signature: one.signature });
      checkpoints.set(seal.writer, own);
      count += 1;
    } else if (seal.kind === 'retention') {
      const earlier = retentions.get(seal.writer) ?? [];
      const checkpoint = checkpointOf(seal, checkpoints.get(seal.writer) ?? [], earlier.at(-1));
      if (checkpoint === undefined) {
        fault = {
          checkpoint: n,
          writer: seal.writer,
          what: 'it says that records were removed, and not up to a checkpoint of their writer',
        };
        break;
      }
      earlier.push({ ...seal, checkpoint });
      retentions.set(seal.writer, earlier);
    } else {
      keys.push({ body: one.body, signature: one.signature });
      publics.set(seal.next, seal.public);
    }
    signers.set(seal.key, bytes);
    previous = sha256(sealedText(one));
    hashes.push(previous);
    inForce = keyAfter(seal);
    last = { seal, stored: { body: one.body, signature: one.signature }, public: bytes };
  }
  return { checkpoints, retentions, count, keys, signers, hashes, last, fault };
}

/** The one that a retention repeats; each removes more than the one before it. There are many of both, and their sizes grow. */
function checkpointOf(seal: Retention, own: readonly Held[], before: Retained | undefined): Held | undefined {
  const { size, head, root } = seal;
  if (size <= (before?.size ?? 0)) return undefined;
  let [low, high] = [0, own.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((own[middle]?.size ?? 0) < size) low = middle + 1;
    else high = middle;
  }
  const found = own[low];
  return found?.size === size && found.head === head && found.root === root ? found : undefined;
}

/** The public half of the key that should have signed it; the very first introduces itself. */
function bytesFor(seal: Seal | undefined, publics: ReadonlyMap<string, string>): string | undefined {
  if (seal === undefined) return undefined;
  const isFirst = publics.size === 0 && seal.kind === 'key' && seal.key === seal.next;
  return isFirst ? seal.public : publics.get(seal.key);
}

interface Place {
  readonly n: number;
  readonly previous: string;
  readonly key: string | undefined;
}

function faultOf(
  stored: StoredSeal,
  seal: Seal | undefined,
  { n, previous, key }: Place,
  bytes: string | undefined,
): string | undefined {
  if (stored.n !== n) return 'it is missing';
  if (seal === undefined || !isSignature(stored.signature))
    return 'it is not in the form of a checkpoint: it was changed';
  if (seal.n !== n) return `it stands in the place of another (${seal.n})`;
  if (seal.previous !== previous) return 'the one before it was changed, removed or inserted';
  if (!isInColumns(stored, seal)) return 'what is kept beside its text was changed';
  if (key !== undefined && seal.key !== key) return `it is signed by key ${seal.key}, and not by the one in force`;
  if (bytes === undefined) return 'it is signed by a key that nothing introduces';
  if (seal.kind === 'key' && !isItsKey(seal)) return 'the key in it is not the one that it names';
  if (!isSignedBy(bytes, stored.body, stored.signature)) return 'its signature is wrong: it was forged or changed';
  return undefined;
}

function isItsKey(seal: KeySeal): boolean {
  return keyId(seal.public) === seal.next;
}

function isInColumns({ writer, size, frontier }: StoredSeal, seal: Seal): boolean {
  if (seal.kind === 'key') return writer === null && size === 0 && frontier === '';
  if (seal.kind === 'retention' && frontier !== '') return false;
  return writer === seal.writer && size === seal.size;
}
