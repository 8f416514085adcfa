import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { whyUnwritten } from '../settings/why-unwritten.ts';
import { isObject, type JsonObject } from '../wire/json.ts';
import { type ReadLimits, readJson } from '../wire/read-json.ts';
import { publicKeyIn } from './log-crypto.ts';
import type { Options } from './options.ts';
import { UsageFault } from './options.ts';
import type { World } from './world.ts';

/** A record holds arguments as deep as the gateway lets in; they stand in a text. */
const LIMITS: ReadLimits = { depth: 100, nodes: 1_000_000, numbers: 'exact' };

/** The object in the file that an option names; undefined without the option. Throws `UsageFault`. */
export async function objectOption(options: Options, name: string, world: World): Promise<JsonObject | undefined> {
  const file = options.texts.get(name);
  if (file === undefined) return undefined;
  const read = readJson(await textIn(name, file, world), LIMITS);
  if (read.kind === 'value' && isObject(read.value)) return read.value;
  throw new UsageFault(`--${name} ${file} holds no JSON object`);
}

/** The 32 bytes, in hex, of the public key that `--public-key` names. Throws `UsageFault`. */
export async function publicKeyOption(options: Options, world: World): Promise<string | undefined> {
  const file = options.texts.get('public-key');
  if (file === undefined) return undefined;
  const bytes = publicKeyIn(await textIn('public-key', file, world));
  if (bytes !== undefined) return bytes;
  throw new UsageFault(`--public-key ${file} holds no public Ed25519 key in PEM, such as audit-signing.pub`);
}

/** Writes to the file that `--out` names, or prints. Throws `UsageFault`. */
export async function writeOut(options: Options, text: string, world: World): Promise<void> {
  const file = options.texts.get('out');
  if (file === undefined) {
    world.stdout.write(text);
    return;
  }
  try {
    await writeFile(resolve(world.cwd, file), text);
  } catch (error) {
    throw new UsageFault(`--out ${file} ${whyUnwritten(error)}`);
  }
  world.stdout.write(`written to ${file}\n`);
}

async function textIn(option: string, file: string, { cwd }: World): Promise<string> {
  try {
    return await readFile(resolve(cwd, file), 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'failed';
    throw new UsageFault(`--${option} ${file} cannot be read (${code})`);
  }
}
