/** A piece of a value: a stranger's text, or a place for a variable of the environment. */
export type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'variable'; readonly name: string };

export function text(value: string): Part {
  return { kind: 'text', text: value };
}

/**
 * The pieces as the configuration has them. INVARIANT: no text in them is read there as the name of a variable, also not where two
 * pieces meet; it would hand out what the gateway knows. Undefined where that cannot be written.
 */
export function configurationText(parts: readonly Part[]): string | undefined {
  let written = '';
  let pending = '';
  for (const part of parts) {
    if (part.kind === 'text') {
      pending += part.text;
      continue;
    }
    // `$` and `${NAME}` would be read as the two characters and a text.
    if (pending.endsWith('$')) return undefined;
    written += `${escaped(pending)}\${${part.name}}`;
    pending = '';
  }
  return written + escaped(pending);
}

function escaped(pending: string): string {
  // A function, since in a replacement `$$` itself would mean one `$`.
  return pending.replaceAll('${', () => '$${');
}

/** The pieces for people. */
export function shownText(parts: readonly Part[]): string {
  return parts.map((part) => (part.kind === 'text' ? part.text : `<${part.name} of the environment>`)).join('');
}
