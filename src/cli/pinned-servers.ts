import { createHash, randomBytes } from 'node:crypto';
import { waitingTools } from '../gateway/pins/accept-tools.ts';
import type { ToolChange } from '../gateway/pins/pin-records.ts';
import type { ServerPins } from '../gateway/pins/server-pins.ts';
import type { PinStore } from '../gateway/ports.ts';
import { didYouMean } from '../policy/nearest.ts';
import { quoted } from '../policy/problem.ts';
import { type Options, UsageFault } from './options.ts';

/** What is kept of one server. */
export interface PinnedServer {
  readonly server: string;
  readonly pins: ServerPins;
}

/** The servers of which lists were seen, by name; only the one that `--server` names, if it does. Throws `UsageFault` for one that was never seen. */
export async function pinnedServers(store: PinStore, options: Options): Promise<readonly PinnedServer[]> {
  const named = options.texts.get('server');
  const known = [...(await store.pinEditions()).keys()].sort();
  if (named !== undefined && !known.includes(named)) {
    throw new UsageFault(`no list of a server ${quoted(named)} was seen yet${didYouMean(named, known)}`);
  }
  const wanted = named === undefined ? known : [named];
  return Promise.all(wanted.map(async (server) => ({ server, pins: await store.pins(server) })));
}

/** What waits on a server to be accepted; only the named tools, if any are named. */
export function waitingIn({ pins }: PinnedServer, names: readonly string[]): readonly ToolChange[] {
  const waiting = [...waitingTools(pins).values()];
  return names.length === 0 ? waiting : waiting.filter(({ tool }) => names.includes(tool));
}

/** Throws `UsageFault` for a tool that none of the servers ever listed. */
export function demandKnown(servers: readonly PinnedServer[], names: readonly string[]): void {
  const known = new Set(servers.flatMap(({ pins }) => [...pins.tools.keys()]));
  const unknown = names.find((name) => !known.has(name));
  if (unknown === undefined) return;
  throw new UsageFault(`no server ever listed a tool ${quoted(unknown)}${didYouMean(unknown, [...known])}`);
}

/** The tools that a command line names. */
export function toolNames(options: Options): readonly string[] {
  return [...new Set([...options.words, ...(options.rest ?? [])])];
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

export function freshId(): string {
  return randomBytes(16).toString('base64url');
}

export function timeOf(at: number): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? String(at) : date.toISOString();
}
