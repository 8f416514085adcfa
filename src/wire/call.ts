import type { JsonObject } from './json.ts';

/** What a call is aimed at: each kind has its own table in the policy. */
export type CallKind = 'tool' | 'resource' | 'prompt' | 'request';

/** One message that can cause an effect, as judged and as sent: immutable, strictly read. */
export interface Call {
  readonly kind: CallKind;
  /** The MCP method, e.g. `tools/call`. */
  readonly method: string;
  /** The tool's name, the resource's URI, the prompt's name, or (for a server's request) what it asks for. */
  readonly name: string;
  /** The tool's or prompt's arguments; `{uri}` for a resource. Empty where the message has none. */
  readonly args: JsonObject;
  /** The whole `params`, from which the forwarded message is written. */
  readonly params: JsonObject;
}
