import type { JsonObject } from '../wire/json.ts';
import { SQL_KINDS } from './sql/kinds.ts';

export type OperatorName =
  | 'eq'
  | 'neq'
  | 'in'
  | 'not_in'
  | 'lt'
  | 'lte'
  | 'gt'
  | 'gte'
  | 'exists'
  | 'type'
  | 'regex'
  | 'not_regex'
  | 'contains'
  | 'not_contains'
  | 'starts_with'
  | 'ends_with'
  | 'length_lt'
  | 'length_lte'
  | 'length_gt'
  | 'length_gte'
  | 'url_host_in'
  | 'url_scheme_in'
  | 'path_within'
  | 'ip_in'
  | 'email_domain_in'
  | 'sql_only';

/** One operator of the language: what is checked, published as a schema and documented is this table. */
export interface Operator {
  readonly name: OperatorName;
  /** One sentence: what it tests. */
  readonly says: string;
  /** Whether `ignore_case` goes with it. */
  readonly mayIgnoreCase: boolean;
  /** The JSON Schema of its `value`. */
  readonly schema: JsonObject;
}

/** The names that `type` knows. */
export const TYPES: readonly string[] = ['string', 'number', 'integer', 'boolean', 'array', 'object', 'null'];

const ANY: JsonObject = {};
/** A text only where days are compared. */
const BOUND: JsonObject = { type: ['number', 'string'] };
const TEXT: JsonObject = { type: 'string' };
const LENGTH: JsonObject = { type: 'integer', minimum: 0 };
const TEXTS: JsonObject = { type: 'array', items: { type: 'string', minLength: 1 }, minItems: 1 };
const SQL: JsonObject = {
  type: 'object',
  properties: {
    kinds: { type: 'array', items: { enum: SQL_KINDS }, minItems: 1 },
    dialect: { enum: ['postgresql'] },
    functions: { type: 'array', items: { type: 'string', minLength: 1 } },
  },
  required: ['kinds', 'dialect'],
  additionalProperties: false,
};

/** Every operator of the language, in the order in which they are told. */
export const OPERATORS: readonly Operator[] = [
  exact('eq', 'The value equals this one, without coercion.', ANY),
  exact('neq', 'The value is there and does not equal this one.', ANY),
  exact('in', 'The value equals one of these.', { type: 'array' }),
  exact('not_in', 'The value is there and equals none of these.', { type: 'array' }),
  exact('lt', 'The number, or the day, is less than this one.', BOUND),
  exact('lte', 'The number, or the day, is at most this one.', BOUND),
  exact('gt', 'The number, or the day, is greater than this one.', BOUND),
  exact('gte', 'The number, or the day, is at least this one.', BOUND),
  exact('exists', 'There is a value that is not null; with false: there is none.', { type: 'boolean' }),
  exact('type', 'The value is of this JSON type; 5.0 is an integer, and integers are numbers.', { enum: TYPES }),
  lettered('regex', 'The text holds a match of this regular expression in RE2 syntax.', TEXT),
  lettered('not_regex', 'The text is there and holds no match of this regular expression.', TEXT),
  lettered('contains', 'The text holds this one, or the array holds this element.', ANY),
  lettered(
    'not_contains',
    'The text is there and does not hold this one, or the array does not hold this element.',
    ANY,
  ),
  lettered('starts_with', 'The text begins with this one.', TEXT),
  lettered('ends_with', 'The text ends with this one.', TEXT),
  exact('length_lt', 'The text, array or object has fewer characters, elements or keys than this.', LENGTH),
  exact('length_lte', 'The text, array or object has at most so many characters, elements or keys.', LENGTH),
  exact('length_gt', 'The text, array or object has more characters, elements or keys than this.', LENGTH),
  exact('length_gte', 'The text, array or object has at least so many characters, elements or keys.', LENGTH),
  exact(
    'url_host_in',
    'The host of the absolute URL is one of these; *.example.com stands for every host below it.',
    TEXTS,
  ),
  exact('url_scheme_in', 'The scheme of the absolute URL is one of these, such as https.', TEXTS),
  exact('path_within', 'The absolute path of a file is one of these folders, or lies in one of them.', {
    ...TEXTS,
    type: ['string', 'array'],
    minLength: 1,
  }),
  exact('ip_in', 'The IP address is one of these, or lies in one of these ranges such as 10.0.0.0/8.', TEXTS),
  exact(
    'email_domain_in',
    'The domain of the one e-mail address is one of these; *.example.com stands for every one below it.',
    TEXTS,
  ),
  exact('sql_only', 'The SQL text holds nothing but statements of these kinds.', SQL),
];

function exact(name: OperatorName, says: string, schema: JsonObject): Operator {
  return { name, says, mayIgnoreCase: false, schema };
}

function lettered(name: OperatorName, says: string, schema: JsonObject): Operator {
  return { name, says, mayIgnoreCase: true, schema };
}
