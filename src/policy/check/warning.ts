import type { Json, JsonObject } from '../../wire/json.ts';
import type { RiskClass } from '../decision.ts';

/** What a valid document says that its author can hardly mean, and where. */
export interface Warning {
  /** JSON Pointer of the place; empty for the document itself. */
  readonly pointer: string;
  readonly code: WarningCode;
  /** One line: what is odd and what to write instead. */
  readonly message: string;
}

/** A tool that the server is known to have. */
export interface KnownTool {
  readonly name: string;
  readonly class: RiskClass;
  /** As the server gave it; undefined where it gave none. */
  readonly inputSchema: Json | undefined;
  readonly annotations: JsonObject;
}

export type WarningCode =
  | 'absent-passes'
  | 'always-matches'
  | 'approval-nobody'
  | 'dead-rules'
  | 'duplicate-id'
  | 'fractional-max'
  | 'hidden-entry'
  | 'left-open'
  | 'limit-never-bites'
  | 'list-in-baseline'
  | 'mode-overruled'
  | 'never-matches'
  | 'no-such-argument'
  | 'no-such-tool'
  | 'nothing-allowed'
  | 'per-spelled'
  | 'regex-on-host'
  | 'regex-on-path'
  | 'session-under-security'
  | 'shadowed-entry'
  | 'shared-counter'
  | 'spelled-alike'
  | 'unanchored-regex'
  | 'unreadable-schema'
  | 'value-outside-schema';

/** What each code stands for, in one sentence, and what to do about it in another. */
export const WARNINGS: { readonly [code in WarningCode]: { readonly says: string; readonly remedy: string } } = {
  'absent-passes': {
    says: 'A negative operator in deny_if does not match where the value is absent.',
    remedy: 'Put the positive operator into {"not": …}, which matches an absent value too.',
  },
  'always-matches': {
    says: 'A condition holds whatever is called, so it changes nothing or refuses everything.',
    remedy: 'Leave it out, or write {"action": "deny"} if everything is to be refused.',
  },
  'approval-nobody': {
    says: 'More people must agree than may answer.',
    remedy: 'Lower "count", or name more approvers.',
  },
  'dead-rules': {
    says: 'Rules stand beside one that refuses every call, so they never speak.',
    remedy: 'Leave them out, or leave out what refuses every call.',
  },
  'duplicate-id': {
    says: 'Two rules of one entry have the same id.',
    remedy: 'Give each an id of its own, so that the log tells them apart.',
  },
  'fractional-max': {
    says: 'A limit that counts calls has a max that is not whole.',
    remedy: 'Write a whole number.',
  },
  'hidden-entry': {
    says: 'An entry allows a tool that "hide" hides.',
    remedy: 'Remove the entry, or take the name out of "hide".',
  },
  'left-open': {
    says: 'A destructive or financial tool is allowed without a limit and without approval.',
    remedy: 'Add "limits", or {"action": "require_approval"}, or refuse it.',
  },
  'limit-never-bites': {
    says: 'A limit can never be reached.',
    remedy: 'Remove it, or lower its max.',
  },
  'list-in-baseline': {
    says: '"list" has no effect in a baseline.',
    remedy: 'Write it in the policies.',
  },
  'mode-overruled': {
    says: 'An entry that wants to be enforced stands in a document in shadow.',
    remedy: 'Remove "mode": "shadow" from the document, and put it into the entries that are to stay in shadow.',
  },
  'never-matches': {
    says: 'No value can satisfy the conditions, of one entry or of several of one tool.',
    remedy: 'Change one of the conditions; alternatives belong into {"any": […]}.',
  },
  'no-such-argument': {
    says: "The tool's inputSchema does not have the argument at this path.",
    remedy: 'Write the name of an argument that it has.',
  },
  'no-such-tool': {
    says: 'The server has no tool of this name, or none that the pattern matches.',
    remedy: 'Write the name as the server lists it; case counts.',
  },
  'nothing-allowed': {
    says: 'The policy refuses every tool though it seems meant otherwise.',
    remedy: 'Name under "tools" what is allowed, or write the default that is meant.',
  },
  'per-spelled': {
    says: 'A limit counts apart by an argument of any type, so another spelling of the same value has a counter of its own.',
    remedy: 'Add "validate": "schema", or a condition on the type.',
  },
  'regex-on-host': {
    says: 'A test on the letters of a URL or host can be got around.',
    remedy: 'Use url_host_in and url_scheme_in, which read the URL as servers do.',
  },
  'regex-on-path': {
    says: 'A test on the letters of a file path can be got around with .. and encodings.',
    remedy: 'Use path_within, which resolves them.',
  },
  'session-under-security': {
    says: 'A rule rests on the session, which the agent can throw away for a new one.',
    remedy: 'Use the scope grant, or grant.calls.',
  },
  'shadowed-entry': {
    says: 'Other entries speak for every tool that this one could speak for.',
    remedy: 'Remove it, or move its rules to the entries that speak.',
  },
  'shared-counter': {
    says: 'Entries that seem unrelated share one counter by its name.',
    remedy: 'Give each limit a counter of its own name, unless they are to be counted together.',
  },
  'spelled-alike': {
    says: 'A requirement that a value is not one thing lets the same thing in another spelling pass.',
    remedy: 'Add "validate": "schema", or a condition on the type.',
  },
  'unanchored-regex': {
    says: 'A required regex is searched for anywhere in the text.',
    remedy: 'Anchor it with ^ and $, or end it with .* where anything may follow.',
  },
  'unreadable-schema': {
    says: 'The arguments of a tool are to be checked against a schema that cannot be used, so every call is refused.',
    remedy: 'Leave "validate" out for this tool.',
  },
  'value-outside-schema': {
    says: "No value that the tool's inputSchema allows fits the condition.",
    remedy: 'Write a value of the type, and out of the values, that the schema names.',
  },
};
