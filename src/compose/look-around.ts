import { constants } from 'node:fs';
import { access, readdir, stat, statfs } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import type { LookedConfiguration, LookedFile, LookedStore, Surroundings } from '../cli/doctor-surroundings.ts';
import { verifyLog } from '../cli/verify-log.ts';
import type { World } from '../cli/world.ts';
import type { StoredLink } from '../gateway/audit/audit-ports.ts';
import { StoreFault } from '../gateway/ports.ts';
import { openSqliteLog, openSqliteStore } from '../store/sqlite/open.ts';
import { lookAtConfiguration } from './look-at-configuration.ts';
import { lookedExports } from './look-at-exports.ts';

/** A log can be longer than anybody waits for: `audit verify` looks at all of it. */
const MOST_RECORDS = 100_000;
const MOST_FILES = 1_000;

type OpenStore = Extract<LookedStore, { kind: 'open' }>;

/** Looks at all that `toolgate doctor` judges. Changes nothing; rejects for nothing that may be wrong. */
export async function lookAround(
  { config, data }: { readonly config: string | undefined; readonly data: string },
  env: World['env'],
): Promise<Surroundings> {
  const configuration = await lookAtConfiguration(config ?? join(data, 'toolgate.jsonc'), env);
  return {
    node: process.version,
    account: accountHere(),
    data,
    configuration,
    files: await lookAtFiles(data, configuration),
    store: await lookAtStore(data, configuration),
    freeBytes: await freeBytes(data),
  };
}

function accountHere(): Surroundings['account'] {
  const uid = process.getuid?.();
  try {
    return { name: userInfo().username, uid };
  } catch {
    // An account without an entry, as in containers.
    return { name: String(uid ?? 'unknown'), uid };
  }
}

async function lookAtFiles(data: string, configuration: LookedConfiguration): Promise<readonly LookedFile[]> {
  const rules =
    configuration.kind === 'settings' ? configuration.settings.files.map(({ path }) => path) : [configuration.file];
  const names = await readdir(data).catch(() => []);
  const kept = names
    .slice(0, MOST_FILES)
    .map((name) => join(data, name))
    .filter((path) => !rules.includes(path));
  const folders = [...new Set(rules.map((path) => dirname(path)))].filter((path) => path !== data);
  const wanted: readonly (readonly [string, LookedFile['role']])[] = [
    [data, 'data folder'],
    ...kept.map((path) => [path, 'kept'] as const),
    ...rules.map((path) => [path, path === configuration.file ? 'configuration' : 'policy'] as const),
    ...folders.map((path) => [path, 'folder'] as const),
  ];
  const looked = await Promise.all(wanted.map(([path, role]) => lookAtFile(path, role)));
  return looked.filter((file) => file !== undefined);
}

async function lookAtFile(path: string, role: LookedFile['role']): Promise<LookedFile | undefined> {
  try {
    const { mode, uid } = await stat(path);
    const isWritable = await access(path, constants.W_OK).then(
      () => true,
      () => false,
    );
    return { path, role, mode: mode & 0o1777, uid, isWritable };
  } catch {
    return undefined;
  }
}

async function lookAtStore(folder: string, configuration: LookedConfiguration): Promise<LookedStore> {
  if (!(await isThere(join(folder, 'toolgate.db')))) return { kind: 'none' };
  try {
    const store = await openSqliteStore({
      folder,
      sync: 'interval',
      clock: { now: () => Date.now() },
      onFault() {},
      mode: 'read',
    });
    try {
      const made = new Set((await store.tokenHashes()).keys());
      const exports = await lookedExports(
        store,
        configuration.kind === 'settings' ? configuration.settings.audit.exports : new Map(),
      );
      const { size: bytes } = await stat(join(folder, 'toolgate.db'));
      return { kind: 'open', bytes, made, exports, ...(await lookAtLog(folder)) };
    } finally {
      await store.close();
    }
  } catch (fault) {
    if (!(fault instanceof StoreFault)) throw fault;
    return { kind: 'fault', reason: fault.message };
  }
}

/** What retention removed is taken at its word. */
async function lookAtLog(folder: string): Promise<Pick<OpenStore, 'records' | 'isAll' | 'breaks'>> {
  const log = await openSqliteLog(folder);
  try {
    await log.freeze();
    const counted = firstOf(log.links());
    const none = { checkpoints: new Map(), starts: new Map(), retained: undefined };
    const { records, breaks } = await verifyLog(counted.links, { ...none, removed: await log.removed() });
    const told = breaks.map(({ writer, seq, what }) => `writer ${writer}, record ${seq}: ${what}`);
    return { records, isAll: !counted.isCut(), breaks: told };
  } finally {
    await log.close();
  }
}

function firstOf(links: AsyncIterable<StoredLink>): {
  readonly links: AsyncIterable<StoredLink>;
  isCut(): boolean;
} {
  let isCut = false;
  async function* first(): AsyncIterable<StoredLink> {
    let count = 0;
    for await (const link of links) {
      if (count === MOST_RECORDS) {
        isCut = true;
        return;
      }
      count++;
      yield link;
    }
  }
  return { links: first(), isCut: () => isCut };
}

async function freeBytes(folder: string): Promise<number | undefined> {
  for (let path = folder; ; path = dirname(path)) {
    const found = await statfs(path).catch(() => undefined);
    if (found !== undefined) return found.bavail * found.bsize;
    if (path === dirname(path)) return undefined;
  }
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
