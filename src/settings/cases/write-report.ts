import { writeFile } from 'node:fs/promises';
import { whyUnwritten } from '../why-unwritten.ts';

/** Writes a whole file; gives why it could not, in a few words, or nothing. Never rejects. */
export async function writeReport(file: string, text: string): Promise<string | undefined> {
  try {
    await writeFile(file, text);
    return undefined;
  } catch (error) {
    return whyUnwritten(error);
  }
}
