import { fileURLToPath } from 'node:url';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const node = (path: string, ...args: string[]): readonly string[] => [process.execPath, at(path), ...args];

/** The real servers, as they come from npm. */
export const EVERYTHING: readonly string[] = node(
  '../../node_modules/@modelcontextprotocol/server-everything/dist/index.js',
  'stdio',
);
export const MEMORY: readonly string[] = node('../../node_modules/@modelcontextprotocol/server-memory/dist/index.js');
export function filesystem(folder: string): readonly string[] {
  return node('../../node_modules/@modelcontextprotocol/server-filesystem/dist/index.js', folder);
}

/** The servers of the kit. */
export const RECORDING: readonly string[] = node('../kit/recording-server.ts');
export const MITMPROXY: readonly string[] = node('../kit/mitmproxy-stand-in.ts');
export const FLOWFORGE: readonly string[] = node('../kit/flowforge-stand-in.ts');

/** The same server, and all that reaches it is appended to the file. */
export function tapped(file: string, command: readonly string[]): readonly string[] {
  return [process.execPath, fileURLToPath(new URL('./tap.ts', import.meta.url)), file, ...command];
}

/** A server that does not end when it is asked to; its process number is written to the file. */
export function stubborn(pidFile: string): readonly string[] {
  return [process.execPath, fileURLToPath(new URL('./stubborn-server.ts', import.meta.url)), pidFile];
}

/** The same server, its process number written to the file. */
export function numbered(pidFile: string, command: readonly string[]): readonly string[] {
  return ['/bin/sh', '-c', 'echo $$ > "$0"; exec "$@"', pidFile, ...command];
}

export const INSPECTOR: readonly string[] = node(
  '../../node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js',
  '--cli',
);
export const TOOLGATE: readonly string[] = node('../../src/main.ts');
