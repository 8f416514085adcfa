import { writeFile } from 'node:fs/promises';
import type { JsonObject } from '../../wire/json.ts';
import { visibleJson } from '../visible.ts';
import { whyUnwritten } from '../why-unwritten.ts';

/** A policy as indented JSON, ending in a line feed. */
export function policyJson(document: JsonObject): string {
  const lines = JSON.stringify(document, undefined, 2).split('\n');
  return `${lines.map(visibleJson).join('\n')}\n`;
}

/** Writes a policy into a new file, as JSON or YAML. Answers why it could not, if so. Never rejects. */
export async function writePolicy(
  file: string,
  format: 'json' | 'yaml',
  document: JsonObject,
): Promise<string | undefined> {
  const text = format === 'json' ? policyJson(document) : await policyYaml(document);
  try {
    // A policy that may be in force is never written over.
    await writeFile(file, text, { flag: 'wx' });
    return undefined;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EEXIST') return 'exists already; remove it, or name another';
    return whyUnwritten(error);
  }
}

async function policyYaml(document: JsonObject): Promise<string> {
  const { stringify } = await import('yaml');
  return stringify(document, { version: '1.2', schema: 'core', aliasDuplicateObjects: false, lineWidth: 120 });
}
