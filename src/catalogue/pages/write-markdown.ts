import { unseenWritten } from '../../wire/unseen.ts';
import type { Block, Line, Page, PageRef, Piece } from './page.ts';

const WIDTH = 110;

/** A page as Markdown. `href` tells where another page is, seen from this one. INVARIANT: of a stranger's text nothing is ever markup. */
export function writeMarkdown(page: Page, href: (ref: PageRef) => string): string {
  const parts = [`# ${lineOf(page.title, href)}`];
  for (const { heading, blocks } of page.sections) {
    if (heading !== undefined) parts.push(`## ${escaped(heading)}`);
    for (const block of blocks) parts.push(blockOf(block, href));
  }
  return `${parts.join('\n\n')}\n`;
}

function blockOf(block: Block, href: (ref: PageRef) => string): string {
  switch (block.kind) {
    case 'text':
      return lineOf(block.line, href);
    case 'list':
      return itemsOf(block.items, href).join('\n');
    case 'table':
      return tableOf(block, href);
    case 'question':
      return [`**${lineOf(block.question, href)}** ${lineOf(block.answer, href)}`, ...itemsOf(block.items, href)].join(
        '\n',
      );
    case 'code':
      return fenced(block.language, block.text);
    case 'quote':
      return fenced('text', quoteLines(block.text).join('\n'));
  }
}

function itemsOf(items: readonly Line[], href: (ref: PageRef) => string): readonly string[] {
  return items.map((item) => `- ${lineOf(item, href)}`);
}

function tableOf(
  { head, rows }: { readonly head: readonly string[]; readonly rows: readonly (readonly Line[])[] },
  href: (ref: PageRef) => string,
): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    row(head.map(escaped)),
    `|${'---|'.repeat(head.length)}`,
    ...rows.map((cells) => row(cells.map((cell) => lineOf(withoutBars(cell), href)))),
  ].join('\n');
}

/** Readers of Markdown do not agree what becomes of a bar in a cell, escaped or not: there is none. */
function withoutBars(line: Line): Line {
  const without = (text: string): string => text.replaceAll('|', '\\u{7c}');
  return line.map((piece) => (typeof piece === 'string' ? without(piece) : { ...piece, text: without(piece.text) }));
}

function lineOf(line: Line, href: (ref: PageRef) => string): string {
  return line.map((piece) => pieceOf(piece, href)).join('');
}

function pieceOf(piece: Piece, href: (ref: PageRef) => string): string {
  if (typeof piece === 'string') return escaped(piece);
  if (piece.kind === 'code') return codeSpan(piece.text);
  return `[${escaped(piece.text)}](${target(href(piece.to))})`;
}

/** Words that are markup nowhere: most texts are. */
const PLAIN = /^[A-Za-z,;][A-Za-z0-9 ,;'"()]*\.?$/;

/** Every character by which a text could become markup; `:` `@` `.` where readers make links of bare addresses. */
function escaped(text: string): string {
  if (PLAIN.test(text)) return text;
  return oneLine(text)
    .replace(/[\\`*_[\]<>|~&$#!{}@]/g, '\\$&')
    .replace(/:(?=\/)/g, '\\:')
    .replace(/\b(www)\./gi, '$1\\.')
    .replace(/^( *)(\d+(?=[.)])|(?=[-+=]))/, '$1$2\\');
}

/** Set off by more grave accents than stand in it. */
function codeSpan(text: string): string {
  const shown = oneLine(text);
  if (shown === '') return '(empty)';
  const fence = '`'.repeat(longestRun(shown) + 1);
  const pad = /^`|`$|^ .* $/.test(shown) ? ' ' : '';
  return `${fence}${pad}${shown}${pad}${fence}`;
}

function fenced(language: string, text: string): string {
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}${language}\n${text}\n${fence}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}

function target(path: string): string {
  return encodeURI(path).replace(/[()]/g, (character) => (character === '(' ? '%28' : '%29'));
}

function oneLine(text: string): string {
  return unseenWritten(text.replace(/\s+/g, (blank) => (/^[ \n\r\t]+$/.test(blank) ? ' ' : blank)));
}

/** A stranger's text in lines that fit, what cannot be seen in it written as an escape. */
export function quoteLines(text: string, width: number = WIDTH): readonly string[] {
  return text.split(/\r\n|[\n\r]/).flatMap((line) => folded(unseenWritten(line.replaceAll('\t', '  ')), width));
}

function folded(line: string, width: number): readonly string[] {
  const lines: string[] = [];
  let rest = line;
  while (rest.length > width) {
    const blank = rest.lastIndexOf(' ', width);
    const end = blank > width / 2 ? blank : width;
    lines.push(rest.slice(0, end).trimEnd());
    rest = rest.slice(end).trimStart();
  }
  return [...lines, rest];
}
