import { resolve } from 'node:path';
import type { AuditLog, ValueOpener } from '../gateway/audit/audit-ports.ts';
import type { OneRecord } from '../gateway/audit/find/find-one.ts';
import { StoreFault } from '../gateway/ports.ts';
import { visible } from '../settings/visible.ts';
import { isObject, type JsonObject } from '../wire/json.ts';
import { RELAY, readJson } from '../wire/read-json.ts';
import type { Options } from './options.ts';
import type { World } from './world.ts';

/**
 * What became of arguments that are kept whole beside a record. `locked`: sealed with a key that is not here. `broken`: not as they were sealed.
 * `digest`: whether they are those of `argsDigest`, which the chain covers; `unchecked` where the key of the digests is not here.
 */
export type KeptBeside =
  | { readonly kind: 'open'; readonly args: JsonObject; readonly digest: 'matches' | 'differs' | 'unchecked' }
  | { readonly kind: 'erased' | 'locked' | 'broken' };

/** Opens what is kept beside a record; undefined where nothing ever was. Keys are read for no other record. */
export async function keptBeside(
  { record, links }: OneRecord,
  log: Pick<AuditLog, 'valueOf'>,
  folder: string,
  options: Options,
  world: World,
): Promise<KeptBeside | undefined> {
  // Versions before kept them in the record.
  if (record['argsKept'] !== 'full' || record['args'] !== undefined) return undefined;
  const link = links.find(({ hash }) => hash === record['hash']);
  const kept = link && (await log.valueOf(link.writer, link.seq));
  if (link === undefined || kept === undefined) return { kind: 'erased' };
  const found = (await openerOf(folder, options, world))?.open(link.id, kept) ?? 'locked';
  if (typeof found === 'string') return { kind: found };
  const read = readJson(found.text, RELAY);
  if (read.kind !== 'value' || !isObject(read.value)) return { kind: 'broken' };
  const digest = await world.openDigest(folder);
  return { kind: 'open', args: read.value, digest: compared(digest?.(found.text), record['argsDigest']) };
}

/** Who may read the log need not be allowed to read the keys, and is shown all the rest. */
async function openerOf(folder: string, options: Options, world: World): Promise<ValueOpener | undefined> {
  const config = options.texts.get('config');
  try {
    return await world.openValues(folder, config === undefined ? undefined : resolve(world.cwd, config));
  } catch (fault) {
    if (config !== undefined || !(fault instanceof StoreFault)) throw fault;
    world.stderr.write(`toolgate audit show: ${visible(fault.message)}\n`);
    return undefined;
  }
}

function compared(digest: string | undefined, recorded: unknown): 'matches' | 'differs' | 'unchecked' {
  if (digest === undefined) return 'unchecked';
  return digest === recorded ? 'matches' : 'differs';
}
