import { mkdirSync } from 'node:fs';

/** Makes the data folder, for its owner only, if it is not there yet. */
export function makeDataFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    const { code = 'failed' } = error as NodeJS.ErrnoException;
    throw new Error(`the data folder ${folder} cannot be made (${code}); choose another with --data`);
  }
}
