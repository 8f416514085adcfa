import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import type { Options } from './options.ts';
import type { World } from './world.ts';

/** The data folder of a command: `--data`, else the user's own. */
export function dataFolder(options: Options, world: Pick<World, 'env' | 'cwd'>): string {
  const given = options.texts.get('data') ?? defaultDataFolder(world.env, process.platform, homedir());
  return resolve(world.cwd, given);
}

/** `TOOLGATE_DATA`, else where the platform keeps what programs remember. */
export function defaultDataFolder(env: World['env'], platform: string, home: string): string {
  const { TOOLGATE_DATA: own, XDG_DATA_HOME: xdg } = env;
  if (own !== undefined && own !== '') return own;
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'toolgate');
  // The XDG specification: a relative path is to be ignored.
  if (xdg !== undefined && isAbsolute(xdg)) return join(xdg, 'toolgate');
  return join(home, '.local', 'share', 'toolgate');
}
