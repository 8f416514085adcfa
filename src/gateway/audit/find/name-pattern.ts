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
    // Behind a `*` a word may have begun before the piece does; before the end of the name it goes no further.
    const words = soughtIn(inOneCase(piece), index === 0 ? 'at a word' : 'anywhere');
    return index < pieces.length - 1 ? words : words.map(({ word }) => ({ word, isBeginning: false }));
  });
}
