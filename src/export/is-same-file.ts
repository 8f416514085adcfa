import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Whether both names lead to one file, by whatever links, also where it is yet to be made. INVARIANT: neither is opened. */
export async function isSameFile(a: string, b: string): Promise<boolean> {
  const [placeA, placeB] = await Promise.all([placeOf(a), placeOf(b)]);
  if (placeA === placeB) return true;
  const [one, other] = await Promise.all([markOf(a), markOf(b)]);
  return one !== undefined && one === other;
}

async function placeOf(file: string): Promise<string> {
  try {
    return await realpath(file);
  } catch {
    const folder = dirname(file);
    return join(await realpath(folder).catch(() => folder), basename(file));
  }
}

async function markOf(file: string): Promise<string | undefined> {
  const found = await stat(file, { bigint: true }).catch(() => undefined);
  return found && `${found.dev}:${found.ino}`;
}
