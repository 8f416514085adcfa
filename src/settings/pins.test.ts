import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadSettings } from './load.ts';

const folder = await mkdtemp(join(tmpdir(), 'toolgate-pins-'));
const file = join(folder, 'toolgate.json');

/** What becomes of unaccepted tools of a server with this `pins`, or what is wrong with it. */
async function pinsOf(pins: unknown): Promise<string | undefined> {
  await writeFile(file, JSON.stringify({ servers: { files: { command: ['node'], pins } } }));
  const loaded = await loadSettings(file, { PINS: 'warn', WRONG: 'secret-value' });
  if (loaded.kind === 'settings') return loaded.settings.servers.get('files')?.pins;
  return loaded.problems.map(({ pointer, message }) => `${pointer} ${message}`).join();
}

describe('pins of a server', () => {
  test('hold, unless it is told otherwise', async () => {
    expect(await pinsOf(undefined)).toBe('hold');
    for (const word of ['hold', 'warn', 'off']) expect(await pinsOf(word)).toBe(word);
    expect(await pinsOf(`\${PINS}`)).toBe('warn');
  });

  test('are one of three words, and nothing else switches them off', async () => {
    expect(await pinsOf('of')).toBe(
      '/servers/files/pins must be one of hold, warn, off, not "of" — did you mean "off"?',
    );
    expect(await pinsOf(false)).toBe('/servers/files/pins must be a string');
    expect(await pinsOf(`\${WRONG}`)).toBe('/servers/files/pins must be one of hold, warn, off');
  });
});
