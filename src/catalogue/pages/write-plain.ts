import { unseenWritten } from '../../wire/unseen.ts';
import type { Block, Line, Page, Piece } from './page.ts';
import { quoteLines } from './write-markdown.ts';

const WIDTH = 100;

/** A page for a terminal: nothing of it does anything there. */
export function writePlain(page: Page): string {
  const title = lineOf(page.title);
  const parts = [`${title}\n${'='.repeat(Math.min(title.length, WIDTH))}`];
  for (const { heading, blocks } of page.sections) {
    if (heading !== undefined) parts.push(heading.toUpperCase());
    for (const block of blocks) parts.push(blockOf(block));
  }
  return `${parts.join('\n\n')}\n`;
}

function blockOf(block: Block): string {
  switch (block.kind) {
    case 'text':
      return wrapped(lineOf(block.line), '');
    case 'list':
      return itemsOf(block.items, '').join('\n');
    case 'table':
      return tableOf(block.head, block.rows);
    case 'question':
      return [lineOf(block.question), `  ${wrapped(lineOf(block.answer), '  ')}`, ...itemsOf(block.items, '  ')].join(
        '\n',
      );
    case 'code':
      return block.text
        .split('\n')
        .map((line) => `  ${unseenWritten(line)}`)
        .join('\n');
    case 'quote':
      return quoteLines(block.text, WIDTH - 2)
        .map((line) => `  ${line}`)
        .join('\n');
  }
}

function itemsOf(items: readonly Line[], indent: string): readonly string[] {
  return items.map((item) => `${indent}- ${wrapped(lineOf(item), `${indent}  `)}`);
}

/** The last column is text: it is not padded, and goes on below itself. */
function tableOf(head: readonly string[], rows: readonly (readonly Line[])[]): string {
  const cells = [head.map((word) => word.toUpperCase()), ...rows.map((row) => row.map(lineOf))];
  const last = head.length - 1;
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells
    .map((row) =>
      row
        .map((cell, column) => (column === last ? cell : cell.padEnd(widths[column] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function lineOf(line: Line): string {
  return line.map(pieceOf).join('');
}

function pieceOf(piece: Piece): string {
  return unseenWritten((typeof piece === 'string' ? piece : piece.text).replace(/[\n\r\t ]+/g, ' '));
}

function wrapped(text: string, indent: string): string {
  return quoteLines(text, WIDTH - indent.length).join(`\n${indent}`);
}
