import type { Attack } from '../catalogue/attack.ts';
import type { AttackRun } from '../catalogue/attack-run.ts';
import type { ApprovalDesk } from '../gateway/approvals/approval-desk.ts';
import type { Person } from '../gateway/approvals/quorum.ts';
import type { AuditLog, Pruned, ValueOpener } from '../gateway/audit/audit-ports.ts';
import type { AuditSearch } from '../gateway/audit/find/audit-search.ts';
import type { PinStore } from '../gateway/ports.ts';
import type { Keep } from '../settings/keep-bounds.ts';
import type { Secret } from '../settings/secret.ts';
import type { Json } from '../wire/json.ts';
import type { LookedConfiguration, Surroundings } from './doctor-surroundings.ts';
import type { LookedExports } from './looked-export.ts';
import type { Prompt } from './prompt.ts';

/** Where a command writes. */
export interface Output {
  write(text: string): void;
}

export interface ServeOptions {
  /** Absolute path of the configuration; undefined for the example. */
  readonly config: string | undefined;
  /** Absolute path of the data folder. */
  readonly data: string;
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  /** TLS ends before the gateway, which may therefore listen beyond the loopback without it. */
  readonly behindProxy: boolean;
  /** Absolute paths of PEM files: both or none. */
  readonly tlsCert: string | undefined;
  readonly tlsKey: string | undefined;
  /** The grant whose token is to be made anew and printed. */
  readonly newToken: string | undefined;
  /** The person whose token is to be made anew and printed. */
  readonly newPersonToken: string | undefined;
}

export interface WrapOptions {
  /** Absolute path of a configuration: who may answer questions, and who is told of them. Undefined: nobody but the local user. */
  readonly config: string | undefined;
  /** Absolute path of the policy. */
  readonly policy: string;
  /** Undefined: named for the command, or for the host of the URL. */
  readonly server: string | undefined;
  readonly grant: string;
  /** Absolute path of the data folder. */
  readonly data: string;
  readonly target: WrapTarget;
}

/** The one server of a wrap. */
export type WrapTarget =
  | { readonly kind: 'command'; readonly command: readonly [string, ...string[]] }
  | {
      readonly kind: 'url';
      /** Absolute, http or https, without userinfo and fragment. The query may hold secrets: not for logs. */
      readonly url: string;
      readonly headers: ReadonlyMap<string, Secret>;
    };

/** Where the questions to people are: in a data folder of this machine, or behind a running gateway. */
export type DeskOptions =
  | {
      readonly kind: 'local';
      /** Absolute path of the data folder. */
      readonly data: string;
      /** Absolute path of the configuration in which people stand; undefined for `toolgate.jsonc` of the data folder, if it is there. */
      readonly config: string | undefined;
    }
  | {
      readonly kind: 'remote';
      /** Where the gateway listens: absolute, http or https, nothing but scheme and host (and a path if a proxy wants one). */
      readonly url: URL;
      readonly token: Secret | undefined;
    };

export interface PruneOptions {
  /** Absolute path of the data folder. */
  readonly data: string;
  /** Absolute path of the configuration; undefined for `toolgate.jsonc` of the data folder, if it is there. */
  readonly config: string | undefined;
  /** Undefined: what the configuration says. */
  readonly keep: Keep | undefined;
  readonly how: 'remove' | 'tell';
}

export type PruneReport =
  | { readonly kind: 'pruned'; readonly pruned: Pruned }
  /** Neither the command line nor the configuration says what to keep. */
  | { readonly kind: 'nothing asked'; readonly configuration: LookedConfiguration };

/** A desk, and who sits at it. */
export interface OpenDesk extends ApprovalDesk {
  /** Whose token this is, or, with a name, whether it is that person's passphrase; undefined for nobody's. */
  identify(secret: Secret, name?: string): Promise<Person | undefined>;
  /** The grant whose token this is, where that can be told. */
  grantOf?(secret: Secret): Promise<string | undefined>;
  close(): Promise<void>;
}

/** The desk does not do what it was asked for, and will not if asked again; one line, with the remedy. */
export class DeskFault extends Error {
  override name = 'DeskFault';
}

/** What came of a text in an editor. */
export type EditedText =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'fault'; readonly reason: string };

/** Whose kept arguments are to be erased. */
export interface Erasure {
  /** `look`: only how many. */
  readonly mode: 'look' | 'erase';
  readonly grant: string;
  readonly server: string | undefined;
  readonly tool: string | undefined;
  /** Milliseconds since the epoch, both included. */
  readonly since: number;
  readonly until: number;
  /** Whether neither end was given: then questions to people that are over go as well. */
  readonly isOfAllTime: boolean;
}

export interface Erased {
  readonly values: number;
  readonly questions: number;
  /** Whether they are gone from the write-ahead log too. */
  readonly isGone: boolean;
}

/** What came of fetching a document; the reason is the end of a sentence that begins with its address. */
export type FetchedDocument =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'fault'; readonly reason: string };

/** Everything outside that a command reaches; the only way from the command line to the concrete parts. */
export interface World {
  readonly stdout: Output;
  readonly stderr: Output;
  /** Resolves when whoever reads the output has taken enough of it that more may be written. */
  drained(): Promise<void>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute; what relative paths are relative to. */
  readonly cwd: string;
  /** Wall time, milliseconds since the epoch. */
  now(): number;
  /** Opens the log of a data folder to be read, beside a running gateway. Rejects with `StoreFault`. */
  openLog(folder: string): Promise<AuditLog>;
  /** Opens the search in that log, beside a running gateway; nothing is written but the index. Rejects with `StoreFault`. */
  openSearch(folder: string): Promise<AuditSearch>;
  /** Has the log of a data folder in which a gateway has run signed by a new key; gives the ids of both. Rejects with `StoreFault`. */
  rotateAuditKey(folder: string): Promise<{ readonly old: string; readonly next: string }>;
  /**
   * What opens kept arguments: the folder's own key and those of a configuration (absolute path; undefined for `toolgate.jsonc` of the folder, if it is
   * there). Rejects with `DeskFault` or `StoreFault`.
   */
  openValues(folder: string, config: string | undefined): Promise<ValueOpener>;
  /** What computes the keyed digests that the records of a data folder hold; undefined where its key cannot be read. */
  openDigest(folder: string): Promise<((text: string) => string) | undefined>;
  /** Has kept arguments sealed by a fresh key of the data folder's own; `elsewhere`: those of other keys stay as they are. Rejects with `StoreFault`. */
  rotateValuesKey(
    folder: string,
  ): Promise<{ readonly key: string; readonly changed: number; readonly elsewhere: number }>;
  /** Erases kept arguments from a data folder, beside running gateways. Rejects with `StoreFault`. */
  eraseValues(folder: string, which: Erasure): Promise<Erased>;
  /** Removes what a data folder in which a gateway has run need not keep, or tells what that is. Rejects with `StoreFault`. */
  pruneLog(options: PruneOptions): Promise<PruneReport>;
  /** Opens the pins of a data folder in which a gateway has run, to be read, or (`join`) written, beside a running one. Rejects with `StoreFault`. */
  openPins(folder: string, mode: 'read' | 'join'): Promise<PinStore>;
  /** Opens the questions to people. Rejects with `StoreFault` (the store, or the way to the gateway) or `DeskFault`. */
  openDesk(options: DeskOptions): Promise<OpenDesk>;
  /** Who sits at the terminal, if somebody does. */
  readonly prompt: Prompt;
  /** Opens a text in the user's own editor and waits until it is closed. */
  edit(text: string): Promise<EditedText>;
  /** Waits so long; `stop` as soon as the process is told to end. */
  pause(ms: number): Promise<'go on' | 'stop'>;
  /** Looks at configuration, files, store and machine, and changes nothing. */
  lookAround(options: { readonly config: string | undefined; readonly data: string }): Promise<Surroundings>;
  /** Tells how far the exports of a configuration have come in a data folder. Rejects with `StoreFault`. */
  lookAtExports(options: { readonly config: string | undefined; readonly data: string }): Promise<LookedExports>;
  /** Asks a server of a configuration for its tools, as `tools/list` gives them. Rejects with a fault that one line explains. */
  listTools(config: string | undefined, server: string): Promise<readonly Json[]>;
  /** The same of a server that the command line names. The fault tells what the server wrote last. */
  listToolsOf(target: WrapTarget): Promise<readonly Json[]>;
  /** Gets a small document by HTTP, without following redirects. Never rejects. */
  fetchDocument(url: URL): Promise<FetchedDocument>;
  /** Carries attacks out behind a gateway of their own, and gives what was seen, in their order. */
  carryOut(attacks: readonly Attack[]): AsyncIterable<AttackRun>;
  /** Runs the gateway until it is told to end; the answer is the exit code. */
  serve(options: ServeOptions): Promise<number>;
  /** Guards one server over stdio until either side ends; the answer is the exit code. */
  wrap(options: WrapOptions): Promise<number>;
}
