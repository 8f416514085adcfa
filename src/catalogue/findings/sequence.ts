/** Words that must follow each other, each within some characters of the one before. */
export interface Sequence {
  /** Patterns without gaps of their own, all with the flag g, so that the time stays linear in the text. */
  readonly steps: readonly RegExp[];
  /** How far a step may stand behind the one before. */
  readonly gap: number;
  /** Whether a full stop or a new line between two steps keeps them apart. */
  readonly within: 'sentence' | 'text';
}

interface Hit {
  readonly step: number;
  readonly from: number;
  readonly to: number;
}

const BREAK = /[.!?](?=\s|$)|\n/g;

/** Where a sequence first stands in a text. Linear: of every step only the latest way to reach it counts, since gaps have no least length. */
export function findSequence(
  text: string,
  { steps, gap, within }: Sequence,
): { readonly from: number; readonly to: number } | undefined {
  const found = steps.map((pattern) => [...text.matchAll(pattern)]);
  if (found.some((matches) => matches.length === 0)) return undefined;
  const hits = found
    .flatMap((matches, step) =>
      matches.map((match): Hit => ({ step, from: match.index, to: match.index + match[0].length })),
    )
    .sort((a, b) => a.from - b.from || b.step - a.step);
  const breaks = within === 'sentence' ? [...text.matchAll(BREAK)].map(({ index }) => index) : [];
  const reached: ({ readonly from: number; readonly to: number } | undefined)[] = steps.map(() => undefined);
  let passed = 0;
  for (const { step, from, to } of hits) {
    while ((breaks[passed] ?? Number.POSITIVE_INFINITY) < from) passed++;
    const before = step === 0 ? { from, to: from } : reached[step - 1];
    if (before === undefined || from < before.to || from - before.to > gap) continue;
    if (step > 0 && passed > 0 && (breaks[passed - 1] ?? -1) >= before.to) continue;
    if (step === steps.length - 1) return { from: before.from, to };
    reached[step] = { from: before.from, to };
  }
  return undefined;
}
