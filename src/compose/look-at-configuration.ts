import { stat } from 'node:fs/promises';
import type { LookedConfiguration } from '../cli/doctor-surroundings.ts';
import type { World } from '../cli/world.ts';
import { loadSettings } from '../settings/load.ts';
import { readDocument } from '../settings/read-document.ts';
import { isObject, type Json } from '../wire/json.ts';

/** Reads a configuration also where the environment of the gateway is not that of this process. */
export async function lookAtConfiguration(file: string, env: World['env']): Promise<LookedConfiguration> {
  if ((await stat(file).catch(() => undefined)) === undefined) return { kind: 'none', file };
  const read = await readDocument(file);
  const loaded = await loadSettings(file, env);
  const document = read.kind === 'document' ? read.document.value : null;
  if (loaded.kind === 'settings') return { kind: 'settings', file, settings: loaded.settings, document, unset: [] };
  const unset = [...variablesIn(document)].filter((name) => env[name] === undefined);
  // The gateway may have in its environment what this shell has not.
  const more = Object.fromEntries(unset.map((name) => [name, `unset-${name}`.padEnd(40, '-')]));
  const again = unset.length === 0 ? loaded : await loadSettings(file, { ...env, ...more });
  if (again.kind === 'settings') return { kind: 'settings', file, settings: again.settings, document, unset };
  return { kind: 'problems', file, problems: loaded.problems };
}

function variablesIn(value: Json): ReadonlySet<string> {
  if (typeof value === 'string') {
    return new Set([...value.matchAll(/\$\$\{|\$\{([A-Za-z_]\w*)\}/g)].flatMap(([, name]) => name ?? []));
  }
  const inner = isObject(value) ? Object.values(value) : Array.isArray(value) ? value : [];
  return new Set(inner.flatMap((one) => [...variablesIn(one)]));
}
