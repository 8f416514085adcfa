import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { editText } from './editor.ts';

let folder: string;
let seen: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'toolgate-editor-'));
  seen = join(folder, 'seen');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** An editor that notes which file it got, with which mode, token and text, and then does this. */
function editor(name: string, does: string): string {
  const file = join(folder, name);
  const note = `{ echo "$1"; ls -l "$1" | cut -c1-10; echo "token=$TOOLGATE_TOKEN"; cat "$1"; } > '${seen}'`;
  writeFileSync(file, `#!/bin/sh\nfor last; do :; done\nset -- "$last"\n${note}\n${does}\n`, { mode: 0o755 });
  return file;
}

const env = (own: Record<string, string>) => ({ PATH: process.env['PATH'], ...own });

describe('the user’s own editor', () => {
  test('gets the text in a private file, and no token; what it leaves is given, and the file is gone', async () => {
    const command = `'${editor('my editor', 'echo changed > "$1"')}' --wait`;
    const edited = await editText('{"a": 1}\n', env({ VISUAL: command, EDITOR: 'false', TOOLGATE_TOKEN: 'hush' }));
    expect(edited).toEqual({ kind: 'text', text: 'changed\n' });
    const [path = '', mode, token, ...text] = readFileSync(seen, 'utf8').split('\n');
    expect([mode, token, text]).toEqual(['-rw-------', 'token=', ['{"a": 1}', '']]);
    expect(existsSync(path)).toBe(false);
    expect(existsSync(join(path, '..'))).toBe(false);
  });

  test('one that fails leaves nothing', async () => {
    const command = editor('failing', 'exit 3');
    const edited = await editText('x', env({ EDITOR: command }));
    expect(edited).toEqual({ kind: 'fault', reason: `the editor ${JSON.stringify(command)} ended with 3` });
    expect(existsSync(readFileSync(seen, 'utf8').split('\n')[0] ?? '')).toBe(false);
  });

  test('none is guessed', async () => {
    expect(await editText('x', env({ VISUAL: ' ', EDITOR: '' }))).toEqual({
      kind: 'fault',
      reason: 'which editor? Set VISUAL or EDITOR',
    });
  });
});
