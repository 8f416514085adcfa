import type { RiskClass } from '../policy/decision.ts';

/** How much harm one call can do. */
export type Severity = 'low' | 'medium' | 'high' | 'critical';

/** From the least to the worst. */
export const SEVERITIES: readonly Severity[] = ['low', 'medium', 'high', 'critical'];

/** What else there is to know of a tool before it is let at anything; rules are recommended by these. */
export type SignalKind =
  /** One call acts on many things. */
  | 'bulk'
  /** An argument is code or a shell command. */
  | 'code'
  /** An argument is a query in a language of its own: SQL, Cypher, PromQL. */
  | 'sql'
  /** An argument names a file or folder. */
  | 'path'
  /** An argument names a URL or a host. */
  | 'url'
  /** An argument is markup that somebody's browser or mail program will obey. */
  | 'html'
  /** An argument says who gets something. */
  | 'recipient'
  /** An argument is a sum of money or a quantity of value. */
  | 'amount'
  /** An argument is a secret. */
  | 'credential-in'
  /** The answer can hold secrets. */
  | 'credential-out'
  /** More than ten parameters. */
  | 'many-parameters'
  /** An argument that is left out makes the call act on more. */
  | 'widens-when-absent'
  /** Says yes where a person should. */
  | 'approves'
  /** Its answer names tools, hidden ones too. */
  | 'lists-tools'
  /** An id that the server puts into the path of a request. */
  | 'id-in-path';

export interface Signal {
  readonly kind: SignalKind;
  /** The parameter it was seen at; undefined where it is the tool's as a whole. */
  readonly parameter: string | undefined;
}

/** A piece of the definition that the class, the severity or a signal rests on. */
export interface Evidence {
  readonly from: 'name' | 'description' | 'schema' | 'annotations' | 'catalogue' | 'operator';
  /** As it stands there, cut where it is long. */
  readonly quote: string;
  /** What it was taken to say. */
  readonly says: string;
}

/** What a tool can do, and why that is thought. Frozen. */
export interface Classification {
  readonly class: RiskClass;
  readonly severity: Severity;
  /** One sentence. */
  readonly reason: string;
  readonly evidence: readonly Evidence[];
  readonly signals: readonly Signal[];
  /** Who said so. */
  readonly by: 'classifier' | 'catalogue' | 'operator';
  /** Of the rules of the classifier, whoever had the last word. */
  readonly version: string;
}
