import { isArray, isObject, type Json, type JsonObject } from '../../wire/json.ts';
import type { Purpose } from '../condition.ts';
import { type Draft, newDraft } from '../draft.ts';
import type { ValueTest } from '../find.ts';
import type { Place } from '../look.ts';
import { valueTest } from '../operator.ts';
import { OPERATORS, type OperatorName } from '../operators.ts';
import { below } from '../problem.ts';
import { readOperation } from '../read-operation.ts';
import { readPlace } from '../read-place.ts';
import { NO_PARSERS } from '../sql/parsers.ts';
import type { RuleSet, Subject } from './rule-set.ts';

/** One comparison, with every `not` pushed down to it. */
export interface Leaf {
  readonly kind: 'leaf';
  readonly pointer: string;
  /** The path as written. */
  readonly text: string;
  readonly place: Place;
  /** Equal for comparisons of one and the same value. */
  readonly key: string;
  readonly op: OperatorName;
  readonly value: Json;
  readonly letters: 'as written' | 'any case';
  readonly isNegated: boolean;
  /** The operator's own answer, before `not`; undefined where it needs a parser that is not at hand. */
  readonly test: ValueTest | undefined;
}

export interface Group {
  readonly kind: 'all' | 'any';
  readonly pointer: string;
  readonly parts: readonly Tree[];
}

export type Tree = Leaf | Group;

/** The conditions of an entry of `require`, `deny_if` or `approve_if`, or those under which a limit counts. */
export interface Clause {
  readonly set: RuleSet;
  readonly purpose: Purpose;
  readonly pointer: string;
  readonly tree: Group;
}

const ENTRY_KEYS = ['require', 'deny_if', 'approve_if'] as const;

/** All clauses of a document, each once. */
export function clausesOf({ sets, policy }: Subject): readonly Clause[] {
  const draft = newDraft(policy.document, NO_PARSERS);
  return sets.flatMap((set) => [
    ...ENTRY_KEYS.flatMap((purpose) =>
      elementsOf(set.source, set.pointer, purpose).map(({ source, pointer }) => ({
        set,
        purpose,
        pointer,
        tree: treeOf(draft, source['conditions'], below(pointer, 'conditions'), purpose),
      })),
    ),
    ...elementsOf(set.source, set.pointer, 'limits').flatMap(({ source, pointer }) =>
      source['when'] === undefined
        ? []
        : [
            {
              set,
              purpose: 'when' as const,
              pointer,
              tree: treeOf(draft, source['when'], below(pointer, 'when'), 'when'),
            },
          ],
    ),
  ]);
}

export interface SourceElement {
  readonly source: JsonObject;
  readonly pointer: string;
}

/** The objects of an array under a key, with their places. */
export function elementsOf(owner: JsonObject, pointer: string, key: string): readonly SourceElement[] {
  const array = owner[key];
  if (!isArray(array)) return [];
  const place = below(pointer, key);
  return array.flatMap((source, index) => (isObject(source) ? [{ source, pointer: below(place, index) }] : []));
}

function treeOf(draft: Draft, conditions: Json | undefined, pointer: string, purpose: Purpose): Group {
  const parts = isArray(conditions) ? conditions : [];
  return {
    kind: 'all',
    pointer,
    parts: parts.flatMap((part, index) => readTree(draft, part, below(pointer, index), purpose, 'as it is')),
  };
}

function readTree(
  draft: Draft,
  source: Json,
  pointer: string,
  purpose: Purpose,
  sense: 'as it is' | 'negated',
): readonly Tree[] {
  if (!isObject(source)) return [];
  if (source['not'] !== undefined) {
    const inner = sense === 'negated' ? 'as it is' : 'negated';
    return readTree(draft, source['not'], below(pointer, 'not'), purpose, inner);
  }
  for (const form of ['all', 'any'] as const) {
    const members = source[form];
    if (!isArray(members)) continue;
    const place = below(pointer, form);
    const parts = members.flatMap((part, index) => readTree(draft, part, below(place, index), purpose, sense));
    return [{ kind: (form === 'all') === (sense === 'as it is') ? 'all' : 'any', pointer, parts }];
  }
  return readLeaf(draft, source, pointer, purpose, sense);
}

function readLeaf(
  draft: Draft,
  source: JsonObject,
  pointer: string,
  purpose: Purpose,
  sense: 'as it is' | 'negated',
): readonly Leaf[] {
  const place = readPlace(draft, source, pointer);
  const op = OPERATORS.find(({ name }) => name === source['op'])?.name;
  const { value, path } = source;
  if (place === undefined || op === undefined || value === undefined || typeof path !== 'string') return [];
  const operation = readOperation(draft, source, pointer, place.path);
  const letters = source['ignore_case'] === true ? 'any case' : 'as written';
  return [
    {
      kind: 'leaf',
      pointer,
      text: path,
      place,
      key: JSON.stringify([place.path, source['timezone'] ?? 'UTC', place.withinMs]),
      op,
      value,
      letters,
      isNegated: sense === 'negated',
      test: operation && valueTest(operation, purpose === 'require' ? 'exact' : 'wary'),
    },
  ];
}

/** All comparisons of a tree. */
export function leavesOf(tree: Tree): readonly Leaf[] {
  return tree.kind === 'leaf' ? [tree] : tree.parts.flatMap(leavesOf);
}

/** The argument's steps that a comparison looks along; undefined where it looks at something else. */
export function argumentSteps({ place: { path } }: Leaf): ArgumentSteps | undefined {
  return path.root === 'args' ? path.steps : undefined;
}

type ArgumentSteps = Extract<Place['path'], { root: 'args' }>['steps'];

/** The last name of a path, such as `url` in `args.target.url` and `args.url[0]`. */
export function lastName(leaf: Leaf): string | undefined {
  return argumentSteps(leaf)?.reduce<string | undefined>(
    (name, step) => (step.kind === 'key' ? step.key : name),
    undefined,
  );
}

/** A comparison as the author wrote it, shortened. */
export function said({ op, value, isNegated }: Leaf): string {
  const text = JSON.stringify(value);
  const shown = text.length > 60 ? `${text.slice(0, 60).toWellFormed()}…` : text;
  return `${isNegated ? 'not ' : ''}${op} ${shown}`;
}
