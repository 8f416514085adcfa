import { writeFile } from 'node:fs/promises';

/** Writes a whole file; gives why it could not, in a few words, or nothing. Never rejects. */
export async function writeReport(file: string, text: string): Promise<string | undefined> {
  try {
    await writeFile(file, text);
    return undefined;
  } catch (error) {
    return `cannot be written: ${error instanceof Error && 'code' in error ? error.code : error}`;
  }
}
