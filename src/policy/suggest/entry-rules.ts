import type { KnownTool } from '../check/warning.ts';
import { isPattern } from '../pattern.ts';
import { approvalRules } from './approval-rules.ts';
import { type ArgumentRules, argumentRules } from './argument-rules.ts';
import { closingRules } from './closing-rules.ts';
import type { EntryDraft } from './draft.ts';
import { type FreshName, limitRules } from './limit-rules.ts';
import { dayText } from './moment-text.ts';
import type { Observation } from './observation.ts';
import { seenIn } from './seen.ts';
import type { Group } from './subjects.ts';
import type { LeftOut } from './suggestion.ts';
import { validationOf } from './validation.ts';

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
  const closing = hasArguments(group) ? closingRules(root, validate?.how === 'strict' ? tool : undefined) : [];
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
