import { isAbsolute, resolve } from 'node:path';
import type { KnownServer } from '../catalogue/known-server.ts';

/** Servers that are told by their arguments which folders they may touch. */
const FILE_SERVERS: ReadonlySet<string> = new Set(['filesystem']);

const PACKAGE = /^(?:.*[/\\])?server-filesystem(?:@[\w.^~-]+)?$/;

interface Started {
  readonly command: readonly string[] | undefined;
  readonly folder: string | undefined;
}

/** The folders that the command of a server for files names; empty for every other. */
export function rootsNamed({ command, folder }: Started, known: KnownServer | undefined): readonly string[] {
  if (command === undefined || known === undefined || !FILE_SERVERS.has(known.name)) return [];
  return wordsOfFolders(command)
    .filter((word) => !/\.(?:js|mjs|cjs|ts)$|node_modules/.test(word))
    .flatMap((word) => (isAbsolute(word) ? [resolve(word)] : folder === undefined ? [] : [resolve(folder, word)]));
}

/** Behind the package every word that is no option is a folder; where the package is not seen, what is plainly a path. */
function wordsOfFolders(command: readonly string[]): readonly string[] {
  const at = command.findIndex((word) => PACKAGE.test(word));
  if (at >= 0) return command.slice(at + 1).filter((word) => word !== '' && !word.startsWith('-'));
  return command.slice(1).filter((word) => isAbsolute(word) || /^\.{1,2}(?:[/\\]|$)/.test(word));
}
