import { isArray, isObject, type Json } from '../../wire/json.ts';
import { TRUE, type Truth, UNKNOWN } from '../truth.ts';
import type { Allowance } from './kinds.ts';
import { OPERATOR_WORDS, PURE_FUNCTIONS, PURE_OPERATORS, PURE_TYPES } from './postgres-names.ts';
import { EXPLAIN_OPTIONS, SAMPLINGS } from './postgres-statements.ts';

/** The words of a name such as `pg_catalog.lower`; undefined if something else stands among them. */
export function wordsOf(value: Json | undefined): readonly string[] | undefined {
  if (!isArray(value)) return undefined;
  const words = value.flatMap((part) => wordOf(part) ?? []);
  return words.length === value.length ? words : undefined;
}

/** The text of a wrapped `String`. */
export function wordOf(value: Json | undefined): string | undefined {
  const wrapped = isObject(value) ? value['String'] : undefined;
  if (!isObject(wrapped)) return undefined;
  // An empty text is left out of the tree, as every value that is the default of its type.
  const text = wrapped['sval'] ?? '';
  return typeof text === 'string' ? text : undefined;
}

/** Whether a function may be called. A call that the author did not foresee cannot be judged: nobody here knows what it does. */
export function judgeFunction(words: readonly string[] | undefined, allowance: Allowance): Truth {
  return judgeName(words, PURE_FUNCTIONS, allowance);
}

/** Whether a value may be cast to a type; the input of a type that is not built in is a function like others. */
export function judgeType(words: readonly string[] | undefined, allowance: Allowance): Truth {
  return judgeName(words, PURE_TYPES, allowance);
}

/** Whether an operator may be used; one with an unknown name is a function like others. */
export function judgeOperator(words: readonly string[] | undefined, allowance: Allowance): Truth {
  const [word] = words ?? [];
  if (words?.length === 1 && word !== undefined && OPERATOR_WORDS.has(word)) return TRUE;
  return judgeName(words, PURE_OPERATORS, allowance);
}

function judgeName(words: readonly string[] | undefined, pure: ReadonlySet<string>, allowance: Allowance): Truth {
  // Quoted, a name can hold a dot of its own: "public.f" is no function of the schema public.
  if (words === undefined || words.some((word) => word.includes('.'))) return UNKNOWN;
  if (allowance.names.has(words.join('.'))) return TRUE;
  const [first, second] = words;
  if (first === undefined || words.length > 2) return UNKNOWN;
  if (second === undefined) return pure.has(first) ? TRUE : UNKNOWN;
  return first === 'pg_catalog' && pure.has(second) ? TRUE : UNKNOWN;
}

/** Whether a sample is taken in a built-in way. */
export function judgeSampling(words: readonly string[] | undefined): Truth {
  const [word] = words ?? [];
  return words?.length === 1 && word !== undefined && SAMPLINGS.has(word) ? TRUE : UNKNOWN;
}

/** Whether EXPLAIN is asked only for what it does by itself. */
export function judgeOptions(options: Json): Truth {
  if (!isArray(options)) return UNKNOWN;
  for (const option of options) {
    const wrapped = isObject(option) ? option['DefElem'] : undefined;
    const name = isObject(wrapped) ? wrapped['defname'] : undefined;
    if (typeof name !== 'string' || !EXPLAIN_OPTIONS.has(name)) return UNKNOWN;
  }
  return TRUE;
}
