import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { FilePlan } from './export-plan.ts';
import { isSameFile } from './is-same-file.ts';
import { recordLine } from './record-line.ts';
import type { Target } from './target.ts';

const LINE_FEED = 10;

/** Appends JSON lines to a file, unless it is one of the gateway's own. It is opened anew for every batch, so that one that was moved away is followed by a new one. */
export function fileTarget({ file }: FilePlan, ownFiles: () => readonly string[]): Target {
  return {
    write: recordLine,
    async send(records) {
      try {
        await refuseOwn(file, ownFiles());
        await append(file, `${records.join('\n')}\n`);
        return { kind: 'taken', refused: 0 };
      } catch (error) {
        return { kind: 'failed', why: reasonOf(file, error), asked: undefined, remedy: 'wait' };
      }
    },
    close: async () => {},
  };
}

class NoFile extends Error {}
class OwnFile extends Error {}

/** INVARIANT: such a file is not even opened. What is closed of a database lets go of the locks that this process has on it. */
async function refuseOwn(file: string, own: readonly string[]): Promise<void> {
  const isOwn = await Promise.all(own.map((one) => isSameFile(file, one)));
  if (isOwn.includes(true)) throw new OwnFile();
}

async function append(file: string, text: string): Promise<void> {
  // Not for writing alone: that would wait for a reader where somebody made a pipe of it, and the end could not be looked at.
  const handle = await open(file, 'a+', 0o600);
  try {
    const before = await handle.stat();
    if (!before.isFile()) throw new NoFile();
    const isTorn = before.size > 0 && (await lastByte(handle, before.size)) !== LINE_FEED;
    try {
      await handle.appendFile(isTorn ? `\n${text}` : text);
    } catch (error) {
      await takeBack(handle, before.size);
      throw error;
    }
    await handle.datasync();
    if (before.size === 0) await syncFolder(dirname(file));
  } finally {
    await handle.close();
  }
}

async function lastByte(handle: FileHandle, size: number): Promise<number | undefined> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return bytesRead === 1 ? buffer[0] : undefined;
}

/** What a full disk took of a batch comes again with the whole of it. Should this fail, it remains as a torn line. */
async function takeBack(handle: FileHandle, size: number): Promise<void> {
  try {
    const { size: now } = await handle.stat();
    if (now > size) await handle.truncate(size);
  } catch {}
}

/** Else a file that was made just now could be gone after a crash of the machine. Not every folder may be opened, nor synced. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => {});
  await handle?.close();
}

/** The file is the operator's own, and no secret. */
function reasonOf(file: string, error: unknown): string {
  if (error instanceof OwnFile) return `${file} is a file of the gateway's own; name another`;
  if (error instanceof NoFile) return `${file} is no ordinary file; name another`;
  const { code = 'FAULT' } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT':
      return `the folder ${dirname(file)} is not there; make it`;
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `${file} may not be written; check the permissions of the file and its folder`;
    case 'EISDIR':
      return `${file} is a folder; name a file`;
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return `there is no room for ${file}; free some space (${code})`;
    default:
      return `${file} cannot be written (${code})`;
  }
}
