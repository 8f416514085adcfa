/** Bytes that come piece by piece. Many small pieces take no more room than one large one. */
export interface BytePile {
  readonly size: number;
  add(piece: Uint8Array): void;
  /** Everything so far; the pile is empty then. */
  take(): Buffer;
}

const SMALLEST = 1024;

export function bytePile(): BytePile {
  /** The first piece as it came: most messages come whole. */
  let first: Buffer = Buffer.alloc(0);
  /** All of them, once there are several; longer than what it holds. */
  let store: Buffer | undefined;
  let size = 0;

  function room(needed: number): Buffer {
    if (store !== undefined && store.length >= needed) return store;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed * 2, SMALLEST));
    larger.set(store === undefined ? first : store.subarray(0, size));
    store = larger;
    return larger;
  }

  return {
    get size() {
      return size;
    },
    add(piece) {
      if (size === 0) first = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
      else room(size + piece.byteLength).set(piece, size);
      size += piece.byteLength;
    },
    take() {
      const all = store === undefined ? first : store.subarray(0, size);
      first = Buffer.alloc(0);
      store = undefined;
      size = 0;
      return all;
    },
  };
}
