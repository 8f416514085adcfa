import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { strict } from '../laws/arbitrary-value.ts';
import type { Trial } from './trial.ts';

const FOLDER = fileURLToPath(new URL('kept', import.meta.url));

/** A trial that broke a law once. */
export interface Kept {
  readonly file: string;
  readonly law: string;
  readonly trial: Trial;
}

/** Every trial that ever broke a law. */
export function keptTrials(): readonly Kept[] {
  return globSync(join(FOLDER, '*.json'))
    .sort()
    .map((path) => {
      const { law, trial } = strict(JSON.parse(readFileSync(path, 'utf8'))) as unknown as Kept;
      return { file: basename(path), law, trial };
    });
}

/** Keeps a trial for good; the name of its file follows from what it holds. */
export function keep(law: string, trial: Trial): string {
  const text = `${JSON.stringify({ law, trial }, undefined, 2)}\n`;
  const name = `${law.replace(/[^a-z]+/gi, '-')}-${createHash('sha256').update(text).digest('hex').slice(0, 8)}.json`;
  const path = join(FOLDER, name);
  mkdirSync(FOLDER, { recursive: true });
  if (!existsSync(path)) writeFileSync(path, text);
  return path;
}
