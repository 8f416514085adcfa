import { isArray, isObject, type Json, type JsonObject, objectOf } from '../../wire/json.ts';
import { canonicalJson } from '../../wire/write-json.ts';
import { cutOut } from './cut-out.ts';
import { type Manner, rendered } from './render.ts';
import { columnOf, indentAt, type Splice, spliced, type Written, type WrittenMember } from './written.ts';

/** A text of which the values are known: what they are, where they stand, and how more are written. */
export interface Sheet {
  readonly text: string;
  readonly value: Json;
  readonly root: Written;
  readonly unit: string;
  readonly eol: string;
  /** The lines of a value without brackets; undefined for what is written in brackets only. */
  block(value: Json): readonly string[];
  readonly syntax: 'json' | 'yaml';
}

/** What is to be changed stands where it cannot be changed alone, such as behind an alias. */
export class Unchangeable extends Error {
  override name = 'Unchangeable';
}

const ELSEWHERE = 'what is to be changed stands behind an alias, or nowhere';

/** Beyond it a line is changed member by member, not as a whole. */
const SHORT = 200;

/** Where a value stands in: what becomes of a line that is too long. */
type Around = 'flow' | 'member of a block' | 'element of a block';

/** The text of another value, with all that is the same left as it is written. Throws `Unchangeable`. */
export function changedText(sheet: Sheet, after: Json): string {
  const around: Around = sheet.syntax === 'json' ? 'flow' : 'element of a block';
  return spliced(sheet.text, changes(sheet, sheet.root, sheet.value, after, around));
}

function changes(sheet: Sheet, node: Written, before: Json, after: Json, around: Around): readonly Splice[] {
  if (canonicalJson(before) === canonicalJson(after)) return [];
  if (node.style === 'elsewhere') throw new Unchangeable(ELSEWHERE);
  if (isShort(sheet, node)) return [replaced(sheet, node, after, around)];
  if (isObject(before) && isObject(after)) return ofObject(sheet, node, before, after, around);
  if (isArray(before) && isArray(after) && after.length >= before.length) {
    const kept = node.members.flatMap((member, index) =>
      changes(sheet, member.value, before[index] ?? null, after[index] ?? null, aroundIn(node, 'element of a block')),
    );
    const fresh = after.slice(before.length).map((value) => ({ key: undefined, value }));
    return [...kept, ...appended(sheet, node, fresh)];
  }
  return [replaced(sheet, node, after, around)];
}

function aroundIn({ style }: Written, inBlock: Exclude<Around, 'flow'>): Around {
  return style === 'block' ? inBlock : 'flow';
}

function isShort({ text }: Sheet, { start, end, style }: Written): boolean {
  return style === 'flow' && end - start <= SHORT && !/\n|\/\*/.test(text.slice(start, end));
}

function ofObject(
  sheet: Sheet,
  node: Written,
  before: JsonObject,
  after: JsonObject,
  around: Around,
): readonly Splice[] {
  const fresh = Object.keys(after);
  const isNew = (key: string | undefined): boolean => key !== undefined && !Object.hasOwn(before, key);
  const gone = node.members.filter(({ key }) => key !== undefined && !Object.hasOwn(after, key));
  // What goes gives its place to what comes in it, or else to anything that comes.
  const heirs = new Map(
    gone.flatMap((member) => {
      const heir = fresh[node.members.indexOf(member)];
      return heir !== undefined && isNew(heir) ? [[member, heir] as const] : [];
    }),
  );
  const rest = fresh.filter((key) => isNew(key) && ![...heirs.values()].includes(key));
  const cut = new Set<WrittenMember>();
  for (const member of gone) {
    if (heirs.has(member)) continue;
    const heir = rest.shift();
    if (heir === undefined) cut.add(member);
    else heirs.set(member, heir);
  }
  if (cut.size === node.members.length) return [replaced(sheet, node, after, around)];
  if ([...cut].some(({ value }) => value.style === 'elsewhere')) throw new Unchangeable(ELSEWHERE);
  const own = node.members.flatMap((member): readonly Splice[] => {
    const { key = '', value } = member;
    if (cut.has(member)) return [];
    const heir = heirs.get(member);
    if (heir !== undefined) return [inPlaceOf(sheet, node, member, heir, after[heir] ?? null)];
    return changes(sheet, value, before[key] ?? null, after[key] ?? null, aroundIn(node, 'member of a block'));
  });
  return [
    ...own,
    ...(cut.size === 0 ? [] : cutOut(sheet.text, sheet.syntax, node, [...cut])),
    ...appended(
      sheet,
      node,
      rest.map((key) => ({ key, value: after[key] ?? null })),
    ),
  ];
}

interface Fresh {
  readonly key: string | undefined;
  readonly value: Json;
}

function replaced(sheet: Sheet, { start, end, style }: Written, value: Json, around: Around): Splice {
  const { text, eol, unit, syntax } = sheet;
  const column = columnOf(text, start);
  if (style === 'block') return { from: start, to: end, text: hung(sheet, sheet.block(value), column) };
  const piece = rendered(value, mannerAt(sheet, start), column);
  if (syntax === 'json' || around === 'flow' || !piece.includes('\n')) return { from: start, to: end, text: piece };
  if (around === 'element of a block') return { from: start, to: end, text: hung(sheet, sheet.block(value), column) };
  const deeper = indentOf(text, start) + unit.length;
  const lines = hung(sheet, sheet.block(value), deeper);
  const from = text.slice(0, start).trimEnd().length;
  return { from, to: end, text: `${eol}${' '.repeat(deeper)}${lines}` };
}

/** Where the key of a value stands, also behind a dash. */
function indentOf(text: string, at: number): number {
  const line = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
  return /^(?:[ ]|-(?=[ ]))*/.exec(line)?.[0].length ?? 0;
}

function inPlaceOf(
  sheet: Sheet,
  { style }: Written,
  { start, value }: WrittenMember,
  key: string,
  fresh: Json,
): Splice {
  if (value.style === 'elsewhere') throw new Unchangeable(ELSEWHERE);
  return { from: start, to: value.end, text: memberText(sheet, style, start, { key, value: fresh }) };
}

/** A member or an element as it is written at a place; an element of a block with its dash. */
function memberText(sheet: Sheet, style: Written['style'], at: number, { key, value }: Fresh): string {
  const column = columnOf(sheet.text, at);
  if (style === 'block') {
    return hung(sheet, sheet.block(key === undefined ? [value] : objectOf([[key, value]])), column);
  }
  const name = key === undefined ? '' : `${JSON.stringify(key)}: `;
  return `${name}${rendered(value, mannerAt(sheet, at), column + name.length)}`;
}

function hung({ eol }: Sheet, lines: readonly string[], column: number): string {
  return lines.join(`${eol}${' '.repeat(column)}`);
}

/** In YAML brackets have to stand further inside than what they belong to. */
function mannerAt({ text, unit, eol, syntax }: Sheet, at: number): Manner {
  const indent = indentAt(text, at);
  return { indent: syntax === 'yaml' ? indent + unit : indent, unit, eol };
}

function appended(sheet: Sheet, node: Written, fresh: readonly Fresh[]): readonly Splice[] {
  const { text, eol, unit } = sheet;
  const [first] = node.members;
  const last = node.members.at(-1);
  if (fresh.length === 0) return [];
  if (last === undefined || first === undefined) {
    const at = node.start + 1;
    const lead = `${eol}${indentAt(text, node.start)}${unit}`;
    return [
      {
        from: at,
        to: at,
        text:
          lead +
          joined(
            fresh.map((one) => memberText(sheet, 'flow', node.start, one)),
            `,${lead}`,
          ),
      },
    ];
  }
  const pieces = fresh.map((one) => memberText(sheet, node.style, first.start, one));
  const end = last.value.end;
  const lineEnd = endOfLine(text, end);
  if (node.style === 'block') {
    const lead = `${eol}${' '.repeat(columnOf(text, first.start))}`;
    return [{ from: lineEnd, to: lineEnd, text: lead + joined(pieces, lead) }];
  }
  const isLined = text.slice(first.start, node.end).includes('\n') && lineEnd < node.end;
  if (!isLined) return [{ from: end, to: end, text: `, ${joined(pieces, ', ')}` }];
  const lead = `${eol}${indentAt(text, first.start)}`;
  const isClosed = /^\s*,/.test(text.slice(end, node.end));
  return [
    { from: end, to: end, text: isClosed ? '' : ',' },
    { from: lineEnd, to: lineEnd, text: lead + joined(pieces, `,${lead}`) },
  ];
}

function joined(pieces: readonly string[], between: string): string {
  return pieces.join(between);
}

function endOfLine(text: string, from: number): number {
  const at = text.slice(from).search(/\r?\n/);
  return at === -1 ? text.length : from + at;
}
