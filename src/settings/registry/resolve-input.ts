import { quoted } from '../../policy/problem.ts';
import type { Part } from './part.ts';
import type { RegistryInput } from './registry-server.ts';

/** What filling in the values of one server gathers. */
export interface Filling {
  /** What the user said, by the keys of inputs and variables. */
  readonly given: ReadonlyMap<string, string>;
  /** Of these the keys that were asked for. */
  readonly used: Set<string>;
  /** The name of the variable of the environment from which a secret comes. */
  variableFor(key: string): string;
  /** What stands in the way; whole sentences without the full stop. */
  readonly faults: string[];
  readonly warnings: string[];
}

/** The value of an input: what its author fixed, what the user gave, a place for a secret, or what is taken otherwise. Undefined: it is left out. */
export function resolveInput(filling: Filling, input: RegistryInput): readonly Part[] | undefined {
  if (input.value !== undefined) return filledIn(filling, input, input.value, input.variables);
  const given = filling.given.get(input.key);
  if (given !== undefined) return takeGiven(filling, input, given);
  if (input.isSecret) return input.isRequired ? [placeFor(filling, input)] : undefined;
  if (input.default !== undefined) return [checked(filling, input, input.default)];
  if (!input.isRequired) return undefined;
  const choices = input.choices.length === 0 ? '' : ` (one of ${input.choices.map(quoted).join(', ')})`;
  filling.faults.push(`${quoted(input.key)} needs a value${choices}: --set ${input.key}=VALUE`);
  return undefined;
}

/** Fills `{variables}` in; braces that name none stay as they are. */
export function filledIn(
  filling: Filling,
  input: Pick<RegistryInput, 'pointer' | 'key' | 'isSecret'>,
  text: string,
  variables: ReadonlyMap<string, RegistryInput>,
): readonly Part[] {
  const parts: Part[] = [];
  let at = 0;
  for (const match of text.matchAll(/\{([^{}]+)\}/g)) {
    const variable = variables.get(match[1] ?? '');
    if (variable === undefined) continue;
    parts.push(checked(filling, input, text.slice(at, match.index)));
    // A variable of a variable is no part of the format: its value is text.
    const value = resolveInput(filling, { ...variable, isRequired: true, variables: new Map() }) ?? [];
    parts.push(...value);
    at = match.index + match[0].length;
  }
  // What is marked as a secret is not repeated, although it is written down in public.
  if (input.isSecret && at === 0) return [placeFor(filling, input)];
  return [...parts, checked(filling, input, text.slice(at))];
}

function takeGiven(filling: Filling, input: RegistryInput, given: string): readonly Part[] | undefined {
  const { key, choices, format } = input;
  filling.used.add(key);
  if (input.isSecret) {
    filling.faults.push(
      `${quoted(key)} is a secret, and others can read a command line: leave --set out, the entry names a variable of the environment for it`,
    );
    return undefined;
  }
  if (choices.length > 0 && !choices.includes(given)) {
    filling.faults.push(`${quoted(key)} must be one of ${choices.map(quoted).join(', ')}`);
  }
  if (format === 'number' && !/^-?\d+(?:\.\d+)?$/.test(given)) filling.faults.push(`${quoted(key)} must be a number`);
  if (format === 'boolean' && given !== 'true' && given !== 'false') {
    filling.faults.push(`${quoted(key)} must be true or false`);
  }
  return [checked(filling, input, given)];
}

function placeFor(filling: Filling, { key }: Pick<RegistryInput, 'key'>): Part {
  return { kind: 'variable', name: filling.variableFor(key) };
}

function checked(filling: Filling, { pointer, key }: Pick<RegistryInput, 'pointer' | 'key'>, text: string): Part {
  if (/\p{Cc}/u.test(text)) filling.faults.push(`${pointer}: the value of ${quoted(key)} holds a control character`);
  return { kind: 'text', text };
}
