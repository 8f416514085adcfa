import type { Json } from '../../wire/json.ts';

export type Dialect = 'postgresql' | 'mysql' | 'sqlite';

/** Every dialect that a policy may name, whether or not a parser for it can be trusted. */
export const DIALECTS: readonly Dialect[] = ['postgresql', 'mysql', 'sqlite'];

/** Parses a text to the dialect's tree; undefined when it does not parse. Never throws. */
export type SqlParse = (text: string) => Json | undefined;

export type SqlParsers = { readonly [dialect in Dialect]?: SqlParse };

export const NO_PARSERS: SqlParsers = Object.freeze({});
