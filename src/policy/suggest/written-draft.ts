import { type Json, type JsonObject, objectOf } from '../../wire/json.ts';
import { below } from '../problem.ts';
import type { Part } from './argument-rules.ts';
import type { Draft, EntryDraft } from './draft.ts';
import type { Evidence } from './suggestion.ts';

const TABLES = ['tools', 'resources', 'prompts', 'requests'] as const;

/** The draft as a document. */
export function writtenDraft({ description, entries }: Draft): JsonObject {
  const tables = TABLES.flatMap((table): readonly (readonly [string, Json])[] => {
    const own = entries.filter((entry) => entry.table === table);
    if (own.length === 0) return [];
    return [[table, objectOf(own.map((entry) => [entry.name, table === 'requests' ? 'allow' : rulesOf(entry)]))]];
  });
  return objectOf([['version', '1'], ['description', description], ['default', 'deny'], ...tables]);
}

function rulesOf({ asks, validate, require, approveIf, limits }: EntryDraft): JsonObject {
  const lists = [
    ['require', require],
    ['approve_if', approveIf],
    ['limits', limits],
  ] as const;
  return objectOf([
    ...(asks === 'always' ? [['action', 'require_approval'] as const] : []),
    ...(validate === undefined ? [] : [['validate', validate.how] as const]),
    ...lists.flatMap(([key, parts]) => (parts.length === 0 ? [] : [[key, parts.map(({ rule }) => rule)] as const])),
  ]);
}

/** Why each rule of it stands there, in the order of the document. */
export function evidenceOf({ entries }: Draft): readonly Evidence[] {
  return TABLES.flatMap((table) => entries.filter((entry) => entry.table === table).flatMap(ofEntry));
}

function ofEntry(entry: EntryDraft): readonly Evidence[] {
  const pointer = pointerOf(entry);
  const { calls, first, last, examples, says, validate } = entry;
  const told = (place: string, words: string, ids: readonly string[]): Evidence => ({
    pointer: place,
    says: words,
    calls,
    first,
    last,
    examples: ids.length === 0 ? examples : ids,
  });
  const listed = (key: string, parts: readonly Part[]): readonly Evidence[] =>
    parts.map((part, index) => told(below(below(pointer, key), index), part.says, part.examples));
  return [
    told(pointer, says, examples),
    ...(validate === undefined ? [] : [told(below(pointer, 'validate'), validate.says, [])]),
    ...listed('require', entry.require),
    ...listed('approve_if', entry.approveIf),
    ...listed('limits', entry.limits),
  ];
}

export function pointerOf({ table, name }: Pick<EntryDraft, 'table' | 'name'>): string {
  return below(below('', table), name);
}
