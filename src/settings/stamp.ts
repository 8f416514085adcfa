import { stat } from 'node:fs/promises';

/** A file that was read, with the stamp it had just before. */
export interface WatchedFile {
  readonly path: string;
  readonly stamp: string;
}

/** Changes when a file is written, replaced, removed, or comes back; links are followed. Never rejects. */
export async function stampOf(path: string): Promise<string> {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
    return `${dev}:${ino}:${size}:${mtimeNs}:${ctimeNs}`;
  } catch (error) {
    return error instanceof Error && 'code' in error ? `none: ${String(error.code)}` : 'none';
  }
}
