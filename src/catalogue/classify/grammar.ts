/** What ends the object of a verb. */
export const PREPOSITIONS: ReadonlySet<string> = new Set(
  'by for from in to with of on at as via into onto per using over under between within against across after before during without about through where when if that which who since until upon inside near around so because but while'.split(
    ' ',
  ),
);

/** Words that say how, how many or which, not what. */
export const QUALIFIERS: ReadonlySet<string> = new Set(
  `id ids v1 v2 v3 v4 beta batch bulk all async sync now multiple many new single one tool safe unsafe advanced basic simple raw full my the a an
  any current existing specific given your its this these those every each more selected several some only both such another other certain their
  particular specified provided entire whole complete custom default remote local global named`.split(/\s+/),
);

export const ARTICLES: ReadonlySet<string> = new Set(['a', 'an', 'the']);

export const DETERMINERS: ReadonlySet<string> = new Set(
  'it them its their any all this that these those each every your existing one multiple'.split(' '),
);

export const LEADS: ReadonlySet<string> = new Set(
  `this tool command function endpoint api method action operation will can could is are used to use it allows allow lets let enables enable you your users
  user helps help agent agents model client claude llm ai please always must should may be designed intended meant able ability capable of for provides provide way utility
  helper that which lets makes possible when need want needs wants if mcp server easily quickly simply safely efficiently securely
  deprecated experimental beta new note notes important warning caution mandatory required preferred recommended primary wrapper convenience
  interface support supports supported supporting attempts attempt tries try operations actions we i us optionally then also first
  facilitate facilitates responsible step1 would like`.split(/\s+/),
);

export const NOT: ReadonlySet<string> = new Set(
  `not never without no cannot dont don't doesn't doesnt won't wont can't cant isn't instead than before after avoid avoids avoiding prevent prevents
  preventing rather unable neither nor previously already unless until if when whether would requires require don’t doesn’t won’t can’t`.split(
    /\s+/,
  ),
);

export const JOINS: ReadonlySet<string> = new Set(
  ', and or / & + then plus also optionally ( ; as well and/or immediately permanently : — – - with'.split(' '),
);

export const MARKS: RegExp = /^[^\p{L}\p{N}]$/u;

export function isAdverb(token: string): boolean {
  return (
    token.endsWith('ly') &&
    token !== 'reply' &&
    token !== 'apply' &&
    token !== 'fly' &&
    token !== 'multiply' &&
    token !== 'early' &&
    token !== 'only'
  );
}

export function isNegated(tokens: readonly string[], at: number): boolean {
  for (let back = at - 1; back >= 0 && back >= at - 3; back -= 1) {
    const token = tokens[back] ?? '';
    if (token === ',' || token === ';') return false;
    if (NOT.has(token)) return true;
  }
  return false;
}
