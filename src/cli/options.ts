import { parseArgs } from 'node:util';
import { didYouMean } from '../policy/nearest.ts';
import { quoted } from '../policy/problem.ts';

/** `text` takes a value, `texts` one each time it stands there, `flag` none. */
export type OptionKinds = Readonly<Record<string, 'text' | 'texts' | 'flag'>>;

/** The letters that stand for options: `-f` for `--follow`. */
export type ShortOptions = Readonly<Record<string, string>>;

/** A command line whose every option is known, and stands at most once if it is not made to be repeated. */
export interface Options {
  readonly texts: ReadonlyMap<string, string>;
  /** Values of options that may be repeated, in their order; none for those that are not there. */
  readonly lists: ReadonlyMap<string, readonly string[]>;
  readonly flags: ReadonlySet<string>;
  /** What is neither option nor value. */
  readonly words: readonly string[];
  /** What stands after `--`; undefined without one. */
  readonly rest: readonly string[] | undefined;
}

/** A command line that cannot be followed; the message is one line without the name of the command. */
export class UsageFault extends Error {
  override name = 'UsageFault';
}

/** Reads the arguments of one command. Throws `UsageFault`. */
export function readOptions(args: readonly string[], kinds: OptionKinds, short: ShortOptions = {}): Options {
  const end = args.indexOf('--');
  const before = end < 0 ? args : args.slice(0, end);
  const texts = new Map<string, string>();
  const lists = new Map<string, string[]>();
  const flags = new Set<string>();
  const words: string[] = [];
  for (const token of tokensOf(before, kinds, short)) {
    if (token.kind === 'positional') words.push(token.value);
    if (token.kind !== 'option') continue;
    const { name, rawName } = token;
    const isWritten = rawName.startsWith('--') || Object.hasOwn(short, rawName.slice(1));
    const kind = isWritten && Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (kind === undefined) throw new UsageFault(`unknown option ${quoted(rawName)}${near(rawName, kinds)}`);
    if (texts.has(name) || flags.has(name)) throw new UsageFault(`${rawName} stands twice`);
    if (kind !== 'flag') {
      const value = textValue(rawName, token.value, token.inlineValue);
      if (kind === 'text') texts.set(name, value);
      else lists.set(name, [...(lists.get(name) ?? []), value]);
    } else if (token.value === undefined) flags.add(name);
    else throw new UsageFault(`${rawName} takes no value`);
  }
  return { texts, lists, flags, words, rest: end < 0 ? undefined : args.slice(end + 1) };
}

function tokensOf(args: readonly string[], kinds: OptionKinds, short: ShortOptions): Tokens {
  const letters = new Map(Object.entries(short).map(([letter, name]) => [name, letter]));
  const options = Object.entries(kinds).map(([name, kind]) => {
    const letter = letters.get(name);
    const type = kind === 'flag' ? ('boolean' as const) : ('string' as const);
    return [name, letter === undefined ? { type } : { type, short: letter }] as const;
  });
  // Not strict: the parser's own faults are whole paragraphs, and it would keep the last of two equal options.
  return parseArgs({ args: [...args], options: Object.fromEntries(options), strict: false, tokens: true }).tokens;
}

type Tokens = NonNullable<ReturnType<typeof parseArgs<{ tokens: true; strict: false }>>['tokens']>;

function textValue(rawName: string, value: string | undefined, inline: boolean | undefined): string {
  if (value === undefined || value === '') throw new UsageFault(`${rawName} needs a value`);
  if (inline !== true && value.length > 1 && value.startsWith('-')) {
    throw new UsageFault(`${rawName} needs a value; if ${quoted(value)} is meant, write ${rawName}=${value}`);
  }
  return value;
}

function near(rawName: string, kinds: OptionKinds): string {
  return didYouMean(
    rawName,
    Object.keys(kinds).map((name) => `--${name}`),
  );
}
