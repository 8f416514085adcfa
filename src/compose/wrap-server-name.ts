import { createHash } from 'node:crypto';
import { basename, extname } from 'node:path';
import type { WrapOptions, WrapTarget } from '../cli/world.ts';
import { isSecretKey } from '../policy/secrets/secret-key.ts';

export interface WrapServerName {
  /** To which counters belong, and which stands in the log. */
  readonly name: string;
  /** To whom what is remembered of tools belongs: two servers that both run by `npx` are two. */
  readonly identity: string;
}

/** The names of a wrap's server: the one given, else the command's or the URL's host. */
export function wrapServerName({ server, target }: Pick<WrapOptions, 'server' | 'target'>): WrapServerName {
  if (server !== undefined) return { name: server, identity: server };
  const name = target.kind === 'url' ? new URL(target.url).host : programName(target.command[0]);
  const digest = createHash('sha256')
    .update(JSON.stringify(distinction(target)), 'utf8')
    .digest('hex');
  return { name, identity: `${name}#${digest.slice(0, 8)}` };
}

function programName(program: string): string {
  return basename(program, extname(program));
}

/** What makes a server this one. A secret in its URL does not: it may change, and the server stays the same. */
function distinction(target: WrapTarget): readonly string[] {
  if (target.kind === 'command') return ['command', ...target.command];
  const url = new URL(target.url);
  const parameters = [...url.searchParams].filter(([name]) => name !== 'key' && !isSecretKey(name, 'log'));
  return ['url', url.origin, url.pathname, ...parameters.flat()];
}
