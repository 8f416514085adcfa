import { isPattern, matches, type Pattern, readPattern } from './pattern.ts';

/** A set of names, some given by pattern. */
export interface Names {
  readonly exact: ReadonlySet<string>;
  readonly patterns: readonly Pattern[];
}

export function namesOf(texts: readonly string[]): Names {
  return {
    exact: new Set(texts.filter((text) => !isPattern(text))),
    patterns: [...new Set(texts.filter(isPattern))].map(readPattern),
  };
}

/** The name or pattern of the set that a name falls under; undefined where it falls under none. */
export function nameIn(names: Names, name: string): string | undefined {
  return names.exact.has(name) ? name : names.patterns.find((pattern) => matches(pattern, name))?.text;
}

export function holdsName(names: Names, name: string): boolean {
  return names.exact.has(name) || names.patterns.some((pattern) => matches(pattern, name));
}
