import type { PinStore, Store } from '../gateway/ports.ts';
import type { Secret } from '../settings/secret.ts';
import type { Json } from '../wire/json.ts';

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
}

export interface WrapOptions {
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

/** Everything outside that a command reaches; the only way from the command line to the concrete parts. */
export interface World {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute; what relative paths are relative to. */
  readonly cwd: string;
  /** Wall time, milliseconds since the epoch. */
  now(): number;
  /** Opens the log of a data folder to be read, beside a running gateway. Rejects with `StoreFault`. */
  openLog(folder: string): Promise<Store>;
  /** Opens the pins of a data folder in which a gateway has run, to be read, or (`join`) written, beside a running one. Rejects with `StoreFault`. */
  openPins(folder: string, mode: 'read' | 'join'): Promise<PinStore>;
  /** Asks a server of a configuration for its tools, as `tools/list` gives them. Rejects with a fault that one line explains. */
  listTools(config: string | undefined, server: string): Promise<readonly Json[]>;
  /** Runs the gateway until it is told to end; the answer is the exit code. */
  serve(options: ServeOptions): Promise<number>;
  /** Guards one server over stdio until either side ends; the answer is the exit code. */
  wrap(options: WrapOptions): Promise<number>;
}
