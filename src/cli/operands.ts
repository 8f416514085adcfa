import { quoted } from '../policy/problem.ts';
import { type Options, UsageFault } from './options.ts';

/** The one word that a command takes beside its options; `what` names it in the fault. */
export function onlyWord(options: Options, what: string): string {
  const [word, second] = [...options.words, ...(options.rest ?? [])];
  if (word === undefined || word === '') throw new UsageFault(`${what} is missing`);
  if (second !== undefined) throw new UsageFault(`one ${what} only: ${quoted(second)} is too much`);
  return word;
}

/** For commands that take none. */
export function noWords(options: Options): void {
  const [word] = [...options.words, ...(options.rest ?? [])];
  if (word !== undefined) throw new UsageFault(`${quoted(word)} is too much`);
}

/** A whole number as an option gives it, within bounds. */
export function numberOption(options: Options, name: string, otherwise: number, least: number, most: number): number {
  const text = options.texts.get(name);
  if (text === undefined) return otherwise;
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new UsageFault(`--${name} must be a whole number from ${least} to ${most}, not ${quoted(text)}`);
}
