import { lineDiff } from '../cli/line-diff.ts';
import type { Json } from '../wire/json.ts';
import { jsonInPlainSight } from '../wire/plain-sight.ts';

const CONTEXT = 3;

/** What becomes of a document, line by line, with a few lines around each change; everything unseen is written out. */
export function documentDiff(before: Json, after: Json): string {
  const lines = lineDiff(jsonInPlainSight(before).split('\n'), jsonInPlainSight(after).split('\n'));
  const isNear = (at: number): boolean =>
    lines.slice(Math.max(0, at - CONTEXT), at + CONTEXT + 1).some(({ mark }) => mark !== ' ');
  const kept: string[] = [];
  let isGap = false;
  for (const [at, { mark, text }] of lines.entries()) {
    if (isNear(at)) kept.push(`${mark} ${text}`);
    else if (!isGap) kept.push('  …');
    isGap = !isNear(at);
  }
  return kept.join('\n');
}
