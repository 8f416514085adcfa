import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { whyUnwritten } from '../settings/why-unwritten.ts';
import { UsageFault } from './options.ts';
import type { World } from './world.ts';

interface NewFile {
  /** In a folder. */
  readonly name: string;
  readonly text: string;
}

const THERE = 'is there already; --force writes over it';

/** Files that are written together, and the option that told where. */
export interface Placed {
  readonly option: string;
  readonly files: readonly { readonly place: string; readonly text: string }[];
}

/**
 * Writes one file at `out`, or, if that is a folder or there are several, each into that folder; gives their names as they are to be
 * typed. `keep`: what is there already is not written over. Throws `UsageFault`.
 */
export async function writeNew(
  out: string,
  files: readonly NewFile[],
  present: 'keep' | 'replace',
  world: World,
): Promise<readonly string[]> {
  const isFolder = files.length > 1 || (await isFolderAt(resolve(world.cwd, out)));
  const places = files.map(({ name }) => (isFolder ? join(out, name) : out));
  if (isFolder) await madeFolder('--out', out, world);
  const placed = places.map((place, index) => ({ place, text: files[index]?.text ?? '' }));
  await writePlaced({ option: '--out', files: placed }, present, world);
  return places;
}

/** Writes files at the places they have; all of them or none, as far as that can be known. Throws `UsageFault`. */
export async function writePlaced({ option, files }: Placed, present: 'keep' | 'replace', world: World): Promise<void> {
  const places = files.map(({ place }) => place);
  const there = present === 'keep' ? await firstThere(places, world) : undefined;
  if (there !== undefined) throw new UsageFault(`${option} ${there} ${THERE}`);
  const flag = present === 'keep' ? 'wx' : 'w';
  for (const { place, text } of files) {
    await tried(place, () => writeFile(resolve(world.cwd, place), text, { flag }), option);
  }
}

/** Makes a folder if there is none. Throws `UsageFault`. */
export async function madeFolder(option: string, folder: string, world: World): Promise<void> {
  await tried(folder, () => mkdir(resolve(world.cwd, folder), { recursive: true }), option);
}

async function firstThere(places: readonly string[], { cwd }: World): Promise<string | undefined> {
  for (const place of places) {
    const isThere = await stat(resolve(cwd, place)).then(
      () => true,
      () => false,
    );
    if (isThere) return place;
  }
  return undefined;
}

async function isFolderAt(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

async function tried(place: string, write: () => Promise<unknown>, option: string): Promise<void> {
  try {
    await write();
  } catch (error) {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    throw new UsageFault(`${option} ${place} ${isThere ? THERE : whyUnwritten(error)}`);
  }
}
