/** A value as it is written in a text. Offsets are UTF-16, `end` behind the last character; comments around it are no part of it. */
export interface Written {
  readonly start: number;
  readonly end: number;
  /** `flow`: in brackets, as all of JSON is. `plain`: no object and no array. `elsewhere`: an alias, or nothing at all. */
  readonly style: 'flow' | 'block' | 'plain' | 'elsewhere';
  readonly members: readonly WrittenMember[];
}

/** A member of an object, or, without a key, an element of an array. */
export interface WrittenMember {
  readonly key: string | undefined;
  /** Of the key, or of the dash or the value of an element. */
  readonly start: number;
  readonly value: Written;
}

/** A piece of a text and what comes in its place. */
export interface Splice {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** The text with pieces replaced that do not overlap. */
export function spliced(text: string, splices: readonly Splice[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { from, to, text: piece } of splices.toSorted((a, b) => a.from - b.from || a.to - b.to)) {
    parts.push(text.slice(at, from), piece);
    at = to;
  }
  return parts.join('') + text.slice(at);
}

/** The column of a place: characters between it and the beginning of its line. */
export function columnOf(text: string, at: number): number {
  return at - (text.lastIndexOf('\n', at - 1) + 1);
}

/** The blanks with which the line of a place begins. */
export function indentAt(text: string, at: number): string {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, at))?.[0] ?? '';
}
