import type { Call } from '../wire/call.ts';
import type { Subject, Target } from './decision.ts';
import type { Policies, Rules } from './policy.ts';
import type { Scene } from './scene.ts';
import { sidesOf } from './standing.ts';
import { newWork, type Work } from './work.ts';

/**
 * Does the costly tests of a call beforehand: `decide` with this work finds their answers. Who decides inside a transaction
 * holds up all others, so nothing that takes long is to be done there.
 */
export function prejudge(policies: Policies, subject: Subject, call: Call, target: Target, at: number): Work {
  const work: Work = { ...newWork(), known: new Map() };
  const scene: Scene = { subject, call, target, facts: { at, calls: new Map() }, work };
  const { baseline, policy } = sidesOf(policies, { kind: call.kind, name: call.name, class: target.class });
  for (const side of [baseline, policy]) {
    if (side === undefined) continue;
    testCostly(side.entry, scene);
    testCostly(side.all, scene);
  }
  return work;
}

function testCostly({ denyIf, require, approveIf, limits }: Rules, scene: Scene): void {
  for (const clauses of [denyIf, require, approveIf]) {
    for (const { condition } of clauses) if (condition.cost > 0) condition.test(scene);
  }
  for (const { when } of limits) if (when !== undefined && when.cost > 0) when.test(scene);
}
