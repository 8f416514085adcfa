import type { JsonObject } from '../../wire/json.ts';
import { FINDING_RULES, type Finding } from './finding.ts';
import { hiddenCharacters } from './hidden-characters.ts';
import { hiddenInstructions } from './hidden-instructions.ts';
import { lookAlikes, type Names } from './look-alike.ts';
import { type PlacedText, textsOf } from './texts-of.ts';

/** So many are told of one definition. */
const MOST = 20;

/** What a definition hides, and whose name it looks like. Takes time linear in the definition, which is looked through up to a bound. */
export function findingsIn(tool: JsonObject, names: Names): readonly Finding[] {
  const { name } = tool;
  const { texts, isWhole } = textsOf(tool);
  const findings = [
    ...(typeof name === 'string' ? lookAlikes(name, names) : []),
    ...texts.flatMap(inText),
    ...(isWhole ? [] : [tooLong()]),
  ];
  // What holds a tool must not be crowded out by what does not.
  return findings.toSorted((a, b) => Number(a.weight === 'tells') - Number(b.weight === 'tells')).slice(0, MOST);
}

/** The same of a text that a server says of itself. */
export function findingsInText(text: string): readonly Finding[] {
  const { texts, isWhole } = textsOf(text);
  return [...texts.flatMap(inText), ...(isWhole ? [] : [tooLong()])].slice(0, MOST);
}

function inText(placed: PlacedText): readonly Finding[] {
  return [...hiddenCharacters(placed), ...hiddenInstructions(placed)];
}

function tooLong(): Finding {
  return { rule: 'too-long', place: '', quote: '', says: FINDING_RULES['too-long'], weight: 'tells' };
}
