import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync } from 'node:fs';
import { access, constants, type FileHandle, open, realpath, rm, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { whyUnwritten } from '../why-unwritten.ts';

/** A regular file as it was read: its own name behind all links, and every byte of it. */
export interface FileNow {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** How the name ends by which it was asked for: that says how it is read. */
  readonly ending: string;
}

/** A file beside another one, complete and synced, that can take its place. */
export interface FileBeside {
  readonly path: string;
  /** Puts it in the place of the other one, unless that has changed meanwhile; `onReplaced` hears of it at once. */
  replace(onReplaced: () => void): Promise<'replaced' | 'changed' | { readonly reason: string }>;
  /** Leaves nothing of it. */
  drop(): Promise<void>;
}

/** The file behind a name; a text says why it cannot be written. */
export async function fileToReplace(file: string): Promise<FileNow | string> {
  try {
    const path = await realpath(file);
    // A new file in its place would get around its own protection.
    await access(path, constants.R_OK | constants.W_OK);
    const found = await stat(path);
    // A pipe would be waited for.
    if (!found.isFile()) return 'cannot be written: it is not a regular file';
    if (found.nlink > 1) return 'cannot be written: it has several names (hard links), which would part';
    return { path, bytes: readFileSync(path), ending: extname(file) };
  } catch (error) {
    return whyUnwritten(error);
  }
}

/** Writes what is to take a file's place, with the same owner and the same rights. A text says why it cannot. */
export async function writeBeside({ path, bytes, ending }: FileNow, fresh: Uint8Array): Promise<FileBeside | string> {
  const name = join(dirname(path), `.${basename(path)}.${randomBytes(9).toString('base64url')}${ending}`);
  const drop = (): Promise<void> => rm(name, { force: true });
  try {
    await writeSynced(path, name, fresh);
  } catch (error) {
    await drop();
    return whyUnwritten(error);
  }
  return { path: name, drop, replace: (onReplaced: () => void) => replaced(path, name, bytes, onReplaced) };
}

async function writeSynced(path: string, name: string, fresh: Uint8Array): Promise<void> {
  const { mode, uid, gid } = await stat(path);
  const handle = await open(name, 'wx', 0o600);
  try {
    const own = await handle.stat();
    if (own.uid !== uid || own.gid !== gid) await handle.chown(uid, gid);
    await handle.chmod(mode & 0o7777);
    await handle.writeFile(fresh);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function replaced(
  path: string,
  name: string,
  before: Uint8Array,
  onReplaced: () => void,
): ReturnType<FileBeside['replace']> {
  try {
    // At one go, so that nobody of this process writes in between.
    if (!readFileSync(path).equals(before)) return 'changed';
    renameSync(name, path);
  } catch (error) {
    return {
      reason: isMounted(error) ? 'cannot be replaced: it is mounted by itself; mount its folder' : whyUnwritten(error),
    };
  }
  onReplaced();
  await syncFolder(dirname(path));
  return 'replaced';
}

function isMounted(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EBUSY';
}

/** Not every system can; the file itself is synced already. */
async function syncFolder(folder: string): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(folder, 'r');
    await handle.sync();
  } catch {
    // Then the old version may come back after a loss of power, whole.
  } finally {
    await handle?.close().catch(() => {});
  }
}
