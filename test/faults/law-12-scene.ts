import type { ApprovalSettings } from '../../src/gateway/gate.ts';
import { type JsonObject, objectOf } from '../../src/wire/json.ts';
import type { Obj } from '../kit/json-rpc.ts';
import { LOCAL_USER } from './law-12-rules.ts';

export const GRANTS = ['laptop', 'robot'] as const;
export const SERVERS = ['mail', 'disk'] as const;
export const TOOLS = ['send', 'wipe'] as const;
export const PROCESSES = 2;
export const TIMEOUT_MS = 120_000;
export const MAX_OF_GRANT = 4;
export const MAX_OF_NAME = 3;

/** How a client can be asked, and how long it waits; a client of the older era has a session. */
export const WAYS = [
  'ticket',
  'held',
  'form',
  'url',
  'tasks',
  'tasks form',
  'legacy ticket',
  'legacy held',
  'legacy form',
  'legacy url',
] as const;
export type Way = (typeof WAYS)[number];

/** What a server does with a call. */
export type Mood = 'answers' | 'rounds' | 'holds' | 'unsent';

/** The server's list as it stands. */
export function toolsOf(definitions: ReadonlyMap<string, number>, server: string): readonly JsonObject[] {
  return TOOLS.map((name) => toolOf(name, definitions.get(`${server} ${name}`) ?? 0));
}

export function toolOf(name: string, version: number): JsonObject {
  return objectOf([
    ['name', name],
    ['description', `${name}, version ${version}`],
    ['inputSchema', objectOf([['type', 'object']])],
  ]);
}

export function settingsFor(way: Way, removed: ReadonlySet<string>): ApprovalSettings {
  return {
    url: way === 'url' || way === 'legacy url' ? 'http://127.0.0.1:1' : undefined,
    timeoutMs: TIMEOUT_MS,
    holdMs: way === 'ticket' || way === 'legacy ticket' ? 0 : undefined,
    maxOfGrant: MAX_OF_GRANT,
    maxOfName: MAX_OF_NAME,
    hooksFor: () => [],
    countsNow: ({ by }) => !removed.has(by),
    personNamed: () => undefined,
    hasPeople: true,
    localUser: way.includes('form') ? LOCAL_USER : undefined,
  };
}

export const asObj = (value: unknown): Obj => JSON.parse(JSON.stringify(value)) as Obj;
