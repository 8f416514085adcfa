import type { Refusal } from '../policy.ts';
import { type Change, type Direction, verdictOf } from './change.ts';
import { compareClauses } from './compare-clauses.ts';
import { compareLimits } from './compare-limits.ts';
import { compareReasons, reasonChange, saidAs } from './compare-reasons.ts';
import type { View, Views } from './view.ts';

/** All that changes for a name. None at all: every call is answered as before. */
export function compareViews(before: Views, after: Views): readonly Change[] {
  const bites = compareOne(before.enforced, after.enforced);
  if (isEffective(bites)) return [...modeChange(before.enforced, after.enforced, bites), ...bites];
  const inShadow = compareOne(before.written, after.written);
  const isQuiet = before.enforced === before.written && after.enforced === after.written;
  if (isQuiet || inShadow.length === 0) return bites;
  return [...bites, ...inShadow.map((change) => ({ ...change, ...inShadowOnly(change) }))];
}

function inShadowOnly({ words }: Change): Pick<Change, 'direction' | 'words'> {
  return { direction: 'reason', words: `in shadow only: ${words}` };
}

function isEffective(changes: readonly Change[]): boolean {
  return changes.some(({ direction }) => direction !== 'reason');
}

function modeChange(before: View, after: View, bites: readonly Change[]): readonly Change[] {
  if (before.mode === after.mode) return [];
  const verdict = verdictOf(bites.map(({ direction }) => direction));
  const direction: Direction = verdict === 'looser' || verdict === 'tighter' ? verdict : 'unordered';
  const words = after.mode === 'shadow' ? 'stands in shadow now' : 'is enforced now, stood in shadow before';
  return [{ direction, words, before: before.modePointer, after: after.modePointer }];
}

function compareOne(before: View, after: View): readonly Change[] {
  const [old, young] = [before.standing, after.standing];
  if (old !== undefined && young !== undefined) return compareRefusals(before, after, old, young);
  if (old !== undefined) return [nowOpen(before, after, old)];
  if (young !== undefined) return [nowRefused(before, after, young)];
  const changes = [
    ...compareClauses('deny_if', { ...lists('denyIf'), harderBefore: [], harderAfter: [] }),
    ...compareClauses('require', { ...lists('require'), harderBefore: [], harderAfter: [] }),
    ...compareClauses('approve_if', {
      ...lists('approveIf'),
      harderBefore: before.denyIf,
      harderAfter: after.denyIf,
    }),
    ...compareValidation(before.validate, after.validate),
    ...compareLimits(before.limits, after.limits),
  ];
  return [...changes, ...compareReasons(before, after)];

  function lists(key: 'denyIf' | 'require' | 'approveIf') {
    return { before: before[key], after: after[key] };
  }
}

function compareRefusals(before: View, after: View, old: Refusal, young: Refusal): readonly Change[] {
  const pointers = { before: before.standingPointer, after: after.standingPointer };
  if (old.stage !== young.stage && (old.stage === 'hide' || young.stage === 'hide')) {
    const direction = young.stage === 'hide' ? 'tighter' : 'looser';
    const words = young.stage === 'hide' ? 'was refused, is now hidden' : 'was hidden, is now refused by name';
    return [{ direction, words, ...pointers }];
  }
  const changes: Change[] = [];
  if (before.shown !== after.shown) {
    const direction = after.shown === 'in lists' ? 'looser' : 'tighter';
    const words = `stays refused, and stands ${after.shown === 'in lists' ? '' : 'no longer '}in lists`;
    changes.push({ direction, words, before: '/list', after: '/list' });
  }
  if (old.reason !== young.reason) {
    const words = `reason: ${saidAs(old.reason)} → ${saidAs(young.reason)}`;
    changes.push(reasonChange(words, pointers.before, pointers.after));
  } else if (old.reason === undefined && old.stage !== young.stage) {
    const words = `stays refused, ${ruleOf(young)} instead of ${ruleOf(old)}`;
    changes.push(reasonChange(words, pointers.before, pointers.after));
  }
  return changes;
}

function nowOpen(before: View, after: View, old: Refusal): Change {
  const words = `was ${causeOf(old)}, is now ${after.approveIf.length > 0 && isAlwaysAsked(after) ? 'asked of a person' : 'allowed'}${under(after)}`;
  return { direction: 'looser', words, before: before.standingPointer, after: after.pointer };
}

function nowRefused(before: View, after: View, young: Refusal): Change {
  const was = isAlwaysAsked(before) ? 'asked of a person' : 'allowed';
  const words = `was ${was}${under(before)}, is now ${causeOf(young)}`;
  return { direction: 'tighter', words, before: before.pointer, after: after.standingPointer };
}

function isAlwaysAsked({ approveIf }: View): boolean {
  return approveIf.some(({ form }) => form.text === 'all()');
}

function under({ denyIf, require, approveIf, limits, validate }: View): string {
  const parts = [
    count(denyIf.length, 'deny_if entry', 'deny_if entries'),
    count(require.length, 'require entry', 'require entries'),
    count(approveIf.filter(({ form }) => form.text !== 'all()').length, 'approve_if entry', 'approve_if entries'),
    count(limits.length, 'limit', 'limits'),
    validate.how === 'off' ? '' : `validate ${validate.how}`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? '' : ` (subject to ${parts.join(', ')})`;
}

function count(length: number, one: string, many: string): string {
  return length === 0 ? '' : `${length} ${length === 1 ? one : many}`;
}

function ruleOf({ stage }: Refusal): string {
  switch (stage) {
    case 'default':
      return 'by default';
    case 'action':
      return 'by its action';
    case 'limit':
      return 'by a limit that lets nothing through';
    default:
      return `by ${stage}`;
  }
}

function causeOf({ stage }: Refusal): string {
  switch (stage) {
    case 'hide':
      return 'hidden';
    case 'default':
      return 'refused by default';
    case 'limit':
      return 'refused by a limit that lets nothing through';
    default:
      return 'refused';
  }
}

const STRICTNESS = { off: 0, schema: 1, strict: 2 } as const;

function compareValidation(before: View['validate'], after: View['validate']): readonly Change[] {
  if (before.how === after.how) return [];
  const direction = STRICTNESS[after.how] > STRICTNESS[before.how] ? 'tighter' : 'looser';
  const words = `validate: ${before.how} → ${after.how}`;
  return [{ direction, words, before: before.pointer, after: after.pointer }];
}
