/** How far an export has come. */
export interface LookedExport {
  readonly name: string;
  /** Undefined for one that is not configured any more; it keeps its place. */
  readonly to: 'otlp' | 'http' | 'file' | undefined;
  /** Records that its receiver has not taken yet. */
  readonly behind: number;
  /** When the first of them was written: wall time, ms. */
  readonly oldest: number | undefined;
  /** What it fails with, as far as the newest records tell. */
  readonly problem: { readonly why: string; readonly since: number } | undefined;
}

export type LookedExports =
  | { readonly kind: 'exports'; readonly exports: readonly LookedExport[] }
  /** The configuration does not load: lines for the user. */
  | { readonly kind: 'problems'; readonly lines: string };
