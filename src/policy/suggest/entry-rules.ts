import { isObject, type JsonObject, objectOf } from '../../wire/json.ts';
import type { KnownTool } from '../check/warning.ts';
import { condition } from '../except/bounded.ts';
import { memberPath } from '../member-path.ts';
import { readPath } from '../path.ts';
import { isPattern } from '../pattern.ts';
import { approvalRules } from './approval-rules.ts';
import { type ArgumentRules, argumentRules, type Part } from './argument-rules.ts';
import type { EntryDraft } from './draft.ts';
import { type FreshName, limitRules } from './limit-rules.ts';
import { dayText } from './moment-text.ts';
import type { Observation } from './observation.ts';
import { type Seen, seenIn } from './seen.ts';
import type { Group } from './subjects.ts';
import type { LeftOut } from './suggestion.ts';
import { validationOf } from './validation.ts';

/** Longer lists of arguments that were never used nobody reads. */
const MOST_UNUSED = 12;
const NOTHING: ArgumentRules = { require: [], unsaid: [] };

/** The rules for what one entry speaks for, and what was seen and no rule says. */
export function entryRules(
  group: Group,
  tool: KnownTool | undefined,
  fresh: FreshName,
): { readonly entry: EntryDraft; readonly leftOut: readonly LeftOut[] } {
  const { table, name, observations } = group;
  const root = seenIn(observations);
  const { require, unsaid } = hasArguments(group) ? argumentRules(root) : NOTHING;
  const validate = table === 'tools' ? validationOf(tool, observations) : undefined;
  const closing = hasArguments(group) ? closingRules(root, validate && tool) : [];
  const approvals = hasArguments(group) ? approvalRules(observations, require) : NOTHING;
  const approved = observations.filter(({ isApproved }) => isApproved).length;
  const entry: EntryDraft = {
    table,
    name,
    class: observations[0]?.class ?? 'unknown',
    asks: table !== 'requests' && approved === observations.length ? 'always' : 'never',
    validate,
    require: [...closing, ...require],
    approveIf: approvals.require,
    limits: table === 'requests' ? [] : limitRules(isPattern(name) ? 'resources' : name, observations, root, fresh),
    says: callsWords(observations, approved),
    calls: observations.length,
    first: observations[0]?.at ?? 0,
    last: observations.at(-1)?.at ?? 0,
    examples: examplesOf(observations),
  };
  return {
    entry,
    leftOut: [...unsaid, ...approvals.unsaid].map(({ path, why }) => ({ what: `${name}: ${path}`, why })),
  };
}

/** The URI of a resource stands in the name of the entry, or in part. */
function hasArguments({ table, name }: Group): boolean {
  return table === 'tools' || table === 'prompts' || (table === 'resources' && isPattern(name));
}

function callsWords(observations: readonly Observation[], approved: number): string {
  const grants = new Set(observations.map(({ grant }) => grant)).size;
  const shadowed = observations.filter(({ isShadowed }) => isShadowed).length;
  const first = dayText(observations[0]?.at ?? 0);
  const last = dayText(observations.at(-1)?.at ?? 0);
  const when = first === last ? first : `${first} to ${last}`;
  const count =
    observations.length === 1
      ? 'seen once'
      : `${observations.length} calls of ${grants} ${grants === 1 ? 'grant' : 'grants'}`;
  const asked =
    approved === 0
      ? ''
      : approved === observations.length
        ? '; a person approved of each'
        : `; a person approved of ${approved}`;
  const shadow = shadowed === 0 ? '' : `; ${shadowed} of them against rules in shadow`;
  return `${count}, ${when}${asked}${shadow}`;
}

function examplesOf(observations: readonly Observation[]): readonly string[] {
  const ids = [observations[0], observations[Math.floor(observations.length / 2)], observations.at(-1)];
  return [...new Set(ids.flatMap((one) => one?.id ?? []))];
}

/** What keeps out arguments that were never used: none beside those of every call, or by their names. */
function closingRules(root: Seen, tool: KnownTool | undefined): readonly Part[] {
  if (root.hidden > 0) return [];
  const most = root.lengths?.most ?? 0;
  const isFixed = most === [...root.keys.values()].filter(({ present }) => present === root.chances).length;
  const unused = unusedArguments(root, tool);
  if (!isFixed && unused !== undefined && unused.length <= MOST_UNUSED) {
    if (unused.length === 0) return [];
    const conditions = unused.map((key) => condition(memberPath('args', key), 'exists', false));
    return [{ rule: objectOf([['conditions', conditions]]), says: `never used: ${unused.join(', ')}`, examples: [] }];
  }
  if (unused?.length === 0) return [];
  const says =
    most === 0
      ? 'no call had an argument'
      : isFixed
        ? 'no call had another argument'
        : `no call had more than ${most} arguments`;
  return [{ rule: objectOf([['conditions', [condition('args', 'length_lte', most)]]]), says, examples: [] }];
}

/** Arguments that the tool's schema names and no call used; undefined where that cannot be told, or not be written. */
function unusedArguments(root: Seen, tool: KnownTool | undefined): readonly string[] | undefined {
  const properties = propertiesOf(tool);
  if (properties === undefined) return undefined;
  const unused = Object.keys(properties)
    .filter((key) => (root.keys.get(key)?.present ?? 0) === 0)
    .sort();
  return unused.every((key) => typeof readPath(memberPath('args', key)) !== 'string') ? unused : undefined;
}

function propertiesOf(tool: KnownTool | undefined): JsonObject | undefined {
  const schema = tool?.inputSchema;
  if (!isObject(schema)) return undefined;
  const { properties } = schema;
  return isObject(properties) ? properties : undefined;
}
