import { readFileSync } from 'node:fs';

export interface OperatorRow {
  readonly op: string;
  readonly value: unknown;
  /** JSON texts; undefined where the cell is empty. */
  readonly samples: readonly (readonly [outcome: 'true' | 'false' | 'unknown', json: string])[];
}

const OUTCOMES = ['true', 'false', 'unknown'] as const;

/** The rows of the reference's table of operators: `| op | what | value | true | false | unknown |`. */
export function operatorRows(file: string): readonly OperatorRow[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  const head = lines.findIndex((line) => /^\| `op` \| what .*\| true \| false \| unknown \|$/.test(line));
  const rows = lines.slice(head + 2);
  const end = rows.findIndex((line) => !line.startsWith('|'));
  return head < 0 ? [] : rows.slice(0, end).map(rowOf);
}

function rowOf(line: string): OperatorRow {
  const cells = line.split('|').map((cell) => cell.trim());
  const [, op = '', , value = ''] = cells;
  const samples = OUTCOMES.flatMap((outcome, index) => {
    const cell = cells[4 + index] ?? '';
    return cell === '' ? [] : [[outcome, codeOf(cell)] as const];
  });
  return { op: codeOf(op), value: JSON.parse(codeOf(value)), samples };
}

function codeOf(cell: string): string {
  const code = /^`([^`]+)`$/.exec(cell)?.[1];
  if (code === undefined) throw new Error(`not one piece of code: ${cell}`);
  return code;
}
