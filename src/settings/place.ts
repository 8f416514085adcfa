/** Where a value stands in its text: a member at its key, an element at its first character. Offsets are UTF-16. */
export interface Place {
  readonly at: number;
  readonly under: ReadonlyMap<string, Place>;
}

/** Both count from 1; columns in UTF-16 units, as editors count. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

const NOTHING_UNDER: ReadonlyMap<string, Place> = new Map();

export function leaf(at: number): Place {
  return { at, under: NOTHING_UNDER };
}

/** The offset of the value that a JSON Pointer names, or of the nearest value around it (a missing key has no place). */
export function offsetOf(root: Place, pointer: string): number {
  let place = root;
  for (const step of pointerSteps(pointer)) {
    const next = place.under.get(step);
    if (next === undefined) break;
    place = next;
  }
  return place.at;
}

/** Offsets at which the lines of a text begin; `positionIn` needs them. */
export function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

export function positionIn(starts: readonly number[], offset: number): Position {
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
}

function pointerSteps(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}
