import { isObject, type Json, type JsonObject, objectOf } from '../../wire/json.ts';
import { RELAY, readJson } from '../../wire/read-json.ts';
import type { Entry } from '../ports.ts';
import { eventBody } from '../record.ts';
import type { Stamp } from '../stamp.ts';
import { differences } from './differences.ts';
import { digestOfAll } from './digest-of-all.ts';
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
  digests: readonly (readonly [string, string])[],
  digest: (text: string) => string,
): Entry {
  const more = objectOf([
    ['tools', digests.length],
    ['digest', digestOfAll(digests, digest)],
  ]);
  return recordOf(stamp, 'tools pinned at first use', server, more);
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
  return objectOf(told);
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
