import { type Random, randomOf } from '../fuzz/random.ts';
import { type Compared, compare } from './compare.ts';
import type { Reader } from './readers.ts';
import { anyMessage } from './spoil.ts';

/** Messages that follow from one seed. */
export const BATCH = 1_000;

/** It takes long, and one defect shows in many messages. */
const MOST_SHRUNK = 2;
const MOST_STEPS = 60;

export const NOTHING: Compared = { messages: 0, sent: 0, calls: 0, refused: {}, disagreements: [] };

/** Lets all messages of a seed through, and makes those smaller on which somebody disagrees. */
export async function tryBatch(seed: number, readers: readonly Reader[]): Promise<Compared> {
  const random: Random = randomOf(seed);
  const texts = Array.from({ length: BATCH }, () => anyMessage(random));
  const compared = await compare(texts, readers);
  const smaller = compared.disagreements.slice(0, MOST_SHRUNK).map(async (one) => {
    const text = await shrunk(one.text, one.law, readers);
    const again = (await compare([text], readers)).disagreements.find(({ law }) => law === one.law);
    return again ?? one;
  });
  return {
    ...compared,
    disagreements: [...(await Promise.all(smaller)), ...compared.disagreements.slice(MOST_SHRUNK)],
  };
}

export function sum(one: Compared, other: Compared): Compared {
  const refused: Record<string, number> = { ...one.refused };
  for (const [reason, count] of Object.entries(other.refused)) refused[reason] = (refused[reason] ?? 0) + count;
  return {
    messages: one.messages + other.messages,
    sent: one.sent + other.sent,
    calls: one.calls + other.calls,
    refused,
    disagreements: [...one.disagreements, ...other.disagreements],
  };
}

/** The text with as much cut out as it takes to still break the law. */
async function shrunk(text: string, law: string, readers: readonly Reader[]): Promise<string> {
  let kept = text;
  let steps = 0;
  for (let length = Math.floor(kept.length / 2); length > 0 && steps < MOST_STEPS; length = Math.floor(length / 2)) {
    steps++;
    const shorter: string[] = [];
    for (let at = 0; at + length <= kept.length && shorter.length < 500; at += length) {
      shorter.push(kept.slice(0, at) + kept.slice(at + length));
    }
    const { disagreements } = await compare(shorter, readers);
    const found = disagreements.find((one) => one.law === law);
    if (found === undefined) continue;
    kept = found.text;
    length = Math.min(length * 2 + 1, kept.length);
  }
  return kept;
}
