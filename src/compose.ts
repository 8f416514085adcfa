import type { World } from './cli/world.ts';
import type { PinStore, Store } from './gateway/ports.ts';

/** The command line's way to the concrete parts. They are loaded by the command that needs them, to start fast. */
export function makeWorld(): World {
  const terminal = { stdout: process.stdout, stderr: process.stderr, env: process.env };
  return {
    ...terminal,
    cwd: process.cwd(),
    now: () => Date.now(),
    openLog: (folder) => openStore(folder, 'read'),
    openPins: openStore,
    listTools: async (config, server) => (await import('./compose/list-tools.ts')).listTools(config, server, terminal),
    serve: async (options) => (await import('./compose/serve.ts')).serve(options, terminal),
    wrap: async (options) => (await import('./compose/wrap.ts')).wrap(options, terminal),
  };
}

async function openStore(folder: string, mode: 'read' | 'join'): Promise<Store & PinStore> {
  const { openSqliteStore } = await import('./store/sqlite/open.ts');
  const onFault = (line: string): void => void process.stderr.write(`toolgate: ${line}\n`);
  return openSqliteStore({ folder, sync: 'interval', clock: { now: () => Date.now() }, onFault, mode });
}
