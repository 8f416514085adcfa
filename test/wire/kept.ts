import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('kept', import.meta.url));

/** A message that was read in two ways once. */
export interface Kept {
  readonly file: string;
  readonly law: string;
  readonly text: string;
}

/** Every message that was ever read in two ways. */
export function keptMessages(): readonly Kept[] {
  return globSync(join(FOLDER, '*.json'))
    .sort()
    .map((path) => {
      const { law, text } = JSON.parse(readFileSync(path, 'utf8')) as Kept;
      return { file: basename(path), law, text };
    });
}

/** Keeps a message for good; the name of its file follows from what it holds. */
export function keep(law: string, text: string): string {
  const content = `${JSON.stringify({ law, text }, undefined, 2)}\n`;
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 8);
  const path = join(FOLDER, `${law.replace(/[^a-z0-9]+/gi, '-').toLowerCase()}-${digest}.json`);
  mkdirSync(FOLDER, { recursive: true });
  if (!existsSync(path)) writeFileSync(path, content);
  return path;
}
