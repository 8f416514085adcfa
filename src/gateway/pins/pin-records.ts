import { isObject, type Json, type JsonObject, objectOf } from '../../wire/json.ts';
import { RELAY, readJson } from '../../wire/read-json.ts';
import type { Entry } from '../ports.ts';
import { eventBody } from '../record.ts';
import type { Stamp } from '../stamp.ts';
import { differences } from './differences.ts';
import { digestOfAll } from './digest-of-all.ts';
import type { KeptClass } from './kept-class.ts';
import type { ClassChange } from './reclassify.ts';
import type { KeptDefinition } from './server-pins.ts';

/** A tool whose definition is another than the one that was pinned. */
export interface ToolChange {
  readonly tool: string;
  readonly before: KeptDefinition | undefined;
  readonly after: KeptDefinition;
}

/** One record tells of so many tools. What a server can bring about has one record each time, so that it cannot fill the log. */
const TOOLS_TOLD = 100;
const POINTERS_TOLD = 5;
const LONGEST = 200;

/** The record of the first list that a server ever gave. */
export function firstUseRecord(
  stamp: Stamp,
  server: string,
  pinned: readonly (readonly [string, KeptDefinition])[],
  digest: (text: string) => string,
): Entry {
  const digests = pinned.map(([name, kept]) => [name, kept.digest] as const);
  const more = objectOf([
    ['tools', pinned.length],
    ['digest', digestOfAll(digests, digest)],
    ['classes', classesObject(pinned)],
  ]);
  return recordOf(stamp, 'tools pinned at first use', server, more);
}

/** The record of tools that an older gateway kept, and of what they were found to be able to do: nothing else about them changed. */
export function classifiedRecords(
  stamp: Stamp,
  server: string,
  kept: readonly (readonly [string, KeptDefinition])[],
): readonly Entry[] {
  const records: Entry[] = [];
  for (let from = 0; from < kept.length; from += TOOLS_TOLD) {
    const some = kept.slice(from, from + TOOLS_TOLD);
    const more = objectOf([
      ['tools', some.length],
      ['classes', classesObject(some)],
    ]);
    records.push(recordOf(stamp, 'tools classified', server, more));
  }
  return records;
}

/** Records of accepted tools whose class a person froze anew. */
export function reclassifiedRecords(stamp: Stamp, server: string, changes: readonly ClassChange[]): readonly Entry[] {
  const records: Entry[] = [];
  for (let from = 0; from < changes.length; from += TOOLS_TOLD) {
    const some = changes.slice(from, from + TOOLS_TOLD).map(({ tool, digest, before, after }) => {
      const was: [string, Json][] = before === undefined ? [] : [['classBefore', classText(before)]];
      return objectOf([
        ['tool', cut(tool)],
        ['digest', digest],
        ...was,
        ['class', classText(after)],
        ['by', saidBy(after)],
      ]);
    });
    const more = objectOf([
      ['by', 'command line'],
      ['tools', some.length],
      ['changes', some],
    ]);
    records.push(recordOf(stamp, 'tools reclassified', server, more));
  }
  return records;
}

/** The record of tools that are new or changed, and of what becomes of them: names, digests, and where they differ. */
export function waitingRecord(
  stamp: Stamp,
  server: string,
  mode: 'hold' | 'warn',
  changes: readonly ToolChange[],
  dropped: number,
): Entry {
  const told: [string, Json][] = [
    ['tools', changes.length],
    ['changes', changes.slice(0, TOOLS_TOLD).map(changeObject)],
  ];
  // Those that had waited, are listed no more, and made room.
  if (dropped > 0) told.push(['dropped', dropped]);
  return recordOf(stamp, mode === 'hold' ? 'tools held' : 'tools changed', server, objectOf(told));
}

/** The record of tools that are listed again as they were pinned. */
export function backRecord(stamp: Stamp, server: string, names: readonly string[]): Entry {
  const more = objectOf([
    ['tools', names.length],
    ['names', names.slice(0, TOOLS_TOLD).map(cut)],
  ]);
  return recordOf(stamp, 'tools as pinned again', server, more);
}

/** Records that tell every tool that was accepted. */
export function acceptedRecords(stamp: Stamp, server: string, changes: readonly ToolChange[]): readonly Entry[] {
  const records: Entry[] = [];
  for (let from = 0; from < changes.length; from += TOOLS_TOLD) {
    const some = changes.slice(from, from + TOOLS_TOLD).map(changeObject);
    const more = objectOf([
      ['by', 'command line'],
      ['tools', some.length],
      ['changes', some],
    ]);
    records.push(recordOf(stamp, 'tools accepted', server, more));
  }
  return records;
}

function recordOf(stamp: Stamp, event: string, server: string, more: JsonObject): Entry {
  return { id: stamp.id(), kind: 'event', at: stamp.at, body: eventBody(event, { server }, more) };
}

function changeObject({ tool, before, after }: ToolChange): JsonObject {
  const told: [string, Json][] = [
    ['tool', cut(tool)],
    ['digest', after.digest],
  ];
  if (before !== undefined) told.push(['before', before.digest], ['differsAt', pointersOf(before.text, after.text)]);
  if (before?.class !== undefined) told.push(['classBefore', classText(before.class)]);
  if (after.class !== undefined) told.push(['class', classText(after.class)], ['by', saidBy(after.class)]);
  return objectOf(told);
}

/** From names to classes; of a first list only so many are told, every call tells its own. */
function classesObject(kept: readonly (readonly [string, KeptDefinition])[]): JsonObject {
  return objectOf(
    kept
      .slice(0, TOOLS_TOLD)
      .map(([name, one]) => [cut(name), one.class === undefined ? 'none' : classText(one.class)]),
  );
}

/** `destructive, high`. */
export function classText(kept: Pick<KeptClass, 'class' | 'severity'>): string {
  return `${kept.class}, ${kept.severity}`;
}

/** `catalogue (mitmproxy)`, `classifier 1`. */
export function saidBy({ by, version, catalogue }: KeptClass): string {
  if (by === 'classifier') return `classifier ${version}`;
  return catalogue === undefined ? by : `${by} (${catalogue})`;
}

function pointersOf(before: string, after: string): readonly string[] {
  const found = differences(definitionIn(before), definitionIn(after));
  return found.slice(0, POINTERS_TOLD).map(({ pointer }) => cut(pointer));
}

/** The definition that a kept text holds. */
export function definitionIn(text: string): JsonObject {
  const read = readJson(text, RELAY);
  return read.kind === 'value' && isObject(read.value) ? read.value : objectOf([['unreadable', text]]);
}

function cut(text: string): string {
  return text.length <= LONGEST ? text : text.slice(0, LONGEST).toWellFormed();
}
