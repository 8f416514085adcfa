import { visibleJson } from '../settings/visible.ts';
import type { JsonObject } from '../wire/json.ts';
import { writeJson } from '../wire/write-json.ts';
import { CSV_HEAD, csvCells } from './audit-csv.ts';
import { AUDIT_HEAD, auditRow } from './audit-table.ts';
import { csvLine } from './csv-line.ts';
import { type Options, UsageFault } from './options.ts';
import { columnWidths, tableLine } from './table.ts';
import type { Output } from './world.ts';

/** Rows by which the width of the columns is chosen; more are not held back. */
const MEASURED = 100;

const FORMATS = ['json', 'jsonl', 'csv'] as const;
type Format = (typeof FORMATS)[number] | 'table';

/** Writes records as they are found; none of them is kept. */
export interface AuditOutput {
  write(lines: readonly JsonObject[]): void;
  end(): void;
}

/** Throws `UsageFault`. */
export function formatIn({ flags }: Options): Format {
  const [format = 'table', second] = FORMATS.filter((one) => flags.has(one));
  if (second !== undefined) throw new UsageFault(`either --${format} or --${second}, not both`);
  return format;
}

/** `least`: how wide the columns of a table are, if nothing makes them wider. */
export function auditOutput(format: Format, out: Output, least: readonly number[] = []): AuditOutput {
  switch (format) {
    case 'json':
      return jsonArray(out);
    case 'jsonl':
      return {
        write: (lines) =>
          writeAll(
            out,
            lines.map((line) => `${jsonText(line)}\n`),
          ),
        end() {},
      };
    case 'csv':
      out.write(csvLine(CSV_HEAD));
      return {
        write: (lines) =>
          writeAll(
            out,
            lines.map((line) => csvLine(csvCells(line))),
          ),
        end() {},
      };
    case 'table':
      return table(out, least);
  }
}

export function jsonText(line: JsonObject): string {
  return visibleJson(writeJson(line));
}

function jsonArray(out: Output): AuditOutput {
  let before = '[';
  return {
    write(lines) {
      const texts = lines.map((line) => {
        const text = `${before}\n${jsonText(line)}`;
        before = ',';
        return text;
      });
      writeAll(out, texts);
    },
    end: () => out.write(before === '[' ? '[]\n' : '\n]\n'),
  };
}

function table(out: Output, least: readonly number[]): AuditOutput {
  let held: (readonly string[])[] | undefined = [AUDIT_HEAD];
  let widths: readonly number[] = [];
  const writeRows = (rows: readonly (readonly string[])[]): void =>
    writeAll(
      out,
      rows.map((row) => `${tableLine(row, widths)}\n`),
    );
  const release = (): void => {
    if (held === undefined) return;
    widths = columnWidths(held).map((width, column) => Math.max(width, least[column] ?? 0));
    writeRows(held);
    held = undefined;
  };
  return {
    write(lines) {
      const rows = lines.map(auditRow);
      if (held === undefined) return writeRows(rows);
      held.push(...rows);
      if (held.length > MEASURED) release();
    },
    end: release,
  };
}

function writeAll(out: Output, texts: readonly string[]): void {
  if (texts.length > 0) out.write(texts.join(''));
}
