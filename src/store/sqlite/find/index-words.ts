import { hash } from 'node:crypto';
import { type AuditFilter, NAMED } from '../../../gateway/audit/find/audit-filter.ts';
import { partsOf } from '../../../gateway/audit/find/is-match.ts';
import { soughtByName } from '../../../gateway/audit/find/name-pattern.ts';
import { marksOf } from '../../../gateway/audit/find/record-marks.ts';
import { foundBy, type SoughtWord, soughtIn, wordsIn } from '../../../gateway/audit/find/record-words.ts';
import { isPattern } from '../../../policy/pattern.ts';

/** No word of a text begins with this character of private use, so nobody's text passes for a mark. */
const MARK = '\uE000';
/** Names of which the mark is remembered. */
const KNOWN = 4_096;
/** Letters of a beginning. */
const VAGUE = 2;

type Letter = 'a' | 'e' | 'g' | 'i' | 'o' | 'r' | 's' | 't' | 'w';
const LETTERS = { grant: 'g', owner: 'o', server: 's', tool: 't' } as const;
const DECISION = `${MARK}d`;

/** What is indexed of a record. */
export interface IndexedRow {
  readonly id: string;
  readonly kind: string;
  readonly limits: string;
  readonly body: string;
}

/** The words by which records stand in the index, and by which they are looked up. */
export class IndexWords {
  readonly #marks = new Map<string, string>();

  /** Of a record; nothing but its id of an outcome, which is found by its call. */
  of(row: IndexedRow): string {
    const id = markOf('i', row.id);
    if (row.kind === 'outcome') return id;
    const { rules, effect, wouldHave, approval, isDecision, ...named } = marksOf(row);
    const marks = [id, ...rules.map((rule) => this.#mark('r', rule))];
    if (isDecision) marks.push(DECISION);
    for (const field of NAMED) this.#add(marks, LETTERS[field], named[field]);
    this.#add(marks, 'e', effect);
    this.#add(marks, 'w', wouldHave);
    if (approval !== undefined) marks.push(markOf('a', approval));
    return `${marks.join(' ')} ${wordsIn(foundBy(row))}`;
  }

  #add(marks: string[], letter: Letter, value: string | undefined): void {
    if (value !== undefined) marks.push(this.#mark(letter, value));
  }

  #mark(letter: Letter, value: string): string {
    const key = letter + value;
    const known = this.#marks.get(key);
    if (known !== undefined) return known;
    if (this.#marks.size >= KNOWN) this.#marks.clear();
    const mark = markOf(letter, value);
    this.#marks.set(key, mark);
    return mark;
  }
}

/** What a record of the filter has in the index, as FTS5 wants to be asked; undefined where that is nothing in particular. */
export function queryOf(filter: AuditFilter): string | undefined {
  const sought = [
    ...NAMED.flatMap((field) => soughtByField(field, filter[field])),
    ...markOfValue('e', filter.effect),
    ...markOfValue('w', filter.wouldHave),
    ...markOfValue('r', filter.rule),
    ...markOfValue('a', filter.approval),
    ...partsOf(filter.text).flatMap((part) => soughtIn(part)),
  ];
  const some = sought.filter((one) => !isVague(one));
  const terms = (some.length > 0 ? some : sought).map(termOf);
  if (filter.which === 'decisions') terms.push(`"${DECISION}"`);
  return terms.length === 0 ? undefined : [...new Set(terms)].join(' AND ');
}

/** Nearly every record has a word that begins so, and all of them would have to be put together first. */
function isVague({ word, isBeginning }: SoughtWord): boolean {
  return isBeginning && word.length <= VAGUE;
}

function soughtByField(field: (typeof NAMED)[number], wanted: string | undefined): readonly SoughtWord[] {
  if (wanted !== undefined && isPattern(wanted)) return soughtByName(wanted);
  return markOfValue(LETTERS[field], wanted);
}

function markOfValue(letter: Letter, value: string | undefined): readonly SoughtWord[] {
  return value === undefined ? [] : [{ word: markOf(letter, value), isBeginning: false }];
}

/** As `queryOf`, for records with one of these ids. */
export function queryOfIds(ids: readonly string[]): string {
  return ids.map((id) => `"${markOf('i', id)}"`).join(' OR ');
}

function termOf({ word, isBeginning }: SoughtWord): string {
  return isBeginning ? `"${word}"*` : `"${word}"`;
}

/** Two values may share a mark: what is found is compared with the record. */
function markOf(letter: Letter, value: string): string {
  return `${MARK}${letter}${hash('sha256', value, 'hex').slice(0, 12)}`;
}
