import { isArray, isObject, type Json, type JsonObject } from '../../src/wire/json.ts';
import { every, type Side, some, type Three } from './naive-value.ts';

export type Step = string | number | { readonly each: true };

/** Splits `args.a["any key"][0][*]` into its steps, the root first. */
export function stepsOf(path: string): Step[] {
  const steps: Step[] = [];
  const pattern = /\.?([^.[\]"]+)|\[(\d+)\]|\[(\*)\]|\[("(?:[^"\\]|\\.)*")\]/y;
  while (pattern.lastIndex < path.length) {
    const at = pattern.lastIndex;
    const match = pattern.exec(path);
    if (match === null) throw new Error(`naive engine: cannot read the path ${path} at ${at}`);
    const [, name, index, star, quoted] = match;
    if (name !== undefined) steps.push(name);
    else if (index !== undefined) steps.push(Number(index));
    else if (star !== undefined) steps.push({ each: true });
    else steps.push(JSON.parse(quoted ?? '""') as string);
  }
  return steps;
}

/** Some servers take keys for one that differ only by case. */
export function isDisputed(value: JsonObject, step: string): boolean {
  return Object.keys(value).some((key) => key !== step && key.toUpperCase() === step.toUpperCase());
}

/** Judges whatever the path reaches; `undefined` stands for "absent". */
export function judgeAt(
  value: Json | undefined,
  steps: readonly Step[],
  side: Side,
  judge: (reached: Json | undefined) => Three,
): Three {
  const [step, ...rest] = steps;
  if (step === undefined) return judge(value);
  if (value === undefined || value === null) return judge(undefined);
  if (typeof step === 'object') {
    if (!isArray(value)) return 'unknown';
    if (value.length === 0) return 'false';
    const judged = value.map((element) => judgeAt(element, rest, side, judge));
    return side === 'require' ? every(judged) : some(judged);
  }
  if (typeof step === 'number') return isArray(value) ? judgeAt(value[step], rest, side, judge) : 'unknown';
  if (!isObject(value)) return 'unknown';
  if (isDisputed(value, step)) return 'unknown';
  return judgeAt(Object.hasOwn(value, step) ? value[step] : undefined, rest, side, judge);
}
