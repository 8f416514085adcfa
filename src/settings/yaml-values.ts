import { type Alias, isAlias, isMap, isScalar, isSeq, type Node, type Pair, type Scalar } from 'yaml';
import { below, quoted } from '../policy/problem.ts';
import { bareObject, type Json } from '../wire/json.ts';
import { isExact } from '../wire/number.ts';
import { numberFault } from './odd-number.ts';
import { leaf, type Place } from './place.ts';
import { DOCUMENT, MOST_NUMBERS, STAND_IN } from './source.ts';

/** A node that says what JSON cannot say, or too much. */
export class Unreadable extends Error {
  readonly at: number;

  constructor(at: number, reason: string) {
    super(reason);
    this.at = at;
  }
}

interface Walk {
  /** What each anchor names; nothing while it is being read. */
  readonly anchors: Map<string, Named | undefined>;
  /** Values read so far, those behind aliases counted each time. */
  nodes: number;
  /** The keys and indices that lead to what is being read. */
  readonly steps: (string | number)[];
  readonly numbers: Map<string, OddNumber>;
}

/** A number that cannot be read: where, and why. */
interface OddNumber {
  readonly at: number;
  readonly reason: string;
}

/** What a node says, and where it and its parts stand. */
interface Read {
  readonly value: Json;
  readonly place: Place;
  /** Levels of arrays and objects in the value. */
  readonly height: number;
}

interface Named extends Read {
  readonly nodes: number;
}

/** A document with a number in place of each that cannot be read; these by their JSON Pointers. */
interface ReadRoot extends Read {
  readonly numbers: ReadonlyMap<string, OddNumber>;
}

/** Reads a parsed document's root. Throws `Unreadable`. */
export function readNode(root: Node | null): ReadRoot {
  const numbers = new Map<string, OddNumber>();
  return { ...read({ anchors: new Map(), nodes: 0, steps: [], numbers }, root, 0, 0), numbers };
}

/** `at` is where the value is said to stand: at its key, if it has one. `depth` counts the collections around it. */
function read(walk: Walk, node: Node | null, at: number, depth: number): Read {
  const start = startOf(node, at);
  const before = walk.nodes;
  count(walk, 1, start);
  if (node === null) return { value: null, place: leaf(at), height: 0 };
  if (isAlias(node)) return readAlias(walk, node, at, depth);
  if (node.tag !== undefined) throw new Unreadable(start, 'tags are not read; leave the tag out, or quote the value');
  const { anchor } = node;
  if (anchor === undefined) return readPlain(walk, node, at, depth);
  if (walk.anchors.has(anchor)) throw new Unreadable(start, `the anchor &${anchor} stands twice`);
  walk.anchors.set(anchor, undefined);
  const value = readPlain(walk, node, at, depth);
  walk.anchors.set(anchor, { ...value, nodes: walk.nodes - before });
  return value;
}

function readPlain(walk: Walk, node: Node, at: number, depth: number): Read {
  const start = startOf(node, at);
  if (isScalar(node)) return { value: scalar(walk, node, start), place: leaf(at), height: 0 };
  checkDepth(depth + 1, start);
  if (isMap(node)) return readMap(walk, node.items, at, depth + 1);
  if (isSeq(node)) return readSeq(walk, node.items, at, depth + 1);
  throw new Unreadable(start, 'not a JSON value');
}

/** The value is shared, not read again, yet counted as if it were: whoever walks it later does so in full. */
function readAlias(walk: Walk, alias: Alias, at: number, depth: number): Read {
  const { source } = alias;
  const start = startOf(alias, at);
  if (!walk.anchors.has(source)) {
    const remedy = `if a text is meant, put it in quotes: ${quoted(`*${source}`)}`;
    throw new Unreadable(start, `the alias *${source} stands before its anchor; ${remedy}`);
  }
  const named = walk.anchors.get(source);
  if (named === undefined) throw new Unreadable(start, `the alias *${source} stands inside what it names`);
  count(walk, named.nodes, start);
  checkDepth(depth + named.height, start);
  return { ...named, place: { at, under: named.place.under } };
}

function count(walk: Walk, nodes: number, at: number): void {
  walk.nodes += nodes;
  if (walk.nodes > DOCUMENT.nodes) throw new Unreadable(at, 'more values than allowed');
}

function checkDepth(depth: number, at: number): void {
  if (depth > DOCUMENT.depth) throw new Unreadable(at, 'nested deeper than allowed');
}

function readMap(walk: Walk, pairs: readonly Pair[], at: number, depth: number): Read {
  let height = 0;
  const object = bareObject();
  const under = new Map<string, Place>();
  for (const pair of pairs) {
    const keyAt = startOf(pair.key, at);
    const key = isScalar(pair.key) ? pair.key.value : undefined;
    if (typeof key !== 'string' || !key.isWellFormed()) throw new Unreadable(keyAt, 'a key must be a string');
    if (isScalar(pair.key) && (pair.key.tag !== undefined || pair.key.anchor !== undefined)) {
      throw new Unreadable(keyAt, 'a key can have neither tag nor anchor');
    }
    if (key === '<<' && isScalar(pair.key) && pair.key.type === 'PLAIN') {
      throw new Unreadable(keyAt, 'merge keys (<<) are not read; write the members out');
    }
    if (under.has(key)) throw new Unreadable(keyAt, `the key ${quoted(key)} stands twice in one object`);
    walk.steps.push(key);
    const member = read(walk, nodeOf(pair.value), keyAt, depth);
    walk.steps.pop();
    height = Math.max(height, member.height);
    object[key] = member.value;
    under.set(key, member.place);
  }
  return { value: object, place: { at, under }, height: height + 1 };
}

function readSeq(walk: Walk, items: readonly unknown[], at: number, depth: number): Read {
  let height = 0;
  const values: Json[] = [];
  const under = new Map<string, Place>();
  for (const item of items) {
    walk.steps.push(values.length);
    const element = read(walk, nodeOf(item), startOf(item, at), depth);
    walk.steps.pop();
    height = Math.max(height, element.height);
    under.set(String(values.length), element.place);
    values.push(element.value);
  }
  return { value: values, place: { at, under }, height: height + 1 };
}

/** The parser's types leave open what stands in a collection; after parsing it is a node or nothing. */
function nodeOf(item: unknown): Node | null {
  return isMap(item) || isSeq(item) || isScalar(item) || isAlias(item) ? item : null;
}

function startOf(item: unknown, otherwise: number): number {
  return nodeOf(item)?.range?.[0] ?? otherwise;
}

function scalar(walk: Walk, node: Scalar, at: number): Json {
  const { value, source = '' } = node;
  switch (typeof value) {
    case 'string':
      if (!value.isWellFormed()) throw new Unreadable(at, 'lone surrogate in a string');
      return value;
    case 'number':
      if (!isExactly(source, value)) {
        if (walk.numbers.size < MOST_NUMBERS) {
          walk.numbers.set(walk.steps.reduce<string>(below, ''), { at, reason: numberFault(source) });
        }
        return STAND_IN;
      }
      return value === 0 ? 0 : value;
    case 'boolean':
      return value;
    default:
      if (value === null) return null;
      throw new Unreadable(at, 'not a JSON value');
  }
}

function isExactly(source: string, value: number): boolean {
  if (/^[-+]?0[xo]/i.test(source)) return Number.isSafeInteger(value);
  return isExact(source.replace(/^\+/, ''), value);
}
