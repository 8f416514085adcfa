import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ValueOpener, ValueSealer } from '../gateway/audit/audit-ports.ts';
import { StoreFault } from '../gateway/ports.ts';
import type { KeyPlace, ValueKeySettings } from '../settings/settings.ts';
import { VALUE_KEY_RULE, valueKeyIn } from '../settings/value-key.ts';
import { makeDataFolder } from './data-folder.ts';
import { type MasterKey, masterKey, valueOpener, valueSealer } from './value-crypto.ts';

const OWN_FILE = 'audit-values.key';

/** The keys of a configuration that seal values, and open them. */
export interface ValueKeys {
  readonly current: MasterKey;
  /** All that open, the current one among them. */
  readonly all: readonly MasterKey[];
}

/** Reads the keys, and makes the data folder's own where it is wanted and not there yet. Rejects with `StoreFault`; of earlier keys `missing` is told. */
export async function readValueKeys(
  folder: string,
  { key, earlier }: ValueKeySettings,
  missing: (what: string) => void = () => {},
): Promise<ValueKeys> {
  if (key === undefined) makeOwn(folder);
  const [current, ...more] = await keysAt(key ?? ownPlace(folder));
  const all = [
    current,
    ...more,
    ...(await everyKey(earlier, missing)),
    ...(key === undefined ? [] : await ownKeys(folder)),
  ];
  return { current, all };
}

/** What opens the values of a folder: without a key nothing does. */
export async function openerFor(folder: string, settings: ValueKeySettings | undefined): Promise<ValueOpener> {
  const places = [settings?.key, ...(settings?.earlier ?? [])].filter((place) => place !== undefined);
  return valueOpener([...(await everyKey(places)), ...(await ownKeys(folder))]);
}

/** What seals the values of one process; the same one until another key is configured. */
export class ValueVault {
  #sealer: ValueSealer | undefined;
  #master: string | undefined;

  /** The sealer in force; undefined before the first `take`. */
  sealer(): ValueSealer | undefined {
    return this.#sealer;
  }

  take({ current }: ValueKeys): void {
    if (this.#master === current.id) return;
    this.#master = current.id;
    this.#sealer = valueSealer(current);
  }
}

/** Puts a fresh key before those of the folder, which open as before. */
export async function renewOwnKey(folder: string): Promise<void> {
  makeOwn(folder);
  const file = join(folder, OWN_FILE);
  const draft = draftOf(folder);
  writeFileSync(draft, `${freshKey()}${await textOf(file)}`, { mode: 0o600, flag: 'wx', flush: true });
  renameSync(draft, file);
}

function ownPlace(folder: string): KeyPlace {
  return { kind: 'file', file: join(folder, OWN_FILE) };
}

/** What the folder's own key sealed opens with it as long as it is there, whatever is configured. */
async function ownKeys(folder: string): Promise<readonly MasterKey[]> {
  return existsSync(join(folder, OWN_FILE)) ? keysAt(ownPlace(folder)) : [];
}

/** With `missing` it is told of those that cannot be read; without, one of them is a fault. */
async function everyKey(places: readonly KeyPlace[], missing?: (what: string) => void): Promise<readonly MasterKey[]> {
  const found = await Promise.all(
    places.map((place) =>
      keysAt(place).catch((fault: Error) => {
        if (missing === undefined) throw fault;
        missing(`an earlier key is not there: ${fault.message}`);
        return [];
      }),
    ),
  );
  return found.flat();
}

/** A file may hold several, a line each: the first one seals, all of them open. */
async function keysAt(place: KeyPlace): Promise<readonly [MasterKey, ...MasterKey[]]> {
  const text = place.kind === 'text' ? place.text.reveal() : await textOf(place.file);
  const bytes = text
    .trim()
    .split(/\s*\n\s*/)
    .map(valueKeyIn);
  const [first, ...others] = bytes.flatMap((one) => (one === undefined ? [] : [masterKey(one)]));
  if (first !== undefined && !bytes.includes(undefined)) return [first, ...others];
  throw new StoreFault(place.kind === 'file' ? `${place.file}: ${VALUE_KEY_RULE}` : VALUE_KEY_RULE);
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'failed';
    throw new StoreFault(`${file}, which seals kept arguments, cannot be read (${code}); make it, or name another`);
  }
}

/** Written whole under another name first; the first of several processes wins. */
function makeOwn(folder: string): void {
  makeDataFolder(folder);
  const file = join(folder, OWN_FILE);
  if (existsSync(file)) return;
  const path = draftOf(folder);
  writeFileSync(path, freshKey(), { mode: 0o600, flag: 'wx', flush: true });
  try {
    linkSync(path, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(path, { force: true });
  }
}

function draftOf(folder: string): string {
  return join(folder, `${OWN_FILE}.${randomBytes(8).toString('hex')}`);
}

function freshKey(): string {
  return `${randomBytes(32).toString('hex')}\n`;
}
