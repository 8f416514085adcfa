/**
 * A seal is one signed line of the log's own log: it introduces a key, is a checkpoint of a writer, or says that what one covers was removed.
 * All seals of a data folder are one chain.
 * What is written here is documented to the byte in docs/reference/audit-format.md.
 */
export type Seal = KeySeal | Checkpoint | Retention;

interface AnySeal {
  /** From 1 on, without gaps. */
  readonly n: number;
  /** `sealHash` of the seal before; `NO_SEAL` for the first. */
  readonly previous: string;
  /** Wall time, whole ms since the epoch. */
  readonly at: number;
  /** The id of the key that signed it. */
  readonly key: string;
}

/** From here on another key signs; the first one introduces itself. */
export interface KeySeal extends AnySeal {
  readonly kind: 'key';
  /** The id of the key that signs from now on: SHA-256 of its 32 bytes. */
  readonly next: string;
  /** Its 32 bytes. */
  readonly public: string;
}

/** A tree head over all records of a writer so far. */
export interface Checkpoint extends TreeHead {
  readonly kind: 'checkpoint';
}

/** The records of a writer up to one of its checkpoints, whose words it repeats, were removed because of their age or the size of the store. */
export interface Retention extends TreeHead {
  readonly kind: 'retention';
}

interface TreeHead extends AnySeal {
  readonly writer: string;
  /** How many records, and so the `seq` of the last of them. */
  readonly size: number;
  /** Hash of that record's link. */
  readonly head: string;
  /** The root of the tree whose leaves are the hashes of the links. */
  readonly root: string;
}

/** A seal as it is kept: the text that was signed, and the Ed25519 signature in lower-case hex. */
export interface SignedText {
  readonly body: string;
  readonly signature: string;
}

/** What stands for the seal before the first one. */
export const NO_SEAL: string = '0'.repeat(64);

const KEY = 'toolgate-key-1';
const CHECKPOINT = 'toolgate-checkpoint-1';
const RETENTION = 'toolgate-retention-1';
const WHOLE = '(0|[1-9][0-9]{0,15})';
const HASH = '([0-9a-f]{64})';

const KEY_TEXT = new RegExp(
  `^\\{"at":${WHOLE},"format":"${KEY}","key":"${HASH}","n":${WHOLE},"next":"${HASH}","previous":"${HASH}","public":"${HASH}"\\}$`,
);
const HEAD_TEXT = new RegExp(
  `^\\{"at":${WHOLE},"format":"(${CHECKPOINT}|${RETENTION})","head":"${HASH}","key":"${HASH}","n":${WHOLE},"previous":"${HASH}","root":"${HASH}","size":${WHOLE},"writer":"([0-9a-f]{32})"\\}$`,
);
const SIGNATURE = /^[0-9a-f]{128}$/;

/** The text that is signed: canonical JSON, one line. */
export function sealText(seal: Seal): string {
  const { at, key, n, previous } = seal;
  switch (seal.kind) {
    case 'key':
      return JSON.stringify({ at, format: KEY, key, n, next: seal.next, previous, public: seal.public });
    case 'checkpoint':
    case 'retention': {
      const { head, root, size, writer } = seal;
      const format = seal.kind === 'checkpoint' ? CHECKPOINT : RETENTION;
      return JSON.stringify({ at, format, head, key, n, previous, root, size, writer });
    }
  }
}

/** Reads what `sealText` wrote; undefined for every other text, be it the same JSON in other words. */
export function readSeal(text: string): Seal | undefined {
  const key = KEY_TEXT.exec(text);
  if (key !== null) {
    const [, at, id = '', n, next = '', previous = '', bytes = ''] = key;
    return { kind: 'key', at: Number(at), key: id, n: Number(n), next, previous, public: bytes };
  }
  const parts = HEAD_TEXT.exec(text);
  if (parts === null) return undefined;
  const [, at, format, head = '', id = '', n, previous = '', root = '', size, writer = ''] = parts;
  const of = { head, root, size: Number(size), writer };
  const kind = format === CHECKPOINT ? 'checkpoint' : 'retention';
  return { kind, at: Number(at), key: id, n: Number(n), previous, ...of };
}

export function isSignature(text: string): boolean {
  return SIGNATURE.test(text);
}

/** The text whose SHA-256 the next seal names. */
export function sealedText({ body, signature }: SignedText): string {
  return `${body}\n${signature}`;
}

/** The key that signs what comes after this seal. */
export function keyAfter(seal: Seal): string {
  return seal.kind === 'key' ? seal.next : seal.key;
}
