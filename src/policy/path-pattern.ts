import { FACTS } from './path.ts';

const NAME = String.raw`\.(?!\d+(?:[.\[]|$))[^\s.\[\]"'*\\]+`;
const KEY = String.raw`\["(?:[^"\\]|\\.)*"\]`;
const INDEX = String.raw`\[(?:0|[1-9]\d{0,8})\]`;
const STEP = String.raw`(?:${NAME}|${KEY}|${INDEX}|\[\*\])`;
const ONE = `(?:${NAME}|${KEY})`;
const KNOWN = FACTS.map((fact) => fact.replace('.', String.raw`\.`));

/** Every path that the compiler reads; facts in brackets (`tool["name"]`) are left to it. */
export const PATH_PATTERN: string = pattern([
  `args${STEP}*`,
  ...KNOWN,
  String.raw`tool\.annotations${STEP}+`,
  String.raw`grant\.labels${ONE}`,
  String.raw`(?:grant|session)\.calls${ONE}`,
  String.raw`(?:tool|grant|client|time|session)\["[\s\S]*`,
]);

/** Paths of one argument, as `amount` takes. */
export const ARGUMENT_PATTERN: string = pattern([`args(?:${NAME}|${KEY}|${INDEX})+`]);

/** Paths of one value of the call itself, as `per` takes. */
export const VALUE_PATTERN: string = pattern([
  `args(?:${NAME}|${KEY}|${INDEX})+`,
  ...KNOWN.filter((fact) => /^(?:tool|grant)/.test(fact)),
  String.raw`grant\.labels${ONE}`,
  String.raw`(?:tool|grant)\["[\s\S]*`,
]);

function pattern(forms: readonly string[]): string {
  return `^(?:${forms.join('|')})$`;
}
