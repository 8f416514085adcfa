import { isObject, type Json, type JsonObject } from '../../src/wire/json.ts';
import { list } from './naive-list.ts';
import { judgeValue } from './naive-operator.ts';
import { judgeAt, stepsOf } from './naive-path.ts';
import type { Scene } from './naive-scene.ts';
import { every, negate, type Side, some, type Three } from './naive-value.ts';
import { windowMs } from './naive-window.ts';

/** Judges an entry of `require`, `deny_if` or `approve_if`: its conditions are ANDed. */
export function judgeEntry(entry: Json, scene: Scene, side: Side): Three {
  return judgeAll(list(entry, 'conditions'), scene, side);
}

export function judgeAll(conditions: readonly Json[], scene: Scene, side: Side): Three {
  return every(conditions.map((condition) => judgeCondition(condition, scene, side, false)));
}

function judgeCondition(condition: Json, scene: Scene, side: Side, negated: boolean): Three {
  if (!isObject(condition)) throw new Error('naive engine: a condition is an object');
  if (condition['not'] !== undefined) return judgeCondition(condition['not'], scene, side, !negated);
  if (condition['all'] !== undefined) {
    const judged = list(condition, 'all').map((part) => judgeCondition(part, scene, side, negated));
    return negated ? some(judged) : every(judged);
  }
  if (condition['any'] !== undefined) {
    const judged = list(condition, 'any').map((part) => judgeCondition(part, scene, side, negated));
    return negated ? every(judged) : some(judged);
  }
  const [root, ...steps] = stepsOf(String(condition['path']));
  const value = rootValue(String(root), String(steps[0]), condition, scene);
  if (value === 'unknown') return 'unknown';
  return judgeAt(value, steps, side, (reached) => {
    const judged = judgeValue(reached, condition, side);
    return negated ? negate(judged) : judged;
  });
}

/** What a root stands for; some things are not known at all. */
function rootValue(root: string, key: string, condition: JsonObject, scene: Scene): Json | undefined | 'unknown' {
  const zone = condition['timezone'];
  if (root === 'time') return scene.timeIn(typeof zone === 'string' ? zone : 'UTC');
  if (root === 'tool' && key === 'annotations' && !scene.isDefined) return 'unknown';
  if (key !== 'calls' || (root !== 'grant' && root !== 'session')) return scene.roots[root];
  const tool = String(stepsOf(String(condition['path']))[2]);
  const count = scene.callsOf(root, tool, windowMs(condition['within']));
  return count === undefined ? 'unknown' : { calls: { [tool]: count } };
}
