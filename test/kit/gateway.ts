import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Child, startChild } from './child.ts';
import { PATIENCE_MS } from './inbox.ts';
import type { Obj } from './json-rpc.ts';
import { type LineClient, lineClient } from './line-client.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

interface GatewayOptions {
  /** The configuration, as an object or as the text of `toolgate.json`; without it the one in the folder is used. */
  readonly config?: Obj | string;
  /** More files, by path relative to the folder. */
  readonly files?: Readonly<Record<string, string>>;
  /** The folder of an earlier gateway, to start again where that one ended. Without it one is made, and removed at `stop`. */
  readonly folder?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** More options for `serve`. */
  readonly args?: readonly string[];
}

export interface Gateway {
  readonly pid: number;
  readonly port: number;
  /** `http://127.0.0.1:PORT`, for `/healthz` and the like. */
  readonly base: string;
  /** MCP address of a server. */
  url(server: string): string;
  readonly folder: string;
  readonly configFile: string;
  readonly data: string;
  stdout(): string;
  stderr(): string;
  readonly exited: Promise<number | string>;
  stop(): Promise<void>;
  kill9(): Promise<void>;
}

/** Starts the real gateway on a free port; resolves once it has printed its address, rejects with what it said if it ends before. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'toolgate-test-'));
  const configFile = join(folder, 'toolgate.json');
  const data = join(folder, 'data');
  if (options.config !== undefined) {
    writeFileSync(configFile, typeof options.config === 'string' ? options.config : JSON.stringify(options.config));
  }
  for (const [path, text] of Object.entries(options.files ?? {})) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const args = [MAIN, 'serve', '--config', configFile, '--data', data, '--port', '0', ...(options.args ?? [])];
  const child = startChild(process.execPath, args, { cwd: folder, env: options.env ?? {} });
  const stop = async (): Promise<void> => {
    await child.stop();
    if (options.folder === undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  const port = await addressPrinted(child).catch(async (fault: unknown) => {
    await stop();
    throw fault;
  });
  const base = `http://127.0.0.1:${port}`;
  return {
    pid: child.pid,
    port,
    base,
    url: (server) => `${base}/mcp/${server}`,
    folder,
    configFile,
    data,
    stdout: child.stdout,
    stderr: child.stderr,
    exited: child.exited,
    stop,
    kill9: child.kill9,
  };
}

function addressPrinted(child: Child): Promise<number> {
  return new Promise((resolve, reject) => {
    const said = (): string => `stdout: ${child.stdout()}\nstderr: ${child.stderr()}`;
    const late = setTimeout(() => reject(new Error(`the gateway printed no address\n${said()}`)), PATIENCE_MS);
    child.onOutput(() => {
      const match = /http:\/\/127\.0\.0\.1:(\d+)[/\s]/.exec(child.stdout());
      if (!match) return;
      clearTimeout(late);
      resolve(Number(match[1]));
    });
    void child.finished.then((how) => {
      clearTimeout(late);
      reject(new Error(`the gateway ended (${how}) before it was ready\n${said()}`));
    });
  });
}

/** Starts `toolgate wrap` with these arguments and speaks with it over stdio. */
export function wrap(
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): LineClient {
  return lineClient(process.execPath, [MAIN, 'wrap', ...args], options);
}

interface Outcome {
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command of the command line to its end. */
export async function toolgate(
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Outcome> {
  const child = startChild(process.execPath, [MAIN, ...args], options);
  child.endInput();
  const code = await child.finished;
  return { code, stdout: child.stdout(), stderr: child.stderr() };
}
