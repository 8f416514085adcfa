import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Attack } from '../catalogue/attack.ts';
import { AttackFault, readAttack } from '../catalogue/read-attack.ts';
import { readJson, STRICT } from '../wire/read-json.ts';

/** The folder `catalogue/attacks` of the package. */
const FOLDER = fileURLToPath(new URL('../../catalogue/attacks/', import.meta.url));

/** Reads what is known of attacks, in the order of their names. Throws `AttackFault`, which names the file and the place. */
export function loadAttacks(folder: string = FOLDER): readonly Attack[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => attackIn(join(folder, file), file.slice(0, -'.json'.length)));
}

function attackIn(file: string, name: string): Attack {
  const read = readJson(readFileSync(file, 'utf8'), STRICT);
  if (read.kind === 'fault') throw new AttackFault(`${file}: ${read.reason}, at character ${read.at}`);
  try {
    const attack = readAttack(read.value);
    if (attack.name !== name) throw new AttackFault(`/name must be ${name}, as the file is called`);
    return attack;
  } catch (fault) {
    throw new AttackFault(`${file}: ${fault instanceof Error ? fault.message : String(fault)}`);
  }
}
