import { isAbsolute, resolve } from 'node:path';
import type { KnownServer } from '../catalogue/known-server.ts';

/** Servers that are told by their arguments which folders they may touch. */
const FILE_SERVERS: ReadonlySet<string> = new Set(['filesystem']);

interface Started {
  readonly command: readonly string[] | undefined;
  readonly folder: string | undefined;
}

/** The folders that the command of a server for files names; empty for every other. */
export function rootsNamed({ command, folder }: Started, known: KnownServer | undefined): readonly string[] {
  if (command === undefined || known === undefined || !FILE_SERVERS.has(known.name)) return [];
  const folders = command.slice(1).filter((word) => isAbsolute(word) || /^\.{1,2}(?:[/\\]|$)/.test(word));
  return folders
    .filter((word) => !/\.(?:js|mjs|cjs|ts)$|node_modules/.test(word))
    .flatMap((word) => (isAbsolute(word) ? [resolve(word)] : folder === undefined ? [] : [resolve(folder, word)]));
}
