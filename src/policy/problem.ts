/** Something wrong in a document, and where. */
export interface Problem {
  /** JSON Pointer of the place; empty for the document itself. */
  readonly pointer: string;
  /** One line: what is wrong and what to write instead. */
  readonly message: string;
}

/** The JSON Pointer of a member of the value at `pointer`. */
export function below(pointer: string, key: string | number): string {
  if (typeof key === 'number') return `${pointer}/${key}`;
  return `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** A JSON Pointer within a message: keys can hold anything, and one line is to stay one line. */
export function shown(pointer: string): string {
  return /^[!-~]*$/.test(pointer) ? pointer : quoted(pointer);
}

/** A stranger's text in double quotes, shortened so that one line stays one line. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100).toWellFormed()}…` : text);
}
