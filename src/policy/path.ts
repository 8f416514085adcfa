import { didYouMean } from './nearest.ts';
import { quoted } from './problem.ts';

export type Step =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'each' };

/** Where a condition looks. */
export type Path =
  /** Without steps: all arguments together, as one object. */
  | { readonly root: 'args'; readonly steps: readonly Step[] }
  | { readonly root: 'fact'; readonly fact: FactName }
  | { readonly root: 'label'; readonly label: string }
  | { readonly root: 'annotations'; readonly steps: readonly Step[] }
  /** How many calls of a tool were let through for the grant, or within the session. */
  | { readonly root: 'calls'; readonly of: 'grant' | 'session'; readonly tool: string };

export type FactName =
  | 'tool.name'
  | 'tool.class'
  | 'grant.name'
  | 'grant.owner'
  | 'client.name'
  | 'client.version'
  | 'time.hour'
  | 'time.weekday'
  | 'time.date';

/** Facts that have a name of their own. */
export const FACTS: readonly FactName[] = [
  'tool.name',
  'tool.class',
  'grant.name',
  'grant.owner',
  'client.name',
  'client.version',
  'time.hour',
  'time.weekday',
  'time.date',
];
const ROOTS: readonly string[] = ['args', 'tool', 'grant', 'client', 'time', 'session'];
const BESIDE: readonly string[] = ['grant.labels', 'tool.annotations', 'grant.calls', 'session.calls'];
const MAX_PATH = 1_000;
const MAX_STEPS = 32;

/** Reads a path such as `args.items[*]["unit price"]`; a text says why it is none. */
export function readPath(text: string): Path | string {
  if (text.length > MAX_PATH) return `the path is longer than ${MAX_PATH} characters`;
  const root = /^[A-Za-z]+/.exec(text)?.[0] ?? '';
  if (!ROOTS.includes(root)) {
    return `unknown root in the path ${quoted(text)}${didYouMean(root, ROOTS) || '; begin with args, tool, grant, client, time or session'}`;
  }
  const steps = readSteps(text, root.length);
  if (typeof steps === 'string') return steps;
  if (steps.length > MAX_STEPS) return `the path has more than ${MAX_STEPS} steps`;
  return root === 'args' ? { root, steps } : factPath(text, root, steps);
}

function factPath(text: string, root: string, steps: readonly Step[]): Path | string {
  const [first, second, ...more] = steps;
  const name = first?.kind === 'key' ? `${root}.${first.key}` : root;
  const isOne = second?.kind === 'key' && more.length === 0;
  switch (name) {
    case 'grant.labels':
      if (isOne) return { root: 'label', label: second.key };
      return `the path ${quoted(text)} must name one label; write grant.labels.name`;
    case 'grant.calls':
    case 'session.calls':
      if (isOne) return { root: 'calls', of: name === 'grant.calls' ? 'grant' : 'session', tool: second.key };
      return `the path ${quoted(text)} must name one tool; write ${name}["tool_name"]`;
    case 'tool.annotations':
      if (second !== undefined) return { root: 'annotations', steps: [second, ...more] };
      return `the path ${quoted(text)} must name an annotation; write tool.annotations.readOnlyHint`;
  }
  const fact = FACTS.find((known) => known === name);
  const known = [...FACTS, ...BESIDE];
  if (fact === undefined) {
    const siblings = known.filter((candidate) => candidate.startsWith(`${root}.`));
    return `unknown path ${quoted(text)}${didYouMean(name, known) || `; ${root} has ${siblings.join(', ')}`}`;
  }
  return second === undefined
    ? { root: 'fact', fact }
    : `the path ${quoted(text)} goes on after ${fact}, which holds nothing`;
}

function readSteps(text: string, from: number): readonly Step[] | string {
  const steps: Step[] = [];
  let at = from;
  while (at < text.length) {
    const rest = text.slice(at);
    const found = readStep(rest);
    if (found === undefined) {
      return `cannot read the path ${quoted(text)} at ${quoted(rest)}; steps are .name ["any key"] [0] [*]`;
    }
    steps.push(found.step);
    at += found.length;
  }
  return steps;
}

function readStep(rest: string): { readonly step: Step; readonly length: number } | undefined {
  if (rest.startsWith('[*]')) return { step: { kind: 'each' }, length: 3 };
  // A bare number after a dot could mean an element or a key: only [0] and ["0"] say which.
  const name = /^\.(?!\d+(?:[.[]|$))([^\s.[\]"'*\\]+)/.exec(rest);
  if (name?.[1] !== undefined) return { step: { kind: 'key', key: name[1] }, length: name[0].length };
  const index = /^\[(0|[1-9]\d{0,8})\]/.exec(rest);
  if (index !== null) return { step: { kind: 'index', index: Number(index[1]) }, length: index[0].length };
  const key = /^\[("(?:[^"\\]|\\.)*")\]/.exec(rest);
  if (key?.[1] === undefined) return undefined;
  const unquoted = readKey(key[1]);
  return unquoted === undefined ? undefined : { step: { kind: 'key', key: unquoted }, length: key[0].length };
}

function readKey(json: string): string | undefined {
  try {
    const key: unknown = JSON.parse(json);
    return typeof key === 'string' ? key : undefined;
  } catch {
    return undefined;
  }
}
