import { stampOf, type WatchedFile } from './stamp.ts';

/**
 * Looks at the files every `every` milliseconds and calls `changed` once for each look that finds one written, replaced,
 * removed or come back since the last. A file new in the list counts from the stamp it was read with, so that no write
 * between reading and watching is missed. The answer ends the watch. It keeps no process alive.
 */
export function watchFiles(list: () => readonly WatchedFile[], every: number, changed: () => void): () => void {
  let seen: ReadonlyMap<string, string> = new Map();
  let ended = false;
  let timer = setTimeout(look, every).unref();

  async function look(): Promise<void> {
    const files = [...new Map(list().map((file) => [file.path, file.stamp]))];
    const looked = await Promise.all(
      files.map(async ([path, read]) => ({ path, before: seen.get(path) ?? read, now: await stampOf(path) })),
    );
    if (ended) return;
    seen = new Map(looked.map(({ path, now }) => [path, now]));
    timer = setTimeout(look, every).unref();
    if (looked.some(({ before, now }) => before !== now)) changed();
  }

  return () => {
    ended = true;
    clearTimeout(timer);
  };
}
