import { isArray, type Json } from '../../wire/json.ts';
import { equal } from '../equal.ts';
import { didYouMean, nearest } from '../nearest.ts';
import { readPath } from '../path.ts';
import { below, quoted } from '../problem.ts';
import { TRUE } from '../truth.ts';
import { type Argument, allows, argumentAt, listedValues } from './argument-schema.ts';
import { argumentSteps, type Clause, elementsOf, type Leaf, leavesOf, said } from './clause.ts';
import { foresee } from './foresee.ts';
import { FAILS, HOLDS, UNSURE } from './possible.ts';
import type { RuleSet, Subject } from './rule-set.ts';
import { isPresent, samplesFor } from './sample.ts';
import type { KnownTool, Warning } from './warning.ts';

/** Operators with which a guard against values that the schema does not allow is written on purpose. */
const GUARDS: readonly string[] = ['exists', 'type', 'neq', 'not_in', 'not_regex', 'not_contains'];

/** Warns of paths that no input schema has, and of values that it does not allow. Needs the tools. */
export function checkArguments(subject: Subject, clauses: readonly Clause[]): readonly Warning[] {
  if (subject.tools === undefined) return [];
  const conditions = clauses.flatMap((clause) => leavesOf(clause.tree).flatMap((leaf) => ofLeaf(clause, leaf)));
  return [...conditions, ...subject.sets.flatMap(ofLimits)];
}

function ofLeaf(clause: Clause, leaf: Leaf): readonly Warning[] {
  const steps = argumentSteps(leaf);
  const { tools } = clause.set;
  const [tool] = tools ?? [];
  if (steps === undefined || steps.length === 0 || tools === undefined || tool === undefined) return [];
  const found = tools.map(({ inputSchema }) => argumentAt(inputSchema, steps));
  const gone = leaf.op === 'exists' ? undefined : missingName(tools, found, leaf);
  if (gone !== undefined) return [{ pointer: below(leaf.pointer, 'path'), code: 'no-such-argument', message: gone }];
  const named = found.filter((one) => one.kind === 'named');
  const [argument] = named;
  if (argument === undefined || named.length < found.length) return [];
  const wrong =
    unlisted(leaf, named) ??
    (named.every((one) => isOutside(clause, leaf, one)) ? outside(clause, leaf, tool, argument) : undefined);
  if (wrong === undefined) return [];
  return [{ pointer: below(leaf.pointer, 'value'), code: 'value-outside-schema', message: wrong }];
}

/** Only where no tool has the argument, and it was either excluded or most likely misspelt. */
function missingName(tools: readonly KnownTool[], found: readonly Argument[], leaf: Leaf): string | undefined {
  const gone = found.filter((one) => one.kind === 'missing');
  const [first] = gone;
  if (first === undefined || gone.length < found.length) return undefined;
  const names = [...new Set(gone.flatMap((one) => one.names))];
  const isCertain = gone.every(({ beside }) => beside === 'closed');
  if (!isCertain && nearest(first.key, names) === undefined) return undefined;
  const has = names.length === 0 ? '; it has none there' : `; it has ${names.slice(0, 8).join(', ')}`;
  const whose =
    tools.length === 1 ? `the inputSchema of ${quoted(tools[0]?.name ?? '')}` : 'no inputSchema of its tools';
  const verb = tools.length === 1 ? 'does not name' : 'names';
  return `${whose} ${verb} the argument of ${quoted(leaf.text)}${didYouMean(first.key, names) || has}`;
}

type Named = Extract<Argument, { kind: 'named' }>;

/** A word that no schema lists, though it lists all that there are. */
function unlisted({ op, value, isNegated, text }: Leaf, named: readonly Named[]): string | undefined {
  if ((op !== 'eq' && op !== 'in') || isNegated) return undefined;
  const wanted = op === 'in' && isArray(value) ? value : [value];
  const lists = named.map(listedValues);
  const listed = lists.flatMap((list) => list ?? []);
  const odd = wanted.find((one) => one !== null && !listed.some((known) => equal(known, one, 'exact') === TRUE));
  if (odd === undefined || lists.includes(undefined)) return undefined;
  const words = listed.filter((one) => typeof one === 'string');
  const has = `; it lists ${shown(listed)}`;
  return `the inputSchema does not list ${JSON.stringify(odd)} for ${quoted(text)}${typeof odd === 'string' ? didYouMean(odd, words) || has : has}`;
}

function shown(values: readonly Json[]): string {
  const texts = values.slice(0, 8).map((value) => JSON.stringify(value));
  return values.length > 8 ? `${texts.join(', ')} …` : texts.join(', ');
}

/** In what refuses or asks, a bound beyond the schema's may be meant for callers that do not keep to it. */
function isOutside({ purpose }: Clause, leaf: Leaf, argument: Named): boolean {
  const isStrict = purpose === 'require';
  if (!isStrict && (leaf.isNegated || GUARDS.includes(leaf.op))) return false;
  const known = isStrict ? argument : { ...argument, schema: {} };
  if (known.types === undefined && !isStrict) return false;
  const values = [...(listedValues(known) ?? []), ...boundsOf(argument)];
  const samples = samplesFor([leaf], values)?.filter((sample) => isPresent(sample) && allows(known, sample));
  if (samples === undefined || samples.length === 0) return false;
  const answers = samples.map((sample) => foresee(leaf, sample));
  if (isStrict) return !leaf.isNegated && leaf.op !== 'exists' && answers.every((one) => (one & HOLDS) === 0);
  return answers.every((one) => one === FAILS) || answers.every((one) => one === UNSURE);
}

function boundsOf({ schema }: Named): readonly number[] {
  const bounds = [schema['minimum'], schema['maximum'], schema['exclusiveMinimum'], schema['exclusiveMaximum']];
  return bounds.flatMap((bound) =>
    typeof bound === 'number' ? [bound, bound + 0.5, bound + 1, bound - 0.5, bound - 1] : [],
  );
}

function outside({ purpose }: Clause, leaf: Leaf, tool: KnownTool, argument: Named): string {
  const types = argument.types === undefined ? '' : ` (${[...argument.types].join(' or ')})`;
  const known = `no value that the inputSchema of ${quoted(tool.name)} allows for ${quoted(leaf.text)}${types} satisfies ${said(leaf)}`;
  if (purpose === 'require') return `${known}, so such calls are refused; write a value that it allows`;
  return `${known}; write a value of that type, without coercion`;
}

/** What is counted by an argument that is not there, or is no number, is refused. */
function ofLimits({ source, pointer, tools }: RuleSet): readonly Warning[] {
  return elementsOf(source, pointer, 'limits').flatMap(({ source: limit, pointer: place }) =>
    (['amount', 'per'] as const).flatMap((key): readonly Warning[] => {
      const text = limit[key];
      const path = typeof text === 'string' ? readPath(text) : undefined;
      if (typeof path !== 'object' || path.root !== 'args' || typeof text !== 'string') return [];
      const where = below(place, key);
      for (const { name, inputSchema } of tools ?? []) {
        const argument = argumentAt(inputSchema, path.steps);
        const so = `every call of ${quoted(name)} that the limit counts is refused`;
        if (argument.kind === 'missing' && argument.beside === 'closed') {
          const has = `it has ${argument.names.slice(0, 8).join(', ') || 'none'}`;
          const message = `the inputSchema of ${quoted(name)} does not name the argument of ${quoted(text)}, so ${so}; ${has}`;
          return [{ pointer: where, code: 'no-such-argument', message }];
        }
        if (argument.kind !== 'named' || key !== 'amount' || argument.types === undefined) continue;
        if (argument.types.has('number') || argument.types.has('integer')) continue;
        const message = `${quoted(text)} of ${quoted(name)} is no number in its inputSchema (${[...argument.types].join(' or ')}), so ${so}; name a number, or leave "amount" out`;
        return [{ pointer: where, code: 'value-outside-schema', message }];
      }
      return [];
    }),
  );
}
