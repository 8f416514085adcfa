/** What can move a terminal's cursor, hide text, or turn its direction. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** A stranger's text as one line that does nothing to the terminal. */
export function visible(text: string): string {
  return text.replace(UNSEEN, escaped);
}

/** The same JSON, with those characters written as escapes. They stand only inside strings, if the JSON is one line. */
export function visibleJson(json: string): string {
  return json.replace(UNSEEN, (character) => [...unitsOf(character)].join(''));
}

function escaped(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

function* unitsOf(character: string): Iterable<string> {
  for (let at = 0; at < character.length; at++) {
    yield `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`;
  }
}
