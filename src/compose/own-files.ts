import { join } from 'node:path';

const STORES = ['toolgate.db', 'toolgate-index.db'];
const BESIDE = ['', '-wal', '-shm', '-journal'];
const OTHERS = ['digest.key', 'audit-signing.key', 'audit-signing.pub', 'audit-values.key', 'toolgate.jsonc'];

/** What the gateway keeps in its data folder, where nobody else may write into it. */
export function ownFiles(folder: string): readonly string[] {
  const stores = STORES.flatMap((store) => BESIDE.map((end) => store + end));
  return [...stores, ...OTHERS].map((name) => join(folder, name));
}
