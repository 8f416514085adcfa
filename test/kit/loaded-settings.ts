import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadSettings } from '../../src/settings/load.ts';
import { problemLine } from '../../src/settings/problem.ts';
import type { Settings } from '../../src/settings/settings.ts';

/** What a configuration comes to; one server `s` and a policy `open` are there if it names no others. Rejects for one that does not load. */
export async function loadedSettings(configuration: object): Promise<Settings> {
  const folder = await mkdtemp(join(tmpdir(), 'toolgate-loaded-'));
  try {
    const file = join(folder, 'toolgate.json');
    const standard = { servers: { s: { command: ['x'] } }, policies: { open: { version: '1', default: 'allow' } } };
    await writeFile(file, JSON.stringify({ ...standard, ...configuration }));
    const loaded = await loadSettings(file, {});
    if (loaded.kind === 'problems') throw new Error(loaded.problems.map(problemLine).join('\n'));
    return loaded.settings;
  } finally {
    await rm(folder, { recursive: true });
  }
}
