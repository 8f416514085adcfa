import type { Store } from '../gateway/ports.ts';
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
  /** Undefined: named for the command. */
  readonly server: string | undefined;
  readonly grant: string;
  /** Absolute path of the data folder. */
  readonly data: string;
  readonly command: readonly [string, ...string[]];
}

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
  /** Asks a server of a configuration for its tools, as `tools/list` gives them. Rejects with a fault that one line explains. */
  listTools(config: string | undefined, server: string): Promise<readonly Json[]>;
  /** Runs the gateway until it is told to end; the answer is the exit code. */
  serve(options: ServeOptions): Promise<number>;
  /** Runs one guarded stdio server until it ends; the answer is the exit code. */
  wrap(options: WrapOptions): Promise<number>;
}
