import { extname } from 'node:path';
import { readJsonSource } from '../json-source.ts';
import type { Sheet } from './change-text.ts';
import { writtenJson } from './written-json.ts';

/** Reads the text of a file that is to be changed; undefined where nothing in it can be told apart. */
export async function sheetOf(file: string, text: string): Promise<Sheet | undefined> {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const unit = unitOf(text);
  if (!/^\.ya?ml$/i.test(extname(file))) {
    const source = readJsonSource(text);
    const root = writtenJson(text);
    if (source.kind === 'fault' || root === undefined) return undefined;
    return { text, value: source.value, root, unit, eol, block: () => [], syntax: 'json' };
  }
  // The YAML parser takes longer to load than all the rest: only who writes YAML waits for it.
  const { readYamlSource } = await import('../yaml-source.ts');
  const { blockLines, writtenYaml } = await import('./written-yaml.ts');
  const source = readYamlSource(text);
  const root = writtenYaml(text);
  if (source.kind === 'fault' || root === undefined) return undefined;
  return {
    text,
    value: source.value,
    root,
    unit,
    eol,
    block: (value) => blockLines(value, unit.length),
    syntax: 'yaml',
  };
}

/** One step inwards, as the text is written itself. */
function unitOf(text: string): string {
  return /^(\t| {1,8})\S/m.exec(text)?.[1] ?? '  ';
}
