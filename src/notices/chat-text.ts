import { inPlainSight } from '../wire/plain-sight.ts';

const MARKUP: { readonly [character: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  // Would end the code that it stands in.
  '`': "'",
  // Mattermost and Discord turn `@all` and `@everyone` into mentions by themselves: a space of no width keeps them from it.
  '@': '@\u200b',
};

/** A stranger's text as code on one line: no markup, mention or link comes of it. At most `room` characters. */
export function inlineCode(text: string, room: number): string {
  const line = fitted(inPlainSight(text), room - 2).trim();
  return line === '' ? '(empty)' : `\`${line}\``;
}

/** Lines in plain sight as a block of code, of at most `room` characters. */
export function codeBlock(lines: string, room: number): string {
  return `\`\`\`\n${fitted(lines, room - 8)}\n\`\`\``;
}

/** An address of ours as a link; code where it cannot be one. */
export function link(url: string, room: number): string {
  return /^https?:\/\/[^\s<>|`]+$/.test(url) && url.length + 2 <= room
    ? `<${url.replaceAll('&', '&amp;')}>`
    : inlineCode(url, room);
}

function fitted(text: string, room: number): string {
  let kept = '';
  for (const character of text) {
    const next = MARKUP[character] ?? character;
    // One is left for the mark of the cut.
    if (kept.length + next.length >= room) return `${kept}…`;
    kept += next;
  }
  return kept;
}
