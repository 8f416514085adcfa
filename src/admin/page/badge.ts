import { CLASSES } from '../../policy/words.ts';
import { type Html, html } from './html.ts';
import { stranger } from './sight.ts';

/** The class of what is called, as a word on its colour. */
export function badge(word: string): Html {
  const known = CLASSES.find((one) => one === word) ?? 'unknown';
  return html`<span class="badge ${known}">${stranger(word)}</span>`;
}
