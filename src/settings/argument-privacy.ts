import type { ArgumentPrivacy } from '../gateway/gate.ts';
import { ANY_TOOL } from './read-privacy.ts';
import type { Settings } from './settings.ts';

/** What the log keeps of the arguments of a server's tool: as said of the tool, of the server, of all. Without a tool, of what else the server is asked. */
export function argumentPrivacy(
  { servers, audit }: Pick<Settings, 'servers' | 'audit'>,
  server: string,
  tool: string | undefined,
): ArgumentPrivacy {
  const said = servers.get(server)?.privacy;
  if (said === undefined || said.size === 0) return audit.arguments;
  return (tool === undefined ? undefined : said.get(tool)) ?? said.get(ANY_TOOL) ?? audit.arguments;
}

/** Whether any arguments at all are kept whole. */
export function keepsWhole({ servers, audit }: Pick<Settings, 'servers' | 'audit'>): boolean {
  if (audit.arguments === 'full') return true;
  return [...servers.values()].some(({ privacy }) => [...privacy.values()].includes('full'));
}
