import { type Prompt, promptOn } from './cli/prompt.ts';
import type { DeskOptions, OpenDesk, World } from './cli/world.ts';
import { drained } from './compose/drained.ts';
import { pauser } from './compose/pause.ts';
import type { PinStore, Store } from './gateway/ports.ts';

/** The command line's way to the concrete parts. They are loaded by the command that needs them, to start fast. */
export function makeWorld(): World {
  const terminal = { stdout: process.stdout, stderr: process.stderr, env: process.env };
  return {
    ...terminal,
    drained: () => drained(process.stdout),
    cwd: process.cwd(),
    now: () => Date.now(),
    openLog: async (folder) => (await import('./store/sqlite/open.ts')).openSqliteLog(folder),
    openValues: async (folder, config) =>
      (await import('./compose/open-values.ts')).openValues(folder, config, terminal),
    openDigest: async (folder) => (await import('./compose/system-crypto.ts')).readDigest(folder),
    rotateValuesKey: async (folder) =>
      (await import('./compose/rotate-values-key.ts')).rotateValuesKey(folder, terminal),
    eraseValues: async (folder, which) =>
      (await import('./compose/erase-values.ts')).eraseValues(folder, which, terminal),
    openSearch: async (folder) => (await import('./store/sqlite/find/open-search.ts')).openSearch(folder),
    rotateAuditKey: async (folder) => (await import('./compose/rotate-audit-key.ts')).rotateAuditKey(folder, terminal),
    pruneLog: async (options) => (await import('./compose/prune-log.ts')).pruneLog(options, terminal),
    openPins: openStore,
    openDesk: (options) => openDesk(options, terminal),
    prompt: lazyPrompt(),
    edit: async (text) => (await import('./compose/editor.ts')).editText(text, terminal.env),
    pause: pauser(),
    lookAround: async (options) => (await import('./compose/look-around.ts')).lookAround(options, terminal.env),
    lookAtExports: async (options) =>
      (await import('./compose/look-at-exports.ts')).lookAtExports(options, terminal.env),
    listTools: async (config, server) => (await import('./compose/list-tools.ts')).listTools(config, server, terminal),
    listToolsOf: async (target) => (await import('./compose/list-tools.ts')).listToolsOf(target, terminal),
    fetchDocument: async (url) => (await import('./compose/fetch-document.ts')).fetchDocument(url),
    carryOut: async function* (attacks) {
      yield* (await import('./attacks/carry-out.ts')).carryOut(attacks);
    },
    serve: async (options) => (await import('./compose/serve.ts')).serve(options, terminal),
    wrap: async (options) => (await import('./compose/wrap.ts')).wrap(options, terminal),
  };
}

async function openStore(folder: string, mode: 'read' | 'join'): Promise<Store & PinStore> {
  const { openSqliteStore } = await import('./store/sqlite/open.ts');
  const onFault = (line: string): void => void process.stderr.write(`toolgate: ${line}\n`);
  const { checkpointsBy } = await import('./compose/signing-keys.ts');
  const clock = { now: () => Date.now() };
  return openSqliteStore({ folder, sync: 'interval', clock, onFault, mode, checkpoints: checkpointsBy(folder) });
}

async function openDesk(options: DeskOptions, terminal: Pick<World, 'stdout' | 'stderr' | 'env'>): Promise<OpenDesk> {
  if (options.kind === 'remote') return (await import('./compose/remote-desk.ts')).remoteDesk(options);
  return (await import('./compose/desk.ts')).openLocalDesk(options, terminal);
}

/** Standard input is not touched before somebody is asked: `wrap` reads it in its own way. */
function lazyPrompt(): Prompt {
  let prompt: Prompt | undefined;
  const ready = (): Prompt => {
    prompt ??= promptOn(process.stdin, process.stderr);
    return prompt;
  };
  return {
    get isTerminal() {
      return ready().isTerminal;
    },
    line: (question) => ready().line(question),
    hidden: (question) => ready().hidden(question),
  };
}
