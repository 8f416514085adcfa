// What the pure folders may use beyond the ES2024 library; both exist in every runtime that can run this.

interface JSON {
  /** A value that `JSON.stringify` writes as exactly this text (a number that a double cannot hold). */
  rawJSON(text: string): object;
  isRawJSON(value: unknown): boolean;
}
