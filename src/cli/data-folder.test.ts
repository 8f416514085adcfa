import { expect, test } from 'vitest';
import { defaultDataFolder } from './data-folder.ts';

test.each([
  [{}, 'linux', '/home/a/.local/share/toolgate'],
  [{ XDG_DATA_HOME: '/data' }, 'linux', '/data/toolgate'],
  [{ XDG_DATA_HOME: 'relative' }, 'linux', '/home/a/.local/share/toolgate'],
  [{ XDG_DATA_HOME: '/data' }, 'darwin', '/home/a/Library/Application Support/toolgate'],
  [{ TOOLGATE_DATA: '/own', XDG_DATA_HOME: '/data' }, 'darwin', '/own'],
  [{ TOOLGATE_DATA: '' }, 'linux', '/home/a/.local/share/toolgate'],
])('with %j on %s it is %s', (env, platform, expected) => {
  expect(defaultDataFolder(env, platform, '/home/a')).toBe(expected);
});
