import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EditedText, World } from '../cli/world.ts';

const ENDING = ['SIGTERM', 'SIGHUP'] as const;

/** Opens a text in the user's own editor: in a file that nobody else can read, and that is gone afterwards. */
export async function editText(text: string, env: World['env']): Promise<EditedText> {
  const editor = [env['VISUAL'], env['EDITOR']].find((word) => word !== undefined && word.trim() !== '');
  if (editor === undefined) return fault('which editor? Set VISUAL or EDITOR');
  const folder = mkdtempSync(join(tmpdir(), 'toolgate-edit-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const end = (): never => {
    remove();
    process.exit(1);
  };
  // Ctrl-C belongs to the editor while it is open.
  const ignore = (): void => {};
  process.on('SIGINT', ignore);
  for (const signal of ENDING) process.on(signal, end);
  try {
    const file = join(folder, 'arguments.json');
    writeFileSync(file, text, { mode: 0o600, flag: 'wx' });
    const code = await opened(editor, file, env);
    if (code !== 0) return fault(`the editor ${JSON.stringify(editor)} ended with ${code}`);
    return { kind: 'text', text: readFileSync(file, 'utf8') };
  } finally {
    remove();
    process.off('SIGINT', ignore);
    for (const signal of ENDING) process.off(signal, end);
  }
}

/** The variable may hold options too, as everywhere; the token is none of the editor's business. */
function opened(editor: string, file: string, env: World['env']): Promise<number | string> {
  const { TOOLGATE_TOKEN: _, ...rest } = env;
  const isWindows = process.platform === 'win32';
  const child = isWindows
    ? spawn(`${editor} "${file}"`, { stdio: 'inherit', env: rest, shell: true })
    : spawn('/bin/sh', ['-c', `${editor} "$1"`, 'toolgate', file], { stdio: 'inherit', env: rest });
  return new Promise((resolve) => {
    child.once('error', ({ message }) => resolve(message));
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
}

function fault(reason: string): EditedText {
  return { kind: 'fault', reason };
}
