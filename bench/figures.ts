/** One measured run. */
export interface Sample {
  readonly callsPerSecond: number;
  /** Median round trip, µs. */
  readonly p50: number;
  /** CPU time of what is measured, for each call, µs. */
  readonly cpu: number;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** The medians over the rounds, each figure by itself. */
export function medianOf(samples: readonly Sample[]): Sample {
  const of = (pick: (one: Sample) => number): number => median(samples.map(pick));
  return { callsPerSecond: of((one) => one.callsPerSecond), p50: of((one) => one.p50), cpu: of((one) => one.cpu) };
}

/** Columns padded to the widest cell; the first to the left, the others to the right. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const pad = (cell: string, column: number): string =>
    column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  return rows.map((row) => `  ${row.map(pad).join('   ')}`.trimEnd()).join('\n');
}

export const whole = (value: number): string => Math.round(value).toLocaleString('en');
export const ratio = (value: number): string => value.toFixed(2);
