import type { Problem } from '../../policy/problem.ts';
import { elements, type Item, member, type Reading, say } from '../reading.ts';
import type { CallCase, Case, DocumentCase, Earlier, Step } from './case.ts';
import { onlyKeys, textIn } from './fields.ts';
import { readAsked, readEarlier } from './read-step.ts';
import { readWant } from './read-want.ts';
import { SURROUNDING_KEYS, type Surroundings, surroundingsIn } from './surroundings.ts';

/** What holds for a case unless it says otherwise. */
export interface Around {
  readonly surroundings: Surroundings;
  readonly policy: Item | undefined;
  readonly baseline: Item | undefined;
  readonly tools: Item | undefined;
}

const DOCUMENT_KEYS = ['name', 'description', 'policy', 'problems'];
const CALL_KEYS = [
  ...['name', 'description', 'policy', 'baseline', 'tools', 'classes', ...SURROUNDING_KEYS],
  ...['call', 'earlier', 'want'],
];

/** Reads one case: with `problems` it is about a document, else about a call. */
export function readCase(reading: Reading, item: Item, around: Around): Case | undefined {
  const problems = member(item, 'problems');
  if (!onlyKeys(reading, item, problems === undefined ? CALL_KEYS : DOCUMENT_KEYS)) return undefined;
  const name = textIn(reading, item, 'name');
  if (member(item, 'name') === undefined) say(reading, item.pointer, '"name" is missing: what does the case show?');
  const read = problems === undefined ? callCase(reading, item, around) : documentCase(reading, item, problems);
  return name === undefined || read === undefined ? undefined : { ...read, name };
}

function callCase(reading: Reading, item: Item, around: Around): CallCase | undefined {
  const surroundings = surroundingsIn(reading, item, around.surroundings);
  const policy = member(item, 'policy') ?? around.policy;
  if (policy === undefined)
    say(reading, item.pointer, '"policy" is missing; name it here, above the cases, or by --policy');
  const call = required(reading, item, 'call', 'such as {tool: read_file}');
  const asked = call && readAsked(reading, call, surroundings, item);
  const wanted = required(reading, item, 'want', 'such as deny');
  const want = wanted && readWant(reading, wanted);
  const before = asked === undefined ? surroundings : knowing(surroundings, asked);
  const earlier = elements(reading, member(item, 'earlier')).flatMap((one) => {
    return readEarlier(reading, one, before, surroundings.at) ?? [];
  });
  if (policy === undefined || asked === undefined || want === undefined) return undefined;
  const baseline = orNone(member(item, 'baseline') ?? around.baseline);
  const tools = orNone(member(item, 'tools') ?? around.tools);
  const { pointer } = item;
  return { kind: 'call', name: '', pointer, policy, baseline, tools, earlier: inOrder(earlier), asked, want };
}

/** The class that a case gives its call is that of the tool, and so holds for earlier calls of it. */
function knowing(surroundings: Surroundings, { read, class: riskClass }: Step): Surroundings {
  if (read.kind === 'fault') return surroundings;
  return { ...surroundings, classes: new Map(surroundings.classes).set(read.call.name, riskClass) };
}

function documentCase(reading: Reading, item: Item, told: Item): DocumentCase | undefined {
  const problems = elements(reading, told).map((one) => problemOf(reading, one));
  if (problems.length === 0) say(reading, told.pointer, 'names no problem; a document that loads needs no "problems"');
  const policy = required(reading, item, 'policy', 'the document that must not load');
  return policy && { kind: 'document', name: '', pointer: item.pointer, policy, problems };
}

function problemOf(reading: Reading, item: Item): Problem {
  onlyKeys(reading, item, ['pointer', 'message']);
  return {
    pointer: textIn(reading, item, 'pointer') ?? '*',
    message: textIn(reading, item, 'message') ?? '',
  };
}

function required(reading: Reading, item: Item, key: string, example: string): Item | undefined {
  return member(item, key) ?? say(reading, item.pointer, `"${key}" is missing: ${example}`);
}

/** A case takes away what stands above by `null`. */
function orNone(item: Item | undefined): Item | undefined {
  return item === undefined || item.value === null ? undefined : item;
}

function inOrder(earlier: readonly Earlier[]): readonly Earlier[] {
  return earlier.toSorted((one, other) => one.at - other.at);
}
