import type { Connection, ConnectionEvents, Upstream } from '../gateway/ports.ts';
import { RELAY, type ReadLimits } from '../wire/read-json.ts';
import { chatter } from './chatter.ts';
import { ChildConnection, type ChildPlan } from './child-connection.ts';
import { childEnvironment, secretValues } from './environment.ts';
import { createReaper, type Reaper } from './reaper.ts';
import { masker } from './shown.ts';

export interface CommandOptions {
  /** The program and its arguments; no shell reads them. */
  readonly command: readonly string[];
  /** Added to the short safe part of the gateway's own environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Takes what the server writes to its standard error, line by line, bounded in length and number. */
  onLog(line: string): void;
  /** Longest line that the server may write; 10 MiB where not given. */
  readonly maxLineBytes?: number;
  /** How a message of the server is read: depth, and number of values; as `RELAY` where not given. */
  readonly read?: ReadLimits;
  /** How long the process may take to end by itself, and again after TERM; 500 ms where not given. */
  readonly graceMs?: number;
  /** The dead man's switch, one for the whole gateway; without it the upstream has one of its own. */
  readonly reaper?: Reaper;
}

const MAX_LOG_LINES = 500;

/** A server that is a command: one process for each connection. Throws where the command is empty. */
export function commandUpstream(options: CommandOptions): Upstream {
  const [file, ...args] = options.command;
  if (file === undefined || file === '') throw new Error('the command is empty: name a program');
  const reaper = options.reaper ?? createReaper();
  const plan: ChildPlan = {
    file,
    args,
    cwd: options.cwd,
    env: childEnvironment(process.env, options.env),
    maxLineBytes: options.maxLineBytes ?? 10 * 1024 * 1024,
    read: options.read ?? RELAY,
    graceMs: options.graceMs ?? 500,
    reaper,
    mask: masker(secretValues(options.env)),
    onLog: chatter(MAX_LOG_LINES, options.onLog),
  };
  const open = new Set<ChildConnection>();
  let closed = false;

  function start(events: ConnectionEvents): Connection {
    if (closed) return refused(events, 'the gateway is closing');
    try {
      const connection = new ChildConnection(plan, events);
      open.add(connection);
      void connection.gone.then(() => open.delete(connection));
      return connection;
    } catch (error) {
      return refused(events, whyRefused(error));
    }
  }

  return {
    transport: 'stdio',
    identity: JSON.stringify(['command', options.command, options.cwd ?? null]),
    connect: start,
    async close() {
      closed = true;
      await Promise.all([...open].map((connection) => connection.close()));
      if (options.reaper === undefined) await reaper.close();
    },
  };
}

function whyRefused(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ERR_INVALID_ARG_VALUE') {
    return 'cannot start the server: its command, arguments or environment hold a NUL; remove it';
  }
  return `cannot start the server: ${typeof code === 'string' ? code : 'the system refused'}; check the command`;
}

/** A connection that was over before it began. */
function refused(events: ConnectionEvents, reason: string): Connection {
  let silent = false;
  queueMicrotask(() => {
    if (!silent) events.closed(reason);
    silent = true;
  });
  return {
    send({ message }) {
      if (typeof message['id'] === 'number' && message['method'] !== undefined) {
        events.failed(message['id'], 'unsent', reason);
      }
    },
    pause() {},
    resume() {},
    async close() {
      silent = true;
    },
  };
}
