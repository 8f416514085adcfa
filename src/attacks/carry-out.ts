import type { Attack } from '../catalogue/attack.ts';
import type { AttackRun, AttackTrial } from '../catalogue/attack-run.ts';
import { type Cast, castOf } from './casting.ts';
import { leaveInOrder } from './leaving.ts';
import { scenarioOf } from './scenarios.ts';
import { makeFolder, openSite, removeFolder, type Site } from './site.ts';
import { tryOut } from './trial.ts';

/** So many runs at a time: more would only wait for each other's processes. */
const AT_ONCE = 3;

/**
 * Carries these attacks out behind one real gateway, each without and with what stops it, and gives what was seen in their order.
 * Everything that is started is ended, and everything written removed, also when whoever asks has seen enough.
 */
export async function* carryOut(attacks: readonly Attack[]): AsyncGenerator<AttackRun, void, undefined> {
  const folder = makeFolder();
  const remove = (): void => removeFolder(folder);
  process.once('exit', remove);
  const stay = leaveInOrder();
  const casts: Cast[] = [];
  let site: Site | undefined;
  const course = { isOver: false };
  let trials: readonly Promise<AttackTrial | undefined>[] = [];
  try {
    for (const attack of attacks) {
      const scenario = await scenarioOf(attack.name);
      casts.push(await castOf(attack, scenario, 'without', folder), await castOf(attack, scenario, 'with', folder));
    }
    site = await openSite(folder, casts);
    trials = inTurns(casts, site, course);
    for (const [at, { name }] of attacks.entries()) {
      const [without, guarded] = await Promise.all([trials[2 * at], trials[2 * at + 1]]);
      if (without !== undefined && guarded !== undefined) yield { name, without, with: guarded };
    }
  } finally {
    course.isOver = true;
    await Promise.allSettled(trials);
    await site?.close();
    for (const cast of casts) await cast.close();
    stay();
    process.off('exit', remove);
    remove();
  }
}

/** Begins them in their order, a few at a time; none any more when all is over. */
function inTurns(
  casts: readonly Cast[],
  site: Site,
  course: { readonly isOver: boolean },
): readonly Promise<AttackTrial | undefined>[] {
  const ends: Promise<AttackTrial | undefined>[] = [];
  for (const [at, cast] of casts.entries()) {
    const before = Promise.all(ends.slice(0, Math.max(0, at - AT_ONCE + 1)));
    const end = before.then(() => (course.isOver ? undefined : tryOut(cast, site)));
    // Whoever awaits it hears of a fault; until then it must not end the process before it has cleaned up.
    end.catch(() => {});
    ends.push(end);
  }
  return ends;
}
