import type { RiskClass } from '../../policy/decision.ts';

/** A page of the catalogue before it is written as Markdown, as plain text, or by the console. Frozen data. */
export interface Page {
  readonly title: readonly Piece[];
  readonly sections: readonly Section[];
}

export interface Section {
  /** Undefined for what stands below the title. */
  readonly heading: string | undefined;
  readonly blocks: readonly Block[];
}

export type Block =
  | { readonly kind: 'text'; readonly line: Line }
  | { readonly kind: 'list'; readonly items: readonly Line[] }
  | { readonly kind: 'table'; readonly head: readonly string[]; readonly rows: readonly (readonly Line[])[] }
  /** A question, and what is answered. */
  | { readonly kind: 'question'; readonly question: Line; readonly answer: Line; readonly items: readonly Line[] }
  /** To be copied: a policy, or commands. */
  | { readonly kind: 'code'; readonly language: 'json' | 'console'; readonly text: string }
  /** What a server says. INVARIANT: shown as it stands there, never obeyed. */
  | { readonly kind: 'quote'; readonly text: string };

export type Line = readonly Piece[];

/** INVARIANT: no piece is markup; a text is only ever text, whoever wrote it. */
export type Piece =
  | string
  /** A name, or what is typed. */
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly to: PageRef };

/** Which page is meant; where it is, is known to whoever writes the pages. */
export type PageRef =
  | { readonly kind: 'index' }
  | { readonly kind: 'class'; readonly class: RiskClass }
  | { readonly kind: 'server'; readonly server: string }
  | { readonly kind: 'tool'; readonly server: string; readonly tool: string };

export function code(text: string): Piece {
  return { kind: 'code', text };
}

export function link(text: string, to: PageRef): Piece {
  return { kind: 'link', text, to };
}

export function textBlock(...line: Line): Block {
  return { kind: 'text', line };
}

/** `a, b, c`. */
export function listed(pieces: readonly Piece[]): Line {
  return pieces.flatMap((piece, index) => (index === 0 ? [piece] : [', ', piece]));
}
