import type { Finding } from '../../catalogue/findings/finding.ts';
import type { PinPlan } from '../ports.ts';
import type { Stamp } from '../stamp.ts';
import { type Flagged, flaggedRecords } from './flagged.ts';
import type { KeptClass } from './kept-class.ts';
import { backRecord, firstUseRecord, type ToolChange, waitingRecord } from './pin-records.ts';
import { type Room, roomIn } from './room.ts';
import type { KeptDefinition, ServerPins, ToolPin } from './server-pins.ts';
import type { ShownTool } from './shown-tools.ts';

/** A list as the server gave it. */
export interface SeenList {
  readonly server: string;
  readonly tools: readonly ShownTool[];
  /** `page`: the server may list more tools than these. */
  readonly extent: 'whole' | 'page';
  readonly mode: 'hold' | 'warn';
  /** Asked of definitions that were never seen before only. Pure. */
  look(tool: ShownTool): Looked;
}

/** What a definition says to who looks closely. */
export interface Looked {
  readonly class: KeptClass;
  readonly findings: readonly Finding[];
}

/** What is to be kept, and what was found in what was never seen before. */
export interface NotedList extends PinPlan {
  readonly flagged: readonly Flagged[];
}

type Tools = Map<string, ToolPin | undefined>;

/**
 * Tells what a list changes in what is kept. The first whole list that a server ever gives is taken at its word, but for definitions that hide
 * something; what is new or changed after that is kept beside what is pinned, until it is accepted. Nothing when all is as it is kept, or when
 * there is no room to keep more.
 */
export function noteList(
  now: ServerPins,
  list: SeenList,
  stamp: Stamp,
  digest: (text: string) => string,
): NotedList | undefined {
  if (now.edition === 0) return list.extent === 'whole' ? firstUse(list, stamp, digest) : undefined;
  const tools: Tools = new Map();
  const room = roomIn(now);
  const back = takeBack(now, list, tools, room);
  const gone = list.extent === 'whole' ? goneFrom(now, list) : [];
  const changes: ToolChange[] = [];
  const flagged: Flagged[] = [];
  let dropped = 0;
  for (const tool of unseenIn(now, list)) {
    const { name, text } = tool;
    const before = now.tools.get(name);
    if (!room.take(text.length, before)) {
      dropped += gone.length;
      drop(gone.splice(0), tools, room);
      if (!room.take(text.length, before)) continue;
    }
    const looked = list.look(tool);
    const after: KeptDefinition = { text, digest: digest(text), at: stamp.at, class: looked.class };
    tools.set(name, { pinned: before?.pinned, candidate: after });
    changes.push({ tool: name, before: before?.pinned, after });
    flagged.push(...looked.findings.map((finding) => ({ tool: name, finding })));
  }
  if (tools.size === 0) return undefined;
  const records = [
    ...(back.length === 0 ? [] : [backRecord(stamp, list.server, back)]),
    ...(changes.length + dropped === 0 ? [] : [waitingRecord(stamp, list.server, list.mode, changes, dropped)]),
    ...flaggedRecords(stamp, list.server, flagged),
  ];
  return { tools, records, flagged };
}

function firstUse(list: SeenList, stamp: Stamp, digest: (text: string) => string): NotedList {
  const { server, mode } = list;
  const tools: Tools = new Map();
  const flagged: Flagged[] = [];
  const pinned: (readonly [string, KeptDefinition])[] = [];
  const held: ToolChange[] = [];
  for (const tool of list.tools) {
    if (tool.unfit !== undefined) continue;
    const { name, text } = tool;
    const looked = list.look(tool);
    const kept: KeptDefinition = { text, digest: digest(text), at: stamp.at, class: looked.class };
    flagged.push(...looked.findings.map((finding) => ({ tool: name, finding })));
    // Nobody's word is taken for what is hidden.
    const isHeld = looked.findings.some(({ weight }) => weight === 'holds');
    if (isHeld) held.push({ tool: name, before: undefined, after: kept });
    else pinned.push([name, kept]);
    tools.set(
      name,
      isHeld ? { pinned: undefined, candidate: kept } : { pinned: { ...kept, how: 'first use' }, candidate: undefined },
    );
  }
  const records = [
    firstUseRecord(stamp, server, pinned, digest),
    ...(held.length === 0 ? [] : [waitingRecord(stamp, server, mode, held, 0)]),
    ...flaggedRecords(stamp, server, flagged),
  ];
  return { tools, records, flagged };
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
