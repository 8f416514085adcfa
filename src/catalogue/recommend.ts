import { compileSchema } from '../policy/json-schema/compile-schema.ts';
import { isArray, type Json, type JsonObject, objectOf } from '../wire/json.ts';
import type { Classification } from './classification.ts';
import type { KnownTool } from './known-server.ts';
import { strangeParameters } from './overrule.ts';
import { argumentRulesFor, type FoundRules } from './recommend/argument-rules.ts';
import { classRules } from './recommend/class-rules.ts';
import { asked } from './recommend/fallback.ts';
import { handTrials } from './recommend/hand-trials.ts';
import { parametersOf } from './recommend/parameter.ts';
import { signalNotes } from './recommend/signal-notes.ts';
import { hiddenTrials, type Trial, trialsOf } from './recommend/trials.ts';

/** What the definition cannot tell, and its operator can. */
export interface Wishes {
  /** What becomes of destructive tools. */
  readonly destructive: 'hide' | 'approve';
  /** Absolute folders within which paths must stay; empty where none was named. */
  readonly roots: readonly string[];
  /** Hosts that URLs may name, as `url_host_in` takes them; empty where none was named. */
  readonly hosts: readonly string[];
  /** The folder in which the server runs, absolute: where no root was named paths stay within it. Left out where it is not known. */
  readonly folder?: string;
  /** How the server is called: the database behind it may be in its name. */
  readonly server?: string;
}

export interface Recommendation {
  /** The entry under `tools` of a policy; with `action: hide` where the tool is not to be seen. */
  readonly rules: JsonObject;
  /** Why each part of it is there, and what its reader still has to decide; whole sentences. */
  readonly notes: readonly string[];
  /** Calls that show what the entry does. Most likely: whoever writes them down tries them first. */
  readonly trials: readonly Trial[];
}

/** The entry that fits a tool, under a policy that refuses by default. */
export function recommend(
  tool: JsonObject,
  classification: Classification,
  known: KnownTool | undefined,
  wishes: Wishes,
): Recommendation {
  const { class: riskClass } = classification;
  if (riskClass === 'destructive' && wishes.destructive === 'hide') {
    return hiding(
      tool,
      'It removes or ends something for good, so it is hidden; with --destructive approve a person is asked instead.',
    );
  }
  // Where a definition reads worse than the one that was judged, but comes to the same class, what was written for it still holds.
  if (known?.rules !== undefined && known.class === riskClass) return byHand(tool, classification, known, wishes);
  return byClass(tool, classification, wishes);
}

/** What was written for a tool; of arguments that it had not then, what their signals call for. */
function byHand(tool: JsonObject, classification: Classification, known: KnownTool, wishes: Wishes): Recommendation {
  const strange = strangeParameters(tool, known.definition());
  const found = argumentRulesFor(tool, classification, wishes).rules.filter(({ parameter }) =>
    strange.includes(parameter),
  );
  const rules = known.rules ?? objectOf([]);
  return {
    rules: objectOf([...Object.entries(rules), ...listsOf(found, rules)]),
    notes: [
      'Written for this tool by hand.',
      ...(strange.length === 0
        ? []
        : ['It takes arguments that it did not take when that was written: read what they do.']),
      ...found.map(({ note }) => note),
      ...signalNotes(classification),
    ],
    trials: handTrials(known, rules),
  };
}

/** The entries of rules about arguments, behind those that are there. */
function listsOf(found: FoundRules['rules'], beside: JsonObject): readonly (readonly [string, Json])[] {
  return (['require', 'deny_if', 'approve_if'] as const).flatMap((list): readonly (readonly [string, Json])[] => {
    const there = beside[list];
    const entries = found.filter((rule) => rule.list === list).map(({ entry }) => entry);
    return entries.length === 0 ? [] : [[list, [...(isArray(there) ? there : []), ...entries]]];
  });
}

/** An entry that keeps a tool out of sight. */
export function hiding(tool: JsonObject, why: string): Recommendation {
  return { rules: objectOf([['action', 'hide']]), notes: [why], trials: hiddenTrials(String(tool['name'])) };
}

/** INVARIANT: so many arguments are looked at one by one, and no more, whatever a stranger's schema holds. */
const MOST_PARAMETERS = 200;

function byClass(tool: JsonObject, classification: Classification, wishes: Wishes): Recommendation {
  const name = String(tool['name']);
  const { size } = parametersOf(tool);
  if (size > MOST_PARAMETERS) {
    const { rules, trials } = asked({ tool });
    return {
      rules,
      notes: [`It takes ${size} arguments, more than can be judged one by one, so a person is asked.`],
      trials,
    };
  }
  const approves = classification.signals.some(({ kind }) => kind === 'approves');
  const { action, reason, limit, notes } = classRules(name, classification.class, approves ? 'approves' : 'acts');
  const found = argumentRulesFor(tool, classification, wishes);
  const schema = compileSchema(tool['inputSchema']);
  const isChecked = classification.class !== 'read' && schema.kind === 'schema';
  const unchecked =
    classification.class === 'read' || schema.kind === 'schema'
      ? []
      : [`Its arguments are not held against its schema: ${schema.reason}.`];
  const rules = objectOf([
    ...(action === undefined ? [] : [['action', action] as const]),
    ...(reason === undefined ? [] : [['reason', reason] as const]),
    ...listsOf(found.rules, objectOf([])),
    ...(limit === undefined ? [] : [['limits', [limit]] as const]),
    ...(isChecked ? [['validate', 'schema'] as const] : []),
  ]);
  return {
    rules,
    notes: [
      ...notes,
      ...found.rules.map(({ note }) => note),
      ...found.notes,
      ...signalNotes(classification),
      ...unchecked,
    ],
    trials: trialsOf({ tool, rules, argumentRules: found.rules, schema }),
  };
}
