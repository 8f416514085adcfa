import { quoted } from '../../policy/problem.ts';
import { configurationText, type Part, text } from './part.ts';
import type { RegistryArgument } from './registry-server.ts';
import { type Filling, resolveInput } from './resolve-input.ts';

/** A word of a command. */
export type Word = readonly Part[];

/** The words for the package's own program: each argument is one word, whatever is in it; `-x` with a value is two. */
export function packageWords(filling: Filling, given: readonly RegistryArgument[]): readonly Word[] {
  return given.flatMap((argument) => wordsFor(filling, argument));
}

function wordsFor(filling: Filling, argument: RegistryArgument): readonly Word[] {
  const { flag, pointer, key } = argument;
  if (flag === undefined) {
    const value = resolveInput(filling, argument);
    if (value === undefined) return [];
    if (beginsWithDash(value)) {
      filling.faults.push(
        `${pointer}: the value of ${quoted(key)} begins with a dash, and would be taken for an option`,
      );
    }
    noteSecret(filling, value, key);
    return [value];
  }
  if (!/^-{1,2}[A-Za-z0-9][A-Za-z0-9._-]*$/.test(flag)) {
    filling.faults.push(`${pointer}: ${quoted(flag)} is no name of an option, such as --port`);
    return [];
  }
  const value = resolveInput(filling, argument);
  if (value === undefined) return isSwitch(argument) ? [[text(flag)]] : [];
  noteSecret(filling, value, key);
  if (flag.startsWith('--')) return [[text(`${flag}=`), ...value]];
  if (beginsWithDash(value)) filling.faults.push(`${pointer}: the value of ${quoted(flag)} begins with a dash`);
  return [[text(flag)], value];
}

/** An option that says nothing of a value is given as it is. */
function isSwitch({ isRequired, isSecret, choices, format }: RegistryArgument): boolean {
  return !isRequired && !isSecret && choices.length === 0 && format === 'string';
}

function noteSecret(filling: Filling, value: Word, key: string): void {
  if (!value.some(({ kind }) => kind === 'variable')) return;
  filling.warnings.push(
    `${quoted(key)} is a secret and stands among the arguments of the command, which other processes of this machine can read`,
  );
}

/** What it begins with, behind variables that were filled in. */
function beginsWithDash(word: Word): boolean {
  return configurationText(word)?.startsWith('-') === true;
}
