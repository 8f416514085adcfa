import { isSecretKey } from '../policy/secrets/secret-key.ts';
import { readServerUrl } from '../settings/server-url.ts';
import { type HeaderOption, readHeaderOptions, replaced } from './header-options.ts';
import { type Options, UsageFault } from './options.ts';
import type { World, WrapTarget } from './world.ts';

export interface ReadTarget {
  readonly target: WrapTarget;
  /** What is visible to others and better were not, one line each. */
  readonly warnings: readonly string[];
}

/** The one server of a wrap: a command after `--`, or the URL of a remote one. Throws `UsageFault`. */
export function readWrapTarget({ texts, lists, words, rest }: Options, env: World['env']): ReadTarget {
  const typed = texts.get('url');
  const headers = lists.get('header') ?? [];
  if (typed === undefined) {
    if (headers.length > 0) throw new UsageFault('--header goes only with --url');
    return { target: { kind: 'command', command: commandAfterDashes(words, rest) }, warnings: [] };
  }
  if (words.length > 0 || rest !== undefined) {
    throw new UsageFault('either --url or a command after "--", not both');
  }
  const read = readServerUrl(replaced('--url', typed, env), '--header');
  if (read.kind === 'fault') throw new UsageFault(`--url ${read.reason}`);
  const options = readHeaderOptions(headers, env);
  const values = new Map(options.map(({ name, value }) => [name, value]));
  return {
    target: { kind: 'url', url: read.url.href, headers: values },
    warnings: [...visibleHeaders(options), ...visibleParameters(typed)],
  };
}

function commandAfterDashes(words: readonly string[], rest: readonly string[] | undefined): [string, ...string[]] {
  const [program, ...args] = rest ?? [];
  if (words.length > 0 || program === undefined || program === '') {
    throw new UsageFault(
      'the server\'s command must stand after "--", such as: -- npx -y some-server; for a remote server give --url URL',
    );
  }
  return [program, ...args];
}

function visibleHeaders(options: readonly HeaderOption[]): readonly string[] {
  return options
    .filter(({ name, typed }) => isBare(typed) && (isSecretKey(name, 'log') || /^(?:bearer|basic) /i.test(typed)))
    .map(({ name }) => visibleTo(`the value of --header ${name}`));
}

function visibleParameters(url: string): readonly string[] {
  const parameters = [...(URL.parse(url)?.searchParams ?? [])];
  return parameters
    .filter(([name, value]) => isBare(value) && (name === 'key' || isSecretKey(name, 'log')))
    .map(([name]) => visibleTo(`the parameter ${name} of --url`));
}

function isBare(typed: string): boolean {
  return typed !== '' && !typed.includes('${');
}

function visibleTo(what: string): string {
  const remedy = `put it into a variable, and write '\${NAME}' in its place`;
  return `${what} stands on the command line, where other processes can read it; ${remedy}`;
}
