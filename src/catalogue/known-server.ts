import type { RiskClass } from '../policy/decision.ts';
import type { JsonObject } from '../wire/json.ts';
import type { Severity } from './classification.ts';

/** A server as the catalogue knows it. */
export interface KnownServer {
  /** Its name in the catalogue, and that of its file: `mitmproxy`, `kubernetes-containers`. */
  readonly name: string;
  /** As people write it. */
  readonly title: string;
  /** Where it comes from: a repository or a package. */
  readonly source: string;
  /** What its definitions were taken from. */
  readonly origin: string;
  readonly version: string | undefined;
  readonly license: string | undefined;
  /** `hand`: read and judged tool by tool, with rules for its traps; `labels`: each class was judged by reading. */
  readonly checked: 'hand' | 'labels';
  /** What one must know before it is put behind the gate; whole sentences. */
  readonly notes: readonly string[];
  /** `results` of a policy for it, written by hand: what is masked in its answers. */
  readonly results: JsonObject | undefined;
  /** By name, in the server's order. */
  readonly tools: ReadonlyMap<string, KnownTool>;
}

export interface KnownTool {
  readonly name: string;
  readonly class: RiskClass;
  readonly severity: Severity;
  readonly reason: string;
  /** The tool as the server lists it, as far as it is known: name, description, inputSchema, annotations. Made when it is first asked for. */
  definition(): JsonObject;
  /**
   * The entry for a policy that was written for this tool by hand; undefined: what its class and signals call for. For a tool that is
   * hidden unless its operator wishes otherwise it is what holds when he does.
   */
  readonly rules: JsonObject | undefined;
  /**
   * For a tool whose answer tells of other tools: an RE2 pattern of what it says of one of them, `NAMES` standing for the names. What it says of
   * hidden ones is masked by it; a tool without it is hidden with them.
   */
  readonly listing: string | undefined;
  /** Calls that its rules speak about; for the tests beside a policy. */
  readonly examples: CallExamples | undefined;
}

/** Arguments of calls by what the rules written for a tool say of them. */
interface CallExamples {
  readonly allowed: readonly JsonObject[];
  /** Those for which a person is asked. */
  readonly asked: readonly JsonObject[];
  readonly refused: readonly JsonObject[];
}
