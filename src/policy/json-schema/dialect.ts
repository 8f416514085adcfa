import type { Json } from '../../wire/json.ts';
import { quoted } from '../problem.ts';
import { Stop } from './stop.ts';

/** What the dialects of JSON Schema read differently. */
export interface Dialect {
  /** Whether keywords beside `$ref` count. */
  readonly besideRef: 'counts' | 'ignored';
  /** Whether `items` may be an array, one schema for each place. */
  readonly tuples: 'items' | 'prefixItems';
  /** Whether what `contains` finds is evaluated, as `unevaluatedItems` sees it. */
  readonly contained: 'evaluated' | 'not evaluated';
  /** The keyword that gives a schema an address. */
  readonly id: '$id' | 'id';
}

const DRAFTS_4_TO_7: Dialect = { besideRef: 'ignored', tuples: 'items', contained: 'evaluated', id: '$id' };

const DIALECTS: ReadonlyMap<string, Dialect> = new Map([
  [
    'json-schema.org/draft/2020-12/schema',
    { besideRef: 'counts', tuples: 'prefixItems', contained: 'evaluated', id: '$id' },
  ],
  [
    'json-schema.org/draft/2019-09/schema',
    { besideRef: 'counts', tuples: 'items', contained: 'not evaluated', id: '$id' },
  ],
  ['json-schema.org/draft-07/schema', DRAFTS_4_TO_7],
  ['json-schema.org/draft-06/schema', DRAFTS_4_TO_7],
  ['json-schema.org/draft-04/schema', { ...DRAFTS_4_TO_7, id: 'id' }],
]);

/** Without `$schema` it is 2020-12, and tuples may be written in the older way: many servers say nothing and do. */
const UNSAID: Dialect = { besideRef: 'counts', tuples: 'items', contained: 'evaluated', id: '$id' };

export function readDialect(uri: Json | undefined): Dialect {
  if (uri === undefined) return UNSAID;
  if (typeof uri !== 'string') throw new Stop('$schema must be a string');
  const known = DIALECTS.get(uri.replace(/^https?:\/\//, '').replace(/#$/, ''));
  if (known === undefined)
    throw new Stop(`unknown dialect ${quoted(uri)}; 2020-12, 2019-09 and draft-07 to 04 are known`);
  return known;
}
