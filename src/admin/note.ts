import { bad, type Read, read } from './fault.ts';

/** Characters: more would be cut where it is kept. */
export const LONGEST_NOTE = 1_000;

/** What a person says besides; nothing if it is blank. */
export function readNote(text: string | undefined, place: string): Read<string | undefined> {
  // Forms write every end of a line as two characters.
  const note = text?.replaceAll('\r\n', '\n').trim() ?? '';
  if (note.length > LONGEST_NOTE) return bad(`${place} is longer than ${LONGEST_NOTE} characters.`, 'Make it shorter.');
  return read(note === '' ? undefined : note);
}
