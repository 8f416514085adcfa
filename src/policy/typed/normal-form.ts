/** More accents on one letter than any language has; putting them in order takes time quadratic in their number. */
const PILED = /[\p{M}\uff9e\uff9f]{32}/u;

/** The text with look-alike letters made plain (NFKC), in time linear in it; undefined where accents are piled up. */
export function plainLetters(text: string): string | undefined {
  return PILED.test(text) ? undefined : text.normalize('NFKC');
}
