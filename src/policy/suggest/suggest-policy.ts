import type { JsonObject } from '../../wire/json.ts';
import type { KnownTool } from '../check/warning.ts';
import { warningsOf } from '../check/warnings.ts';
import { type Compiled, compilePolicy } from '../compile.ts';
import type { Definition } from '../decision.ts';
import { compileSchema } from '../json-schema/compile-schema.ts';
import type { Problem } from '../problem.ts';
import type { Draft } from './draft.ts';
import { entryRules } from './entry-rules.ts';
import { dayText } from './moment-text.ts';
import type { Observation, Watched } from './observation.ts';
import { byTime, subjectsOf } from './subjects.ts';
import type { LeftOut, Suggestion } from './suggestion.ts';
import { type Stopped, tryOut } from './try-out.ts';
import { type Faults, widened } from './widened.ts';
import { evidenceOf, writtenDraft } from './written-draft.ts';

/** Each round takes a rule away or doubles a limit. */
const MOST_ROUNDS = 1_000;

/**
 * The tightest readable policy under which all of these calls would have passed. Total, deterministic, reads nothing but its argument.
 * INVARIANT: what it gives was compiled and checked, and the calls were judged by it, limits included: they pass.
 */
export function suggestPolicy({ observations, tools }: Watched): Suggestion {
  const { groups, leftOut } = subjectsOf([...observations].sort(byTime));
  const judged = groups.flatMap((group) => group.observations).sort(byTime);
  const fresh = freshNames();
  const made = groups.map((group) =>
    entryRules(group, group.table === 'tools' ? tools.get(group.name) : undefined, fresh),
  );
  const draft: Draft = {
    description: descriptionOf(judged),
    entries: made.map(({ entry }) => entry),
    leftOut: [...leftOut, ...made.flatMap((one) => one.leftOut)],
  };
  return suggestionOf(settled(draft, judged, tools), judged);
}

function descriptionOf(observations: readonly Observation[]): string {
  const grants = new Set(observations.map(({ grant }) => grant)).size;
  const [first, last] = [dayText(observations[0]?.at ?? 0), dayText(observations.at(-1)?.at ?? 0)];
  const calls = observations.length === 1 ? '1 call' : `${observations.length} calls`;
  return `Suggested from ${calls} of ${grants} ${grants === 1 ? 'grant' : 'grants'} that passed, ${first === last ? first : `${first} to ${last}`}.`;
}

function suggestionOf(draft: Draft, observations: readonly Observation[]): Suggestion {
  return {
    policy: writtenDraft(draft),
    evidence: evidenceOf(draft),
    leftOut: draft.leftOut,
    calls: observations.length,
    grants: new Set(observations.map(({ grant }) => grant)).size,
    first: observations[0]?.at ?? 0,
    last: observations.at(-1)?.at ?? 0,
  };
}

function freshNames(): (wanted: string) => string {
  const taken = new Set<string>();
  return (wanted) => {
    let name = wanted;
    for (let number = 2; taken.has(name); number++) name = `${wanted}_${number}`;
    taken.add(name);
    return name;
  };
}

/** Takes away what goes too far until nothing does. */
function settled(draft: Draft, observations: readonly Observation[], tools: ReadonlyMap<string, KnownTool>): Draft {
  const definitions = new Map([...tools].map(([name, tool]) => [name, definitionOf(tool)]));
  let kept = draft;
  let suspects = observations;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const document = writtenDraft(kept);
    const compiled = compilePolicy(document, 'policy');
    const plain = widened(kept, complaintsOf(document, compiled, tools));
    const stopped =
      plain !== kept || compiled.kind === 'problems' ? [] : tryOut(compiled.policy, suspects, definitions);
    const next = widened(plain, faultsOf(stopped));
    if (next === kept) return { ...kept, leftOut: [...kept.leftOut, ...stopped.map(stillStopped)] };
    kept = next;
    if (stopped.length > 0) suspects = besides(stopped, suspects);
  }
  return kept;
}

/** No two tools share a rule or a counter, so of those of which every call passed none needs to be tried again. */
function besides(stopped: readonly Stopped[], observations: readonly Observation[]): readonly Observation[] {
  const names = new Set(stopped.map(({ observation }) => observation.name));
  return observations.filter(({ kind, name }) => kind !== 'tool' || names.has(name));
}

function faultsOf(stopped: readonly Stopped[]): Faults {
  const why = 'it would have refused a call that passed';
  return new Map(stopped.map(({ rule, how }) => [rule, { kind: how === 'exceeded' ? 'too low' : 'wrong', why }]));
}

/** No rule of the suggestion stops it, so none can be taken out. */
function stillStopped({ observation: { id, name }, rule }: Stopped): LeftOut {
  return { what: `${name}: the call ${id}`, why: `it would be refused: ${rule}` };
}

function definitionOf({ annotations, inputSchema }: KnownTool): Definition {
  const schema = compileSchema(inputSchema);
  return { annotations, input: () => schema };
}

/** What does not compile, and what the checker finds odd: without the tools, as most will ask it, and with them. */
function complaintsOf(document: JsonObject, compiled: Compiled, tools: ReadonlyMap<string, KnownTool>): Faults {
  if (compiled.kind === 'problems') return oddities(compiled.problems);
  const plain = warningsOf(document, compiled.policy, undefined);
  return oddities(tools.size === 0 ? plain : [...plain, ...warningsOf(document, compiled.policy, [...tools.values()])]);
}

function oddities(problems: readonly Problem[]): Faults {
  return new Map(problems.map(({ pointer, message }) => [pointer, { kind: 'wrong', why: message }]));
}
