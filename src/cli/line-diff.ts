/** A line that both texts have, or only the one before, or only the one after. */
export interface DiffLine {
  readonly mark: ' ' | '-' | '+';
  readonly text: string;
}

/** Beyond so many pairs of lines the difference is told as a whole, without looking for what is common within. */
const MOST_PAIRS = 1_000_000;

/** Tells line by line what became of a text: what is common stands once. */
export function lineDiff(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  const most = Math.min(before.length, after.length) - start;
  while (end < most && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  const [old, fresh] = [before.slice(start, before.length - end), after.slice(start, after.length - end)];
  return [
    ...before.slice(0, start).map((text) => ({ mark: ' ' as const, text })),
    ...(old.length * fresh.length > MOST_PAIRS ? replaced(old, fresh) : commonKept(old, fresh)),
    ...before.slice(before.length - end).map((text) => ({ mark: ' ' as const, text })),
  ];
}

function replaced(old: readonly string[], fresh: readonly string[]): readonly DiffLine[] {
  return [...old.map((text) => ({ mark: '-' as const, text })), ...fresh.map((text) => ({ mark: '+' as const, text }))];
}

/** By the longest common subsequence. */
function commonKept(old: readonly string[], fresh: readonly string[]): readonly DiffLine[] {
  const width = fresh.length + 1;
  const longest = new Uint32Array((old.length + 1) * width);
  const at = (i: number, j: number): number => longest[i * width + j] ?? 0;
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = fresh.length - 1; j >= 0; j--) {
      longest[i * width + j] = old[i] === fresh[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length || j < fresh.length) {
    const [was, is] = [old[i], fresh[j]];
    if (was !== undefined && was === is) {
      lines.push({ mark: ' ', text: was });
      i++;
      j++;
    } else if (was !== undefined && (is === undefined || at(i + 1, j) >= at(i, j + 1))) {
      lines.push({ mark: '-', text: was });
      i++;
    } else if (is !== undefined) {
      lines.push({ mark: '+', text: is });
      j++;
    }
  }
  return lines;
}
