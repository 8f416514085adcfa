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

export function holdsName(names: Names, name: string): boolean {
  return names.exact.has(name) || names.patterns.some((pattern) => matches(pattern, name));
}
