import type { KnownServer } from '../known-server.ts';
import type { PageRef } from './page.ts';

/** Names that Windows keeps for itself, and those of our own pages. */
const TAKEN = /^(?:con|prn|aux|nul|com\d|lpt\d|readme|index)$/i;
const LONGEST = 80;

/** The files of a server's tools, below the server's folder, by the tools' names. No two differ only in case. */
export function toolFiles({ tools }: Pick<KnownServer, 'tools'>): ReadonlyMap<string, string> {
  const names = [...tools.keys()];
  const users = new Map<string, number>();
  for (const name of names) {
    const key = plain(name).toLowerCase();
    users.set(key, (users.get(key) ?? 0) + 1);
  }
  return new Map(
    names.map((name) => {
      const safe = plain(name);
      const isOwn = safe !== '' && safe === name && users.get(safe.toLowerCase()) === 1 && !TAKEN.test(safe);
      return [name, `${isOwn ? safe : `${safe}~${digest(name)}`}.md`];
    }),
  );
}

/** `~` stands in no plain name, so that what is appended is mistaken for nobody's own. */
function plain(name: string): string {
  return name.replace(/[^A-Za-z0-9_-]/g, '-').slice(0, LONGEST);
}

/** FNV-1a, 32 bits, over the UTF-16 units. */
function digest(name: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < name.length; at++) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

/** Where a page lies below the folder of all pages. */
export function fileOf(ref: PageRef, files: (server: string) => ReadonlyMap<string, string>): string {
  switch (ref.kind) {
    case 'index':
      return 'README.md';
    case 'class':
      return `class-${ref.class}.md`;
    case 'server':
      return `${ref.server}/README.md`;
    case 'tool':
      return `${ref.server}/${files(ref.server).get(ref.tool) ?? 'README.md'}`;
  }
}

/** The way from one of these files to another. */
export function relativeTo(from: string, to: string): string {
  const [folder, file] = splitPath(from);
  const [toFolder, toFile] = splitPath(to);
  if (folder === toFolder) return toFile === file ? `./${toFile}` : toFile;
  const up = folder === '' ? '' : '../';
  return toFolder === '' ? `${up}${toFile}` : `${up}${toFolder}/${toFile}`;
}

function splitPath(path: string): readonly [string, string] {
  const slash = path.indexOf('/');
  return slash < 0 ? ['', path] : [path.slice(0, slash), path.slice(slash + 1)];
}
