import type { KnownTool } from '../check/warning.ts';
import { compileSchema, type InputSchema } from '../json-schema/compile-schema.ts';
import type { Validated } from './draft.ts';
import type { Observation } from './observation.ts';

/** How strictly a tool's own schema can be held against its calls: all whose arguments are known satisfy it. */
export function validationOf(tool: KnownTool | undefined, observations: readonly Observation[]): Validated | undefined {
  const schema = tool && compileSchema(tool.inputSchema);
  if (schema?.kind !== 'schema') return undefined;
  for (const how of ['strict', 'schema'] as const) {
    const answers = observations.map((one) => answerOf(schema, one, how));
    if (answers.includes('no')) continue;
    const untold = answers.filter((answer) => answer === 'cannot tell').length;
    const fit = how === 'strict' ? 'name nothing else and satisfy its schema' : 'satisfy its schema';
    // What nobody looked at speaks for nothing.
    if (untold === answers.length) return undefined;
    const but = untold === 0 ? '' : `; of ${untold} it cannot be told, since values were not kept`;
    return { how, says: `the calls ${fit}${but}` };
  }
  return undefined;
}

type Known = Extract<InputSchema, { kind: 'schema' }>;

/** With a stand-in for what was not kept only the names are certain. */
function answerOf(schema: Known, { args, hidden }: Observation, how: Validated['how']): 'yes' | 'no' | 'cannot tell' {
  if (schema.check(args, how) === undefined) return 'yes';
  if (hidden.size === 0) return 'no';
  return how === 'strict' && schema.check(args, 'schema') === undefined ? 'no' : 'cannot tell';
}
