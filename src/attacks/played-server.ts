/** A small MCP server that a scenario puts behind the gate. */
export interface PlayedServer {
  /** What it lists at this moment. */
  tools(): readonly PlayedTool[];
}

export interface PlayedTool {
  readonly name: string;
  readonly description: string;
  readonly parameters?: Readonly<Record<string, 'string' | 'number' | 'boolean'>>;
  /** Gives the answer's text. What it throws is answered as a tool's error. */
  run(args: Args, caller: Caller): string;
}

export type Args = Readonly<Record<string, unknown>>;

/** What an HTTP server learns of who calls; over stdio there is nothing to learn. */
export interface Caller {
  readonly authorization: string | undefined;
}

/** What a server finds where it runs. */
export interface Machine {
  /** Notes what it did in its record, which neither gate nor agent can reach. */
  did(what: string): void;
  /** The package that was started: `mailer`, `mailer@1.0.15`. */
  readonly installed: string;
  /** What its author published last. */
  published(): string;
}

export type OpenServer = (machine: Machine) => PlayedServer;

/** An argument as text; what is not there is empty. */
export function text(args: Args, name: string): string {
  const value = args[name];
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
