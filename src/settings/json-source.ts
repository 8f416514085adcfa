import { createScanner, type Node, parseTree, type ScanError, type SyntaxKind } from 'jsonc-parser';
import { below } from '../policy/problem.ts';
import { isArray, isObject, type Json, objectOf } from '../wire/json.ts';
import { readJson } from '../wire/read-json.ts';
import { numberFault } from './odd-number.ts';
import { leaf, type Place } from './place.ts';
import { DOCUMENT, MOST_NUMBERS, type Source, STAND_IN } from './source.ts';

// The package declares these as const enums, which do not exist at run time when types are merely stripped.
const LINE_COMMENT: SyntaxKind.LineCommentTrivia = 12;
const BLOCK_COMMENT: SyntaxKind.BlockCommentTrivia = 13;
const END: SyntaxKind.EOF = 17;
const ENDLESS_COMMENT: ScanError.UnexpectedEndOfComment = 1;

/** Reads JSON in which comments may stand; all else is as strict as on the wire (no equal keys, no trailing commas). */
export function readJsonSource(text: string): Source {
  const blanked = blankComments(text);
  if (typeof blanked !== 'string') return { kind: 'fault', at: blanked.at, reason: 'a comment does not end' };
  const read = readJson(blanked, DOCUMENT);
  if (read.kind === 'fault') return withGuess(read, blanked);
  return { kind: 'value', value: read.value, places: () => placesIn(blanked) };
}

/** The first fault may be a number; then what stands behind it is read as well. */
function withGuess(fault: Extract<Source, { kind: 'fault' }>, text: string): Source {
  const read = readJson(text, { ...DOCUMENT, numbers: 'keep' });
  if (read.kind === 'fault') return read;
  const numbers = new Map<string, string>();
  const value = withStandIns(read.value, '', numbers);
  return { ...fault, guess: { value, numbers, places: () => placesIn(text) } };
}

function withStandIns(value: Json, pointer: string, numbers: Map<string, string>): Json {
  if (isArray(value)) return value.map((one, index) => withStandIns(one, below(pointer, index), numbers));
  if (!isObject(value)) return value;
  if (JSON.isRawJSON(value)) {
    if (numbers.size < MOST_NUMBERS) numbers.set(pointer, numberFault(String(value['rawJSON'])));
    return STAND_IN;
  }
  return objectOf(Object.entries(value).map(([key, one]) => [key, withStandIns(one, below(pointer, key), numbers)]));
}

/** Comments become blanks, so that every offset stays what it was. */
function blankComments(text: string): string | { readonly at: number } {
  const scanner = createScanner(text);
  const parts: string[] = [];
  let copied = 0;
  for (let token = scanner.scan(); token !== END; token = scanner.scan()) {
    if (token !== LINE_COMMENT && token !== BLOCK_COMMENT) continue;
    const at = scanner.getTokenOffset();
    if (scanner.getTokenError() === ENDLESS_COMMENT) return { at };
    parts.push(text.slice(copied, at), text.slice(at, scanner.getPosition()).replace(/[^\r\n]/g, ' '));
    copied = scanner.getPosition();
  }
  return parts.join('') + text.slice(copied);
}

function placesIn(text: string): Place {
  const root = parseTree(text);
  return root === undefined ? leaf(0) : placeOf(root, root.offset);
}

function placeOf(node: Node, at: number): Place {
  const children = node.children ?? [];
  if (node.type === 'array') {
    return { at, under: new Map(children.map((child, index) => [String(index), placeOf(child, child.offset)])) };
  }
  const under = new Map<string, Place>();
  for (const { children: [key, value] = [] } of children) {
    if (key !== undefined && value !== undefined) under.set(String(key.value), placeOf(value, key.offset));
  }
  return { at, under };
}
