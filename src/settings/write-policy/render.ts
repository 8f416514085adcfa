import { isArray, isObject, type Json } from '../../wire/json.ts';

/** Longer lines are broken. */
const WIDTH = 120;

/** How values are written: where lines go on, one step inwards, and what ends a line. */
export interface Manner {
  readonly indent: string;
  readonly unit: string;
  readonly eol: string;
}

/** The value in brackets: on one line where it fits behind what stands before it, else member by member. */
export function rendered(value: Json, manner: Manner, column: number): string {
  const line = onOneLine(value);
  if (column + line.length <= WIDTH || (!isArray(value) && !isObject(value))) return line;
  const { indent, unit, eol } = manner;
  const inner: Manner = { ...manner, indent: indent + unit };
  const parts = isArray(value)
    ? value.map((one) => rendered(one, inner, inner.indent.length))
    : Object.entries(value).map(
        ([key, one]) => `${JSON.stringify(key)}: ${rendered(one, inner, inner.indent.length + key.length + 4)}`,
      );
  const body = parts.map((part) => `${inner.indent}${part}`).join(`,${eol}`);
  return isArray(value) ? `[${eol}${body}${eol}${indent}]` : `{${eol}${body}${eol}${indent}}`;
}

function onOneLine(value: Json): string {
  if (isArray(value)) return `[${value.map(onOneLine).join(', ')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const parts = Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}: ${onOneLine(one)}`);
  return parts.length === 0 ? '{}' : `{ ${parts.join(', ')} }`;
}
