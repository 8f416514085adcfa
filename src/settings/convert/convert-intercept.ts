import { compilePolicy } from '../../policy/compile.ts';
import { below, type Problem, quoted } from '../../policy/problem.ts';
import { isObject, type Json, type JsonObject, objectOf } from '../../wire/json.ts';
import { arrayAt, type Conversion, checkKeys, newConversion, note, objectAt, refuse, textAt } from './conversion.ts';
import { convertRule, type Piece, type PieceKey } from './convert-rule.ts';
import { withOwnIds } from './own-ids.ts';
import { readRule } from './read-rule.ts';

export type Converted =
  | { readonly kind: 'policy'; readonly document: JsonObject; readonly notes: readonly Problem[] }
  | { readonly kind: 'problems'; readonly problems: readonly Problem[] };

/** Every call of a tool, as a key of Intercept; its counters bear the second name. */
const EVERY = '*';
const EVERY_SCOPE = '_global';
const PIECES: readonly PieceKey[] = ['deny_if', 'require', 'approve_if', 'limits'];

/**
 * Turns an Intercept policy into a policy of Toolgate that lets nothing more pass, or says all for which there is no equal.
 * Pointers lead into the Intercept document.
 */
export function convertIntercept(value: Json): Converted {
  const conversion = newConversion();
  if (!isObject(value)) {
    const message = 'must be an Intercept policy, such as {version: "1", tools: {}}';
    return { kind: 'problems', problems: [{ pointer: '', message }] };
  }
  const document = convertDocument(conversion, value);
  if (conversion.problems.length > 0) return { kind: 'problems', problems: conversion.problems };
  const compiled = compilePolicy(document, 'policy');
  if (compiled.kind === 'policy') return { kind: 'policy', document, notes: conversion.notes };
  const problems = compiled.problems.map((found) => ({ ...found, pointer: originOf(conversion, found.pointer) }));
  return { kind: 'problems', problems };
}

function convertDocument(conversion: Conversion, root: JsonObject): JsonObject {
  checkRootKeys(conversion, root);
  const version = root['version'];
  if (version !== '1') {
    refuse(conversion, version === undefined ? '' : '/version', 'Intercept policies have version: "1", in quotes');
  }
  const byDefault = readDefault(conversion, root);
  const description = textAt(conversion, root, '', 'description');
  const hide = readHide(conversion, root);
  const table = objectAt(conversion, root['tools'], '/tools', '{create_issue: {rules: []}}') ?? {};
  const tools: (readonly [string, JsonObject])[] = [];
  let everyTool: JsonObject | undefined;
  for (const name of Object.keys(table)) {
    const rules = convertTool(conversion, name, table[name] ?? null);
    if (name === EVERY) everyTool = rules;
    else tools.push([name, rules]);
  }
  return objectOf([
    ['version', '1'],
    ...(description === undefined ? [] : [['description', description] as const]),
    ['default', byDefault],
    // Intercept lists what it would refuse.
    ['list', 'all'],
    ...(hide.length === 0 ? [] : [['hide', hide] as const]),
    ...(everyTool === undefined || Object.keys(everyTool).length === 0 ? [] : [['all_tools', everyTool] as const]),
    ['tools', objectOf(tools)],
  ]);
}

function checkRootKeys(conversion: Conversion, root: JsonObject): void {
  if (root['approvals'] !== undefined && root['approvals'] !== null) {
    const remedy = 'leave it out, and write "approvals" of the new policy by hand';
    refuse(conversion, '/approvals', `how Intercept asks people has no equal; ${remedy}`);
  }
  checkKeys(conversion, root, '', ['version', 'description', 'default', 'hide', 'tools', 'approvals']);
}

function readDefault(conversion: Conversion, root: JsonObject): 'allow' | 'deny' {
  const value = root['default'];
  if (value === 'deny') note(conversion, 'default', '/default');
  else if (value !== undefined && value !== 'allow') refuse(conversion, '/default', 'must be allow or deny');
  return value === 'deny' ? 'deny' : 'allow';
}

function readHide(conversion: Conversion, root: JsonObject): readonly string[] {
  const names = new Set<string>();
  for (const [index, name] of arrayAt(conversion, root, '', 'hide').entries()) {
    const pointer = below('/hide', index);
    if (typeof name !== 'string') refuse(conversion, pointer, 'must be the name of a tool; put it in quotes');
    else if (name.trim() === '') refuse(conversion, pointer, 'must be the name of a tool');
    else if (names.has(name)) refuse(conversion, pointer, `${quoted(name)} stands twice; leave one out`);
    else {
      checkStars(conversion, name, pointer);
      names.add(name);
    }
  }
  return [...names];
}

/** To Intercept a star inside a name is a letter like others. */
function checkStars(conversion: Conversion, name: string, pointer: string): void {
  if (name === EVERY || !name.includes('*')) return;
  const remedy = 'write the name of each tool';
  refuse(conversion, pointer, `to Intercept ${quoted(name)} is one tool's name, here it is a pattern; ${remedy}`);
}

function convertTool(conversion: Conversion, name: string, value: Json): JsonObject {
  const pointer = below('/tools', name);
  checkStars(conversion, name, pointer);
  if (name === '<<') refuse(conversion, pointer, 'merge keys are not read; write the tools out');
  if (name === EVERY_SCOPE) {
    refuse(conversion, pointer, `Intercept keeps the counters of "*" under this name; a tool of it has no equal`);
  }
  const tool = objectAt(conversion, value, pointer, '{rules: []}') ?? {};
  checkKeys(conversion, tool, pointer, ['rules']);
  const scope = name === EVERY ? EVERY_SCOPE : name;
  const pieces = arrayAt(conversion, tool, pointer, 'rules').flatMap((one, index) => {
    const rule = readRule(conversion, one, below(below(pointer, 'rules'), index), scope);
    return rule === undefined ? [] : convertRule(conversion, rule, scope);
  });
  return assemble(conversion, withOwnIds(pieces), name === EVERY ? '/all_tools' : pointer, pointer);
}

function assemble(conversion: Conversion, pieces: readonly Piece[], to: string, from: string): JsonObject {
  const { origins } = conversion;
  origins.set(to, from);
  return objectOf(
    PIECES.flatMap((key) => {
      const own = pieces.filter((piece) => piece.key === key);
      for (const [index, piece] of own.entries()) {
        const place = below(below(to, key), index);
        origins.set(place, piece.from);
        for (const [part, source] of piece.parts.entries()) {
          origins.set(below(below(place, 'conditions'), part), source);
        }
      }
      return own.length === 0 ? [] : [[key, own.map(({ value }) => value)] as const];
    }),
  );
}

/** Where the nearest part around a place of the new document comes from. */
function originOf({ origins }: Conversion, pointer: string): string {
  for (let at = pointer; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
    const origin = origins.get(at);
    if (origin !== undefined) return origin;
  }
  return /^\/(?:hide|tools|description)(?:\/|$)/.test(pointer) ? pointer : '';
}
