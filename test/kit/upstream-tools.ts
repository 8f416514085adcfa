import { appendFileSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Obj } from './json-rpc.ts';
import type { ToolDefinition } from './tool-server.ts';

export interface UpstreamTools<T extends ToolDefinition> {
  /** Public repository and version of the server whose tools these are. */
  readonly upstream: string;
  readonly serverInfo: { readonly name: string; readonly version: string };
  readonly tools: readonly T[];
}

/** Reads a tool list that lies beside this file. */
export function readTools<T extends ToolDefinition>(
  file: 'mitmproxy.tools.json' | 'flowforge.tools.json',
): UpstreamTools<T> {
  return JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8'));
}

/** Appends calls to the file named by `--record`, one JSON line each; without the option it does nothing. */
export function callRecorder(args: string[]): (entry: Obj) => void {
  const { values } = parseArgs({ args, options: { record: { type: 'string' } } });
  const file = values.record;
  return (entry) => {
    if (file !== undefined) appendFileSync(file, `${JSON.stringify(entry)}\n`);
  };
}
