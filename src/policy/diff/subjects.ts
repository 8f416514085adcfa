import type { CallKind } from '../../wire/call.ts';
import type { Definition, RiskClass } from '../decision.ts';
import { matches, type Pattern, readPattern } from '../pattern.ts';
import type { Policy, Table } from '../policy.ts';
import type { Named } from '../standing.ts';
import { quoted } from '../problem.ts';

/** A tool of the server, as far as it is known. */
export interface KnownTool {
  readonly name: string;
  readonly inputSchema?: import('../../wire/json.ts').Json | undefined;
  readonly definition: Definition;
}
