import { type JsonObject, objectOf } from '../wire/json.ts';
import type { Classification } from './classification.ts';
import type { KnownTool } from './known-server.ts';

/** What the definition cannot tell, and its operator can. */
export interface Wishes {
  /** What becomes of destructive tools. */
  readonly destructive: 'hide' | 'approve';
  /** Absolute folders within which paths must stay; empty where none was named. */
  readonly roots: readonly string[];
  /** Hosts that URLs may name, as `url_host_in` takes them; empty where none was named. */
  readonly hosts: readonly string[];
}

export interface Recommendation {
  /** The entry under `tools` of a policy; with `action: hide` where the tool is not to be seen. */
  readonly rules: JsonObject;
  /** Why each part of it is there, and what its reader still has to decide; whole sentences. */
  readonly notes: readonly string[];
}

/** The entry that fits a tool, under a policy that refuses by default. */
export function recommend(
  tool: JsonObject,
  { class: riskClass }: Classification,
  known: KnownTool | undefined,
  _wishes: Wishes,
): Recommendation {
  if (known?.rules !== undefined) return { rules: known.rules, notes: ['Written for this tool by hand.'] };
  const name = String(tool['name']);
  if (riskClass === 'read') return { rules: objectOf([]), notes: [] };
  return { rules: objectOf([['limits', [objectOf([['counter', `${name}_rate`]])]]]), notes: [] };
}
