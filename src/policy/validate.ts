import type { Refusal, Validation } from './policy.ts';
import type { Scene } from './scene.ts';

/** The refusal of arguments that do not satisfy the tool's own schema; what cannot be checked is not satisfied. */
export function unsatisfied(validation: Validation, scene: Scene): Refusal | undefined {
  const why = complaint(validation.how, scene);
  return why === undefined ? undefined : { ...validation, predicate: `is refused: ${why}.` };
}

function complaint(how: Validation['how'], { target, call }: Scene): string | undefined {
  const schema = target.definition?.input();
  if (schema === undefined) return 'the schema of its arguments is not known';
  if (schema.kind === 'problem') return `the schema of its arguments cannot be used: ${schema.reason}`;
  return schema.check(call.args, how)?.message;
}
