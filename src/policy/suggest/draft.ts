import type { RiskClass } from '../decision.ts';
import type { Part } from './argument-rules.ts';
import type { LeftOut } from './suggestion.ts';

/** The rules that are suggested for one tool, resource or prompt. */
export interface EntryDraft {
  readonly table: 'tools' | 'resources' | 'prompts' | 'requests';
  /** Its name, or a pattern. */
  readonly name: string;
  readonly class: RiskClass;
  readonly asks: 'always' | 'never';
  readonly validate: Validated | undefined;
  readonly require: readonly Part[];
  readonly approveIf: readonly Part[];
  readonly limits: readonly Part[];
  /** Of the calls that it speaks for. */
  readonly says: string;
  readonly calls: number;
  readonly first: number;
  readonly last: number;
  readonly examples: readonly string[];
}

export interface Validated {
  readonly how: 'schema' | 'strict';
  readonly says: string;
}

/** A policy in the making. */
export interface Draft {
  readonly description: string;
  readonly entries: readonly EntryDraft[];
  readonly leftOut: readonly LeftOut[];
}
