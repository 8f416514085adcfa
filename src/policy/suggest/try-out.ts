import type { Call } from '../../wire/call.ts';
import { objectOf } from '../../wire/json.ts';
import { memoryCounters } from '../count/memory-counters.ts';
import { decide } from '../decide.ts';
import type { Decision, Definition, Subject, Target } from '../decision.ts';
import type { Policy } from '../policy.ts';
import type { Observation } from './observation.ts';

/** What was not kept cannot be held against a schema. */
const UNTOLD: Definition = {
  annotations: objectOf([]),
  input: () => ({ kind: 'schema', check: () => undefined }),
};
const NO_CALLS: ReadonlyMap<string, number> = new Map();

/** A call that passed and would not pass under the policy, and the rule that stops it. */
export interface Stopped {
  readonly observation: Observation;
  /** JSON Pointer into the document, or a name in parentheses. */
  readonly rule: string;
  /** `exceeded`: it is a limit whose ceiling the call is beyond. */
  readonly how: 'refused' | 'exceeded';
}

/**
 * Judges the calls by the policy, in their order, limits included; gives those that would be refused. One of which a person approved may
 * be asked about again.
 */
export function tryOut(
  policy: Policy,
  observations: readonly Observation[],
  definitions: ReadonlyMap<string, Definition>,
): readonly Stopped[] {
  const counters = memoryCounters();
  const policies = { policy, baseline: undefined };
  return observations.flatMap((observation): readonly Stopped[] => {
    const { at, tick, kind, name, hidden } = observation;
    const definition = kind !== 'tool' ? undefined : hidden.size > 0 ? UNTOLD : definitions.get(name);
    const target: Target = { class: observation.class, definition };
    const decision = decide(policies, subjectOf(observation), callOf(observation), target, { at, calls: NO_CALLS });
    if (!mayPass(decision, observation)) return [{ observation, rule: decision.rule.pointer, how: 'refused' }];
    if (!observation.isCounted) return [];
    const { verdict } = counters.commit({ tick, at }, [], () => ({
      reservations: decision.reservations,
      mode: 'take',
      tallies: [],
      shadow: [],
    }));
    if (verdict.kind !== 'exceeded') return [];
    return [{ observation, rule: verdict.reservation.rule.pointer, how: 'exceeded' }];
  });
}

function mayPass({ effect }: Decision, { isApproved }: Observation): boolean {
  return effect === 'allow' || (effect === 'require_approval' && isApproved);
}

function subjectOf({ grant, owner, server, session }: Observation): Subject {
  return {
    grant: { name: grant, owner, labels: {} },
    server,
    session,
    client: { name: undefined, version: undefined },
  };
}

function callOf({ kind, method, name, args }: Observation): Call {
  return { kind, method, name, args, params: objectOf([]) };
}
