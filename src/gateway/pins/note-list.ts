import type { PinPlan } from '../ports.ts';
import type { Stamp } from '../stamp.ts';
import { backRecord, firstUseRecord, type ToolChange, waitingRecord } from './pin-records.ts';
import { type Room, roomIn } from './room.ts';
import type { ServerPins, ToolPin } from './server-pins.ts';
import type { ShownTool } from './shown-tools.ts';

/** A list as the server gave it. */
export interface SeenList {
  readonly server: string;
  readonly tools: readonly ShownTool[];
  /** `page`: the server may list more tools than these. */
  readonly extent: 'whole' | 'page';
  readonly mode: 'hold' | 'warn';
}

type Tools = Map<string, ToolPin | undefined>;

/**
 * Tells what a list changes in what is kept. The first whole list that a server ever gives is taken at its word; what is new or
 * changed after that is kept beside what is pinned, until it is accepted. Nothing when all is as it is kept, or when there is no
 * room to keep more.
 */
export function noteList(
  now: ServerPins,
  list: SeenList,
  stamp: Stamp,
  digest: (text: string) => string,
): PinPlan | undefined {
  if (now.edition === 0) return list.extent === 'whole' ? firstUse(list, stamp, digest) : undefined;
  const tools: Tools = new Map();
  const room = roomIn(now);
  const back = takeBack(now, list, tools, room);
  const gone = list.extent === 'whole' ? goneFrom(now, list) : [];
  const changes: ToolChange[] = [];
  let dropped = 0;
  for (const { name, text } of unseenIn(now, list)) {
    const before = now.tools.get(name);
    if (!room.take(text.length, before)) {
      dropped += gone.length;
      drop(gone.splice(0), tools, room);
      if (!room.take(text.length, before)) continue;
    }
    const after = { text, digest: digest(text), at: stamp.at };
    tools.set(name, { pinned: before?.pinned, candidate: after });
    changes.push({ tool: name, before: before?.pinned, after });
  }
  if (tools.size === 0) return undefined;
  const records = [
    ...(back.length === 0 ? [] : [backRecord(stamp, list.server, back)]),
    ...(changes.length + dropped === 0 ? [] : [waitingRecord(stamp, list.server, list.mode, changes, dropped)]),
  ];
  return { tools, records };
}

function firstUse({ server, tools }: SeenList, stamp: Stamp, digest: (text: string) => string): PinPlan {
  const pinned = tools
    .filter(({ unfit }) => unfit === undefined)
    .map(({ name, text }) => ({ name, text, digest: digest(text) }));
  const digests = pinned.map((tool) => [tool.name, tool.digest] as const);
  return {
    tools: new Map(
      pinned.map((tool) => [
        tool.name,
        { pinned: { text: tool.text, digest: tool.digest, at: stamp.at, how: 'first use' }, candidate: undefined },
      ]),
    ),
    records: [firstUseRecord(stamp, server, digests, digest)],
  };
}

/** Definitions that waited beside a pinned one that is listed again. */
function takeBack(now: ServerPins, list: SeenList, tools: Tools, room: Room): readonly string[] {
  const back: string[] = [];
  for (const { name, text, unfit } of list.tools) {
    const pin = now.tools.get(name);
    if (unfit !== undefined || pin?.candidate === undefined || pin.pinned?.text !== text) continue;
    tools.set(name, { pinned: pin.pinned, candidate: undefined });
    room.free(pin);
    back.push(name);
  }
  return back;
}

function unseenIn(now: ServerPins, list: SeenList): readonly ShownTool[] {
  return list.tools.filter(({ name, text, unfit }) => {
    const pin = now.tools.get(name);
    return unfit === undefined && pin?.pinned?.text !== text && pin?.candidate?.text !== text;
  });
}

/** What waits under names that the server lists no more. */
function goneFrom(now: ServerPins, list: SeenList): [string, ToolPin][] {
  const listed = new Set(list.tools.map(({ name }) => name));
  return [...now.tools].filter(([name, { pinned }]) => pinned === undefined && !listed.has(name));
}

function drop(gone: readonly (readonly [string, ToolPin])[], tools: Tools, room: Room): void {
  for (const [name, pin] of gone) {
    tools.set(name, undefined);
    room.free(pin);
  }
}
