import { isArray, isObject, type Json, type JsonObject } from '../../wire/json.ts';
import { code, type Line } from './page.ts';

const MOST = 40;
const MOST_WORDS = 8;

/** A row for each parameter of a tool: its name, whether it must be there, and what it may be. */
export function parameterRows(definition: JsonObject): readonly (readonly Line[])[] {
  const schema = definition['inputSchema'];
  const properties = isObject(schema) ? schema['properties'] : undefined;
  if (!isObject(schema) || !isObject(properties)) return [];
  const required = new Set(isArray(schema['required']) ? schema['required'] : []);
  const entries = Object.entries(properties);
  const rows = entries
    .slice(0, MOST)
    .map(([name, value]): readonly Line[] => [[code(name)], [required.has(name) ? 'yes' : 'no'], kindLine(value)]);
  const left = entries.length - rows.length;
  return left > 0 ? [...rows, [[`and ${left} more`], [''], ['']]] : rows;
}

function kindLine(schema: Json): Line {
  if (!isObject(schema)) return ['anything'];
  return [kindOf(schema), ...choicesIn(schema), ...boundsIn(schema)];
}

function kindOf(schema: JsonObject): string {
  const { type, items, anyOf, oneOf } = schema;
  if (type === 'array' && isObject(items) && typeof items['type'] === 'string') return `array of ${items['type']}`;
  if (typeof type === 'string') return type;
  if (isArray(type)) return type.map(String).join(' or ');
  const ways = isArray(anyOf) ? anyOf : oneOf;
  if (isArray(ways)) return [...new Set(ways.filter(isObject).map(kindOf))].join(' or ');
  return schema['enum'] === undefined && schema['const'] === undefined ? 'anything' : 'one of a few';
}

function choicesIn(schema: JsonObject): Line {
  const words = schema['enum'];
  if (!isArray(words)) return [];
  const shown = words
    .slice(0, MOST_WORDS)
    .flatMap((word, index): Line => [index === 0 ? ': ' : ', ', code(text(word))]);
  return words.length > MOST_WORDS ? [...shown, ` and ${words.length - MOST_WORDS} more`] : shown;
}

function boundsIn({ minimum, maximum, default: otherwise }: JsonObject): Line {
  return [
    ...(minimum === undefined ? [] : [`, at least ${text(minimum)}`]),
    ...(maximum === undefined ? [] : [`, at most ${text(maximum)}`]),
    ...(otherwise === undefined || otherwise === null ? [] : [', otherwise ', code(text(otherwise))]),
  ];
}

function text(value: Json): string {
  const written = typeof value === 'string' ? value : JSON.stringify(value);
  return written.length > 60 ? `${written.slice(0, 60).toWellFormed()}…` : written;
}
