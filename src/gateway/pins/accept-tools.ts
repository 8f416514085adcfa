import type { PinPlan } from '../ports.ts';
import type { Stamp } from '../stamp.ts';
import { digestOfAll } from './digest-of-all.ts';
import { acceptedRecords, type ToolChange } from './pin-records.ts';
import type { ServerPins, ToolPin } from './server-pins.ts';

/** What a person accepts of one server. */
export interface Acceptance {
  readonly server: string;
  /** Names of tools, or all that wait. */
  readonly tools: readonly string[] | 'all';
  /** The digest of what was shown; undefined accepts what waits by now, whatever it is. */
  readonly digest: string | undefined;
}

export type Accepted =
  | { readonly kind: 'accepted'; readonly plan: PinPlan; readonly changes: readonly ToolChange[] }
  /** Nothing waits under these names. */
  | { readonly kind: 'not waiting'; readonly names: readonly string[] }
  /** What waits is not what was shown. */
  | { readonly kind: 'other'; readonly digest: string };

/** Pins what waits to be accepted: all that is named, or nothing. */
export function acceptTools(
  now: ServerPins,
  acceptance: Acceptance,
  stamp: Stamp,
  digest: (text: string) => string,
): Accepted {
  const waiting = waitingTools(now);
  const names = acceptance.tools === 'all' ? [...waiting.keys()] : [...new Set(acceptance.tools)].sort();
  const changes = names.flatMap((name) => waiting.get(name) ?? []);
  const missing = names.filter((name) => !waiting.has(name));
  if (missing.length > 0 || changes.length === 0) return { kind: 'not waiting', names: missing };
  const found = digestOfChanges(changes, digest);
  if (acceptance.digest !== undefined && acceptance.digest !== found) return { kind: 'other', digest: found };
  const tools = new Map(changes.map(({ tool, after }): [string, ToolPin] => [tool, pinOf(after, stamp)]));
  return { kind: 'accepted', plan: { tools, records: acceptedRecords(stamp, acceptance.server, changes) }, changes };
}

/** What waits to be accepted, by the names of the tools and in their order. */
export function waitingTools({ tools }: ServerPins): ReadonlyMap<string, ToolChange> {
  const waiting = [...tools].flatMap(([tool, { pinned, candidate }]): ToolChange[] =>
    candidate === undefined ? [] : [{ tool, before: pinned, after: candidate }],
  );
  waiting.sort((a, b) => (a.tool < b.tool ? -1 : 1));
  return new Map(waiting.map((change) => [change.tool, change]));
}

/** What `accept` is to be given, so that nothing is accepted but this. */
export function digestOfChanges(changes: readonly ToolChange[], digest: (text: string) => string): string {
  return digestOfAll(
    changes.map(({ tool, after }) => [tool, after.digest]),
    digest,
  );
}

/** The class goes along as it was kept, and shown, with what waited. */
function pinOf({ text, digest, class: kept }: ToolChange['after'], { at }: Stamp): ToolPin {
  return { pinned: { text, digest, at, class: kept, how: 'accepted' }, candidate: undefined };
}
