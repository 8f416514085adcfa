import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DeskFault } from '../cli/world.ts';
import type { ValueOpener } from '../gateway/audit/audit-ports.ts';
import { loadSettings } from '../settings/load.ts';
import type { ValueKeySettings } from '../settings/settings.ts';
import type { Terminal } from './serve.ts';
import { openerFor } from './value-keys.ts';

/**
 * What opens the kept arguments of a data folder: the folder's own key, and those that a configuration names (the folder's `toolgate.jsonc` where none is
 * given and that is there). Rejects with `DeskFault` or `StoreFault`.
 */
export async function openValues(
  folder: string,
  config: string | undefined,
  { env }: Pick<Terminal, 'env'>,
): Promise<ValueOpener> {
  const usual = join(folder, 'toolgate.jsonc');
  const file = config ?? (existsSync(usual) ? usual : undefined);
  return openerFor(
    folder,
    file === undefined ? undefined : await keysIn(file, config === undefined ? 'if whole' : 'must be', env),
  );
}

async function keysIn(
  file: string,
  demand: 'must be' | 'if whole',
  env: Terminal['env'],
): Promise<ValueKeySettings | undefined> {
  const loaded = await loadSettings(file, env);
  if (loaded.kind === 'settings') return loaded.settings.audit.values;
  const [first] = loaded.problems;
  if (demand === 'if whole') return undefined;
  throw new DeskFault(
    `${file} is no valid configuration: ${first?.message ?? 'unreadable'}; toolgate policy check tells all`,
  );
}
