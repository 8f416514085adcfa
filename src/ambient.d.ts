// What the pure folders may use beyond the ES2024 library; every runtime that can run this has it.

interface JSON {
  /** A value that `JSON.stringify` writes as exactly this text (a number that a double cannot hold). */
  rawJSON(text: string): object;
  isRawJSON(value: unknown): boolean;
}

/** The WHATWG URL parser, as far as pure code uses it. */
interface URL {
  readonly href: string;
  readonly protocol: string;
  readonly hostname: string;
}

declare var URL: {
  new (url: string | URL, base?: string | URL): URL;
  /** The URL, or null where the text is none. */
  parse(url: string, base?: string): URL | null;
  canParse(url: string, base?: string): boolean;
};
