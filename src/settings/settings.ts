import type { CheckpointPace } from '../gateway/audit/audit-ports.ts';
import type { ExportStart } from '../gateway/audit/export-ports.ts';
import type { ApprovalSettings, ArgumentPrivacy } from '../gateway/gate.ts';
import type { Limits } from '../gateway/limits.ts';
import type { PinMode } from '../gateway/pins/pin-mode.ts';
import type { RiskClass } from '../policy/decision.ts';
import type { Keep } from './keep-bounds.ts';
import type { NamedPolicy } from './named-policy.ts';
import type { Secret } from './secret.ts';
import type { WatchedFile } from './stamp.ts';
import type { HookForm, NoticeEvent } from './words.ts';

/** One reading of the configuration: complete, checked, immutable. Tokens are in it as hashes only. */
export interface Settings {
  readonly servers: ReadonlyMap<string, ServerSettings>;
  readonly baseline: NamedPolicy | undefined;
  readonly grants: ReadonlyMap<string, GrantSettings>;
  readonly people: ReadonlyMap<string, PersonSettings>;
  /** How people are asked, where policies are silent. */
  readonly approvals: AskSettings;
  /** Who is told outside, by the names of the hooks. */
  readonly hooks: ReadonlyMap<string, HookSettings>;
  readonly audit: AuditSettings;
  readonly limits: Limits;
  /** Lower-case names, with or without port, that `Host` may carry beside the loopback ones. */
  readonly hosts: readonly string[];
  /** Origins, as browsers write them, that may call beside those of the loopback. */
  readonly origins: readonly string[];
  /** The configuration and every policy file, for the watch. */
  readonly files: readonly WatchedFile[];
}

export interface AnyServerSettings {
  readonly name: string;
  /** Classes that the operator set for tools by name. */
  readonly classes: ReadonlyMap<string, RiskClass>;
  /** The server of the catalogue that it is; `none`: none of them; undefined: by its command, else by its name. */
  readonly catalogue: string | undefined;
  readonly pins: PinMode;
  /** What the log keeps of arguments, by the names of tools; "*" for all others. Empty: as everywhere. */
  readonly privacy: ReadonlyMap<string, ArgumentPrivacy>;
  /** How long an answer may take. */
  readonly timeoutMs: number;
  /** How long a session may stay unused before it ends. */
  readonly idleMs: number;
}

export interface CommandServerSettings extends AnyServerSettings {
  readonly kind: 'command';
  /** Program and arguments; never empty. May hold secrets: not for logs. */
  readonly command: readonly [string, ...string[]];
  readonly env: ReadonlyMap<string, Secret>;
  /** Absolute; undefined for the gateway's own. */
  readonly cwd: string | undefined;
}

export interface UrlServerSettings extends AnyServerSettings {
  readonly kind: 'url';
  /** Absolute, http or https, without userinfo and fragment. The query may hold secrets: not for logs. */
  readonly url: string;
  readonly headers: ReadonlyMap<string, Secret>;
}

export type ServerSettings = CommandServerSettings | UrlServerSettings;

export interface GrantSettings {
  readonly name: string;
  readonly owner: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The policy for each server that the grant may reach. */
  readonly policies: ReadonlyMap<string, NamedPolicy>;
  /** SHA-256 of the token, lower-case hex; undefined when the configuration names none. */
  readonly tokenHash: string | undefined;
  /** Milliseconds since the epoch; from then on the grant is worth nothing. */
  readonly expiresAt: number | undefined;
}

export type Role = 'viewer' | 'approver' | 'editor' | 'admin';

export interface PersonSettings {
  readonly name: string;
  readonly roles: ReadonlySet<Role>;
  /** SHA-256 of the token, lower-case hex; undefined when the configuration names none. */
  readonly tokenHash: string | undefined;
  /** As `hashPassphrase` makes it. Whoever reads it can try guesses: not for logs. */
  readonly passphrase: string | undefined;
}

/** What the configuration says about how people are asked. */
export type AskSettings = Pick<ApprovalSettings, 'url' | 'timeoutMs' | 'holdMs' | 'maxOfGrant' | 'maxOfName'>;

export interface HookSettings {
  readonly name: string;
  /** Absolute, http or https. */
  readonly url: Secret;
  readonly form: HookForm;
  /** Signs what is sent; never undefined for `json`. */
  readonly secret: Secret | undefined;
  readonly events: ReadonlySet<NoticeEvent>;
}

/** When a record is on the disk: soon, before the server hears of the call, or before the client hears the answer. */
type SyncMode = 'interval' | 'before-send' | 'before-reply';

export interface ValueKeySettings {
  /** The key that seals from now on; undefined for one in the data folder, which is made when it is first needed. */
  readonly key: KeyPlace | undefined;
  /** Keys that sealed before and still open; what they sealed is sealed anew with `key`. */
  readonly earlier: readonly KeyPlace[];
}

/** 32 bytes as text, or the absolute path of a file that holds such a text. */
export type KeyPlace =
  | { readonly kind: 'text'; readonly text: Secret }
  | { readonly kind: 'file'; readonly file: string };

export interface AuditSettings {
  readonly arguments: ArgumentPrivacy;
  /** What arguments are sealed with that are kept whole. */
  readonly values: ValueKeySettings;
  readonly sync: SyncMode;
  /** How often the log is signed. */
  readonly checkpoints: CheckpointPace;
  /** Where the log is handed over to as it grows, by name. */
  readonly exports: ReadonlyMap<string, ExportSettings>;
  /** What of the log is kept; undefined: all of it. */
  readonly keep: Keep | undefined;
}

interface AnyExportSettings {
  readonly name: string;
  readonly from: ExportStart;
}

export interface AddressExportSettings extends AnyExportSettings {
  /** Absolute, http or https. */
  readonly url: Secret;
  readonly headers: ReadonlyMap<string, Secret>;
}

export type ExportSettings =
  | (AddressExportSettings & { readonly to: 'http' })
  | (AddressExportSettings & { readonly to: 'otlp'; readonly service: string })
  | (AnyExportSettings & {
      readonly to: 'file';
      /** Absolute. */
      readonly file: string;
    });
