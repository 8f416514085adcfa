import { isPattern, matches, readPattern } from '../../../policy/pattern.ts';
import { inOneCase, type SoughtWord, soughtIn } from './record-words.ts';

/** The test whether a name is meant, exactly or by a pattern in which `*` stands for any text. */
export function nameTest(wanted: string): (name: string) => boolean {
  if (!isPattern(wanted)) return (name) => name === wanted;
  const pattern = readPattern(wanted);
  return (name) => matches(pattern, name);
}

/** What must be among the words of a record that holds a name of this pattern. */
export function soughtByName(wanted: string): readonly SoughtWord[] {
  const { pieces } = readPattern(wanted);
  return pieces.flatMap((piece, index) => {
    const part = inOneCase(piece);
    const words = soughtIn(part);
    const [head] = words;
    // Behind a `*` a word may have begun before the piece does.
    const isTorn = index > 0 && head !== undefined && part.startsWith(head.word);
    const known = isTorn ? words.slice(1) : words;
    return index < pieces.length - 1 ? known : known.map(({ word }) => ({ word, isBeginning: false }));
  });
}
