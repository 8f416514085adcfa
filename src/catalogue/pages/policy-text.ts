import { isArray, isObject, type Json, type JsonObject, objectOf } from '../../wire/json.ts';

const WIDTH = 110;

/** A policy that refuses all but one tool; `results`: what is masked in its answers. */
export function toolPolicy(name: string, rules: JsonObject, results: Json | undefined): JsonObject {
  return objectOf([
    ['version', '1'],
    ['default', 'deny'],
    ['tools', objectOf([[name, rules]])],
    ...(results === undefined ? [] : [['results', results] as const]),
  ]);
}

/** A policy to be read by people: what fits into a line stands in one. */
export function policyText(policy: JsonObject): string {
  return laidOut(policy, '');
}

function laidOut(value: Json, indent: string): string {
  const line = oneLine(value);
  // The document itself is always laid out.
  if (indent !== '' && line.length + indent.length <= WIDTH) return line;
  const inner = `${indent}  `;
  if (isArray(value) && value.length > 0) {
    return `[\n${value.map((one) => inner + laidOut(one, inner)).join(',\n')}\n${indent}]`;
  }
  if (isObject(value) && Object.keys(value).length > 0) {
    const members = Object.entries(value).map(([key, one]) => `${inner}${JSON.stringify(key)}: ${laidOut(one, inner)}`);
    return `{\n${members.join(',\n')}\n${indent}}`;
  }
  return line;
}

function oneLine(value: Json): string {
  if (isArray(value)) return `[${value.map(oneLine).join(', ')}]`;
  if (!isObject(value) || JSON.isRawJSON(value)) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}: ${oneLine(one)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}
