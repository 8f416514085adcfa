/**
 * What a reader cannot see, or cannot tell from something else: controls, formatting and tag characters, spaces that are no plain space,
 * private and unassigned characters, variation selectors, and letters, notes and hieroglyphs that are drawn as nothing.
 */
const UNSEEN = String.raw`\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Cs}\p{Default_Ignorable_Code_Point}\p{VS}\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\u2800\ufffc\u{1107f}\u{13441}\u{13442}\u{16fe4}\u{1bc9d}\u{1bc9e}\u{1d159}`;

/** The unseen with their marks, and those marks that cover what stands around them: no language needs so many on one letter. */
const STRAY = String.raw`[${UNSEEN}][${UNSEEN}\p{M}]*|(?<=\p{M}{8})\p{M}+`;
const IN_TEXT = new RegExp(String.raw`^\p{M}+|${STRAY}`, 'gu');
const IN_JSON = new RegExp(String.raw`^"?\p{M}+|\\(?:u[0-9a-f]{4}|["\\/bfnrt])\p{M}+|${STRAY}`, 'gu');

/** What joins the character before it to one: marks, the later parts of Korean syllables, two vowels of Kirat Rai. */
const JOINS = String.raw`[\p{M}\u1160-\u11ff\u{16d63}-\u{16d6a}]`;
/** A character with what joins it; much ASCII that nothing joins, at once. */
const PIECE = new RegExp(String.raw`[^\0-\x7f]${JOINS}*|[\0-\x7f]+(?!${JOINS})|[\0-\x7f]${JOINS}+`, 'gu');
const PLAIN = /^[ -~]*$/;

/** With everything unseen written as `\u{…}`, and whatever another spelling of the same letters would be taken for. */
export function unseenWritten(text: string): string {
  return PLAIN.test(text) ? text : written(text, IN_TEXT);
}

/** The same for a text that JSON's own escapes are in already. */
export function unseenWrittenInJson(text: string): string {
  return PLAIN.test(text) ? text : written(text, IN_JSON);
}

function written(text: string, unseen: RegExp): string {
  const escaped = escaper();
  return onlySpelling(text.replace(unseen, escaped), escaped);
}

/**
 * Texts that Unicode takes for equal are drawn alike; one of them is in the normal form and stays as it is. Of the others, what joins a letter
 * is told apart from it. INVARIANT: what comes out is in the normal form, so that no two of them are drawn alike. Long runs of marks, over
 * which normalising is slow, must be gone by now.
 */
function onlySpelling(text: string, escaped: (text: string) => string): string {
  if (text.normalize('NFC') === text) return text;
  const known = new Map<string, string>();
  let spelled = '';
  for (const piece of text.match(PIECE) ?? []) {
    let only = known.get(piece);
    if (only === undefined) {
      only = piece.normalize('NFC') === piece ? piece : apart(piece, escaped);
      known.set(piece, only);
    }
    spelled += only;
  }
  return spelled;
}

function apart(piece: string, escaped: (text: string) => string): string {
  const [first = ''] = piece;
  return first.normalize('NFC') === first ? first + escaped(piece.slice(first.length)) : escaped(piece);
}

/** Writes escapes, of each character once. ASCII that is seen stays: it is an escape's own. */
function escaper(): (text: string) => string {
  const known = new Map<number, string>();
  return (text) => {
    let all = '';
    for (let at = 0; at < text.length; at++) {
      const code = text.codePointAt(at) ?? 0;
      if (code > 0xffff) at++;
      let one = known.get(code);
      if (one === undefined) {
        one = code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : `\\u{${code.toString(16)}}`;
        known.set(code, one);
      }
      all += one;
    }
    return all;
  };
}
