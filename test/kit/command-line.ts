import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../src/cli/run.ts';
import type { World } from '../../src/cli/world.ts';
import { StoreFault } from '../../src/gateway/ports.ts';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A folder of files in which command lines are run that need neither gateway, store nor log. */
export interface Desk {
  readonly folder: string;
  toolgate(argv: readonly string[], more?: Partial<World>): Promise<Ran>;
  /** Writes a file into the folder, anything but a text as JSON; gives its name. */
  file(name: string, content: unknown): Promise<string>;
}

/** Noon of 1 June 2026, UTC: what commands take for now. */
const NOON: number = Date.UTC(2026, 5, 1, 12);

const nothing = (): Promise<never> => Promise.reject(new StoreFault('not needed'));

/** All that a command must not reach unless a test gives it. Nobody sits at the terminal. */
export const UNREACHED: Omit<World, 'stdout' | 'stderr' | 'env' | 'cwd' | 'now'> = {
  drained: async () => {},
  openLog: nothing,
  openSearch: nothing,
  rotateAuditKey: nothing,
  openValues: nothing,
  openDigest: nothing,
  rotateValuesKey: nothing,
  eraseValues: nothing,
  pruneLog: nothing,
  openPins: nothing,
  openDesk: nothing,
  prompt: { isTerminal: false, line: nothing, hidden: nothing },
  edit: nothing,
  pause: nothing,
  lookAround: nothing,
  lookAtExports: nothing,
  listTools: nothing,
  listToolsOf: nothing,
  fetchDocument: nothing,
  carryOut: async function* () {
    yield await nothing();
  },
  serve: nothing,
  wrap: nothing,
};

export async function desk(): Promise<Desk> {
  const folder = await mkdtemp(join(tmpdir(), 'toolgate-desk-'));
  return {
    folder,
    async toolgate(argv, more = {}) {
      let out = '';
      let err = '';
      const world: World = {
        ...UNREACHED,
        stdout: { write: (text) => (out += text) },
        stderr: { write: (text) => (err += text) },
        env: {},
        cwd: folder,
        now: () => NOON,
        ...more,
      };
      const code = await run(argv, world);
      return { code, out, err };
    },
    async file(name, content) {
      await writeFile(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
      return name;
    },
  };
}
