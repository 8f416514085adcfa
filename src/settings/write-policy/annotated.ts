import { below } from '../../policy/problem.ts';
import { isArray, isObject, type Json } from '../../wire/json.ts';
import { visible, visibleJson } from '../visible.ts';
import { type Manner, rendered } from './render.ts';

/** Longer comments are cut off. */
const MOST = 400;
const UNIT = '  ';

/**
 * The value as JSON with comments: the notes stand above what their JSON Pointer names, those of the empty one above all. Notes may hold
 * a stranger's text: none ends its line.
 */
export function annotatedJson(value: Json, notes: ReadonlyMap<string, readonly string[]>): string {
  const head = (notes.get('') ?? []).map((note) => `${commented(note)}\n`).join('');
  return `${head}${written(value, '', '', 0, notes)}\n`;
}

function written(
  value: Json,
  pointer: string,
  indent: string,
  column: number,
  notes: ReadonlyMap<string, readonly string[]>,
): string {
  const manner: Manner = { indent, unit: UNIT, eol: '\n' };
  const isNoted = pointer === '' || [...notes.keys()].some((place) => place.startsWith(`${pointer}/`));
  if (!isNoted || (!isArray(value) && !isObject(value))) return visibleLines(rendered(value, manner, column));
  const inner = indent + UNIT;
  const members = isArray(value)
    ? value.map((one, index) => ({ place: below(pointer, index), start: '', one }))
    : Object.entries(value).map(([key, one]) => ({
        place: below(pointer, key),
        start: `${visibleJson(JSON.stringify(key))}: `,
        one,
      }));
  const parts = members.map(({ place, start, one }, index) => {
    const above = (notes.get(place) ?? []).map((note) => `${inner}${commented(note)}\n`).join('');
    const comma = index < members.length - 1 ? ',' : '';
    return `${above}${inner}${start}${written(one, place, inner, inner.length + start.length, notes)}${comma}`;
  });
  const [open, close] = isArray(value) ? ['[', ']'] : ['{', '}'];
  return parts.length === 0 ? `${open}${close}` : `${open}\n${parts.join('\n')}\n${indent}${close}`;
}

/** JSON itself has no line breaks within texts. */
function visibleLines(json: string): string {
  return json.split('\n').map(visibleJson).join('\n');
}

function commented(note: string): string {
  const line = visible(note);
  return `// ${line.length > MOST ? `${line.slice(0, MOST).toWellFormed()}…` : line}`;
}
