import { isArray, isObject, type Json, type JsonObject } from '../../wire/json.ts';
import { inEnglish, isForeign } from './languages.ts';
import { kindsOf, singular } from './objects.ts';
import { joined } from './phrases.ts';
import { folded, splitName } from './split-words.ts';

/** INVARIANT: of a definition no more is read than this, however long it is. */
const LONGEST_NAME = 200;
const LONGEST_TEXT = 4_000;
const MOST_PARAMETERS = 200;
const MOST_VALUES = 100;

export interface Parameter {
  readonly name: string;
  /** Its name's words. */
  readonly words: readonly string[];
  readonly types: readonly string[];
  readonly description: string;
  /** What it may be, where that is listed. */
  readonly values: readonly string[];
  readonly default: Json | undefined;
  readonly format: string | undefined;
  readonly isBound: boolean;
  readonly isRequired: boolean;
}

/** What is read of a definition. */
export interface ToolText {
  readonly name: string;
  readonly nameWords: readonly string[];
  readonly title: string;
  readonly description: string;
  readonly parameters: readonly Parameter[];
  /** How many parameters there are, read or not. */
  readonly parameterCount: number;
  readonly hints: { readonly isReadOnly: Json | undefined; readonly isDestructive: Json | undefined };
  /** The words of name, description and parameters, with their kinds (`@money`), for verbs that mean another thing near them. */
  readonly near: ReadonlySet<string>;
}

export function readTool(tool: JsonObject): ToolText {
  const name = textOf(tool['name'], LONGEST_NAME);
  const description = textOf(tool['description'], LONGEST_TEXT);
  const { parameters, count } = parametersOf(tool['inputSchema']);
  const annotations = isObject(tool['annotations']) ? tool['annotations'] : undefined;
  return {
    name,
    nameWords: joined(splitName(name)).map(singular),
    title: textOf(tool['title'], LONGEST_NAME),
    description,
    parameters,
    parameterCount: count,
    hints: { isReadOnly: annotations?.['readOnlyHint'], isDestructive: annotations?.['destructiveHint'] },
    near: nearOf(name, description, parameters),
  };
}

function nearOf(name: string, description: string, parameters: readonly Parameter[]): ReadonlySet<string> {
  const said = folded(description.slice(0, 400)).match(/[\p{L}\p{N}]+/gu) ?? [];
  const taken = parameters.flatMap(({ words }) => words);
  const words = [...joined(splitName(name)), ...said, ...taken];
  const near = new Set([...words, ...(isForeign(said) ? inEnglish(said) : [])].map(singular));
  for (const word of [...near]) for (const kind of kindsOf(word)) near.add(`@${kind}`);
  if (isReadOnlyByItsWords(description)) near.add('~readonly');
  return near;
}

const READ_ONLY =
  /\bread[- ]?only\b|\bselect (?:queries|query|statements?) only\b|\bonly select\b|\bselect (?:query|queries|statements?)\b|\b(?:does not|doesn't|never|cannot|will not|won't) (?:modify|change|alter|write|mutate)|\bwithout (?:modifying|changing|side effects)|\bno side effects\b/i;

/** `read-only` of a query: not where it depends on a mode, and not where it is denied. */
function isReadOnlyByItsWords(description: string): boolean {
  const found = READ_ONLY.exec(description.slice(0, 1_500));
  if (found === null) return false;
  const before = description.slice(Math.max(0, found.index - 30), found.index).toLowerCase();
  const after = description.slice(found.index, found.index + 60).toLowerCase();
  return (
    !/\b(?:not|non|or only|unlike|instead of|except|both|and|use \w+ for) ?(?:a )?$/.test(before) &&
    !/\b(?:when|if|mode|unless|unrestricted|by default)\b/.test(after)
  );
}

function parametersOf(schema: Json | undefined): { readonly parameters: readonly Parameter[]; readonly count: number } {
  const properties = isObject(schema) ? schema['properties'] : undefined;
  if (!isObject(schema) || !isObject(properties)) return { parameters: [], count: 0 };
  const required = isArray(schema['required']) ? schema['required'].slice(0, MOST_PARAMETERS) : [];
  const isRequired = new Set(required.filter((one) => typeof one === 'string'));
  // Sorted, so that the order of keys says nothing even where not all are read.
  const names = Object.keys(properties).sort();
  const read = names.slice(0, MOST_PARAMETERS).map((name) => parameterOf(name, properties[name], isRequired.has(name)));
  return { parameters: read, count: names.length };
}

function parameterOf(name: string, given: Json | undefined, isRequired: boolean): Parameter {
  const schema = isObject(given) ? given : {};
  const forms = [schema, ...formsOf(schema)];
  return {
    name: name.slice(0, LONGEST_NAME),
    words: joined(splitName(name.slice(0, LONGEST_NAME))),
    types: forms.flatMap((form) =>
      typeof form['type'] === 'string'
        ? [form['type']]
        : isArray(form['type'])
          ? form['type'].slice(0, 8).map(String)
          : [],
    ),
    description: textOf(schema['description'], 400),
    values: forms.flatMap(valuesOf).slice(0, MOST_VALUES),
    default: schema['default'],
    format: typeof schema['format'] === 'string' ? schema['format'] : undefined,
    isBound: forms.some(
      (form) => form['enum'] !== undefined || form['const'] !== undefined || form['pattern'] !== undefined,
    ),
    isRequired,
  };
}

/** The alternatives of a schema, and the elements of an array. */
function formsOf(schema: JsonObject): readonly JsonObject[] {
  const lists = [schema['anyOf'], schema['oneOf'], schema['allOf']].flatMap((list) =>
    isArray(list) ? list.slice(0, 20) : [],
  );
  return [...lists, schema['items']].filter((form) => form !== undefined).filter((form) => isObject(form));
}

function valuesOf(form: JsonObject): readonly string[] {
  const listed = isArray(form['enum']) ? form['enum'].slice(0, MOST_VALUES) : [];
  return [...listed, form['const']].filter((value) => typeof value === 'string').map((value) => value.slice(0, 80));
}

function textOf(value: Json | undefined, longest: number): string {
  return typeof value === 'string' ? value.slice(0, longest) : '';
}
