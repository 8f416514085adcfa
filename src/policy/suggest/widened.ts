import { objectOf } from '../../wire/json.ts';
import type { Part } from './argument-rules.ts';
import type { Draft, EntryDraft } from './draft.ts';
import { friendlyUp } from './friendly.ts';
import type { LeftOut } from './suggestion.ts';
import { pointerOf } from './written-draft.ts';

/** What is wrong with a rule: it stops a call that passed, or the checker has something against it; or it is a limit that is too low. */
interface Fault {
  readonly kind: 'wrong' | 'too low';
  readonly why: string;
}

/** By the places of the rules, JSON Pointers into the document. */
export type Faults = ReadonlyMap<string, Fault>;

/** The draft without the rules at these places, or with higher limits there; the very same draft where no rule of it stands there. */
export function widened(draft: Draft, faults: Faults): Draft {
  if (faults.size === 0) return draft;
  const changes = draft.entries.map((entry) => widenedEntry(entry, faults));
  if (changes.every(({ entry }, index) => entry === draft.entries[index])) return draft;
  return {
    ...draft,
    entries: changes.map(({ entry }) => entry),
    leftOut: [...draft.leftOut, ...changes.flatMap(({ leftOut }) => leftOut)],
  };
}

interface Change {
  readonly entry: EntryDraft;
  readonly leftOut: readonly LeftOut[];
}

function widenedEntry(entry: EntryDraft, faults: Faults): Change {
  const pointer = pointerOf(entry);
  const own = [...faults].filter(([place]) => place.startsWith(`${pointer}/`));
  if (own.length === 0) return { entry, leftOut: [] };
  const at = (key: string, index?: number): Fault | undefined => {
    const place = index === undefined ? `${pointer}/${key}` : `${pointer}/${key}/${index}`;
    return own.find(([one]) => one === place || one.startsWith(`${place}/`))?.[1];
  };
  const gone: LeftOut[] = [];
  const drop = (what: string, { why }: Fault): void => {
    gone.push({ what: `${entry.name}: ${what}`, why });
  };
  const kept = (key: string, parts: readonly Part[]): readonly Part[] =>
    parts.filter((part, index) => {
      const fault = at(key, index);
      if (fault !== undefined) drop(part.says, fault);
      return fault === undefined;
    });
  const limits = entry.limits.map((part, index) => (at('limits', index)?.kind === 'too low' ? raised(part) : part));
  const invalid = entry.validate && at('validate');
  if (entry.validate !== undefined && invalid !== undefined) drop(`"validate": "${entry.validate.how}"`, invalid);
  const changed: EntryDraft = {
    ...entry,
    validate: invalid === undefined ? entry.validate : undefined,
    require: kept('require', entry.require),
    approveIf: kept('approve_if', entry.approveIf),
    limits: limits.filter((part, index) => {
      const fault = part === entry.limits[index] ? at('limits', index) : undefined;
      if (fault !== undefined) drop(part.says, fault);
      return fault === undefined;
    }),
  };
  const isSame = gone.length === 0 && limits.every((part, index) => part === entry.limits[index]);
  return isSame ? { entry, leftOut: [] } : { entry: changed, leftOut: gone };
}

function raised(part: Part): Part {
  const { max } = part.rule;
  const next = friendlyUp((typeof max === 'number' ? max : 1) * 2);
  const rule = objectOf(Object.entries(part.rule).map(([key, value]) => [key, key === 'max' ? next : value]));
  return { ...part, rule, says: `${part.says}; raised to ${next}, since less would have refused a call that passed` };
}
