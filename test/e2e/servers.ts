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
  return node('tap.ts', file, ...command);
}

export const INSPECTOR: readonly string[] = node(
  '../../node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js',
  '--cli',
);
export const TOOLGATE: readonly string[] = node('../../src/main.ts');
