import type { Call, CallKind } from '../../wire/call.ts';
import { objectOf, withKeys } from '../../wire/json.ts';
import { causesOf, missingFor } from '../culprits.ts';
import { decide } from '../decide.ts';
import type { Decision, Definition, Target } from '../decision.ts';
import { countKey } from '../look.ts';
import type { Clause, Policy } from '../policy.ts';
import { enforcedOf, type Named, sidesOf } from '../standing.ts';
import { BOUNDLESS } from '../work.ts';
import { callsBefore, type Probe, withValue } from './probe.ts';
import type { Setting } from './settings.ts';

/** A call that is answered otherwise now. */
export interface Witness {
  readonly direction: 'looser' | 'tighter';
  /** Of what is called. */
  readonly kind: CallKind;
  readonly probe: Probe;
  readonly before: Decision;
  readonly after: Decision;
}

/** What is asked: which name, by which policies, beginning with which call. */
export interface Quest {
  readonly before: Policy;
  readonly after: Policy;
  readonly named: Named;
  readonly definition: Definition;
  readonly settings: readonly Setting[];
  readonly start: Probe;
  /** Calls to be judged at most. */
  readonly budget: number;
}

const METHODS: { readonly [kind in CallKind]: string } = {
  tool: 'tools/call',
  resource: 'resources/read',
  prompt: 'prompts/get',
  request: '',
};
const STRICTNESS = { allow: 0, require_approval: 1, deny: 2 } as const;
const ROUNDS = 2;

/**
 * Tries calls made of the values that the rules themselves name, and gives the first that is answered more loosely and the
 * first that is answered more tightly. That none is found proves nothing.
 */
export function findWitnesses(quest: Quest): readonly Witness[] {
  const search = { left: quest.budget };
  const found = new Map<Witness['direction'], Witness>();
  const judge = (probe: Probe): void => {
    if (search.left <= 0 || found.size === 2) return;
    search.left--;
    const witness = witnessOf(quest, probe);
    if (witness !== undefined && !found.has(witness.direction)) found.set(witness.direction, smallest(quest, witness));
  };
  const seeds = [quest.after, quest.before].map((policy) => descend(quest, policy, search));
  for (const seed of seeds) judge(seed);
  for (const seed of seeds)
    for (const setting of quest.settings) for (const one of variants(quest, seed, setting)) judge(one);
  for (const seed of seeds) {
    for (const [index, setting] of quest.settings.entries()) {
      for (const one of variants(quest, seed, setting)) {
        if (search.left <= 0 || found.size === 2) break;
        for (const other of quest.settings.slice(index + 1)) for (const two of variants(quest, one, other)) judge(two);
      }
    }
  }
  return [...found.values()];
}

function variants({ named }: Quest, probe: Probe, setting: Setting): readonly Probe[] {
  return setting.values.map((value) => withValue(named.kind, probe, setting, value));
}

/** Towards a call that passes: the value at each place for which the fewest comparisons stand in the way. */
function descend(quest: Quest, policy: Policy, search: { left: number }): Probe {
  let best = quest.start;
  let least = distance(quest, policy, best);
  for (let round = 0; round < ROUNDS && least > 0; round++) {
    for (const setting of quest.settings) {
      for (const probe of variants(quest, best, setting)) {
        if (least === 0 || search.left <= 0) return best;
        search.left -= 0.5;
        const far = distance(quest, policy, probe);
        if (far < least) [best, least] = [probe, far];
      }
    }
  }
  return best;
}

/** How many comparisons would have to come out otherwise, about. */
function distance(quest: Quest, policy: Policy, probe: Probe): number {
  const { subject, call, target, facts } = sceneOf(quest, probe);
  const scene = { subject, call, target, facts, work: BOUNDLESS };
  const policies = { policy, baseline: undefined };
  const { entry, all } = enforcedOf(sidesOf(policies, quest.named), policies).policy;
  const biting = (clause: Clause): number => causesOf(clause.condition.trace(scene)).length;
  const unmet = (clause: Clause): number => missingFor(clause.condition.trace(scene)).length;
  const sum = [entry, all].flatMap(({ denyIf, require, approveIf }) => [
    ...denyIf.map(biting),
    ...require.map(unmet),
    ...approveIf.map(biting),
  ]);
  const rest = decide(policies, subject, call, target, facts).effect === 'deny' ? 0.5 : 0;
  return sum.reduce((total, one) => total + one, rest);
}

function sceneOf({ named, definition, before, after }: Quest, probe: Probe) {
  const { args, caller, at } = probe;
  const call = callOf(named, args);
  const target: Target = { class: named.class, definition: named.kind === 'tool' ? definition : undefined };
  const counts = new Map<string, number>();
  for (const policy of [before, after]) {
    const { entry, all } = sidesOf({ policy, baseline: undefined }, named).policy;
    for (const count of [...entry.asked, ...all.asked]) {
      counts.set(countKey(count, caller), callsBefore(probe, count.of, count.tool));
    }
  }
  return { subject: caller, call, target, facts: { at, calls: counts } };
}

function callOf({ kind, name }: Named, given: Probe['args']): Call {
  const args = kind === 'resource' ? objectOf([['uri', name]]) : given;
  return { kind, method: METHODS[kind] || name, name, args, params: args };
}

function witnessOf(quest: Quest, probe: Probe): Witness | undefined {
  const { subject, call, target, facts } = sceneOf(quest, probe);
  const [before, after] = [quest.before, quest.after].map((policy) =>
    decide({ policy, baseline: undefined }, subject, call, target, facts),
  );
  if (before === undefined || after === undefined) return undefined;
  const more = strictnessOf(after) - strictnessOf(before);
  if (more === 0) return undefined;
  return { direction: more > 0 ? 'tighter' : 'looser', kind: quest.named.kind, probe, before, after };
}

function strictnessOf({ effect, hidden }: Decision): number {
  return STRICTNESS[effect] + (hidden ? 1 : 0);
}

/** Without the arguments that have no say, but for those with which it all began: the tool itself may require them. */
function smallest(quest: Quest, witness: Witness): Witness {
  let best = witness;
  for (const key of Object.keys(witness.probe.args)) {
    if (Object.hasOwn(quest.start.args, key)) continue;
    const args = withKeys(best.probe.args, { [key]: undefined });
    const other = witnessOf(quest, { ...best.probe, args });
    const isAlike =
      other?.direction === witness.direction &&
      other.before.effect === witness.before.effect &&
      other.after.effect === witness.after.effect;
    if (isAlike) best = other;
  }
  return best;
}
