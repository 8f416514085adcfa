import { isObject, type Json, type JsonObject } from '../../src/wire/json.ts';
import { type Aim, speakerOf } from './naive-entry.ts';
import { member } from './naive-list.ts';

const TABLES = ['tools', 'classes', 'resources', 'prompts'] as const;

/** The document that is enforced: what stands in shadow allows everything and reserves nothing. */
export function inForce(document: JsonObject): JsonObject {
  if (document['mode'] === 'shadow')
    return { version: '1', default: 'allow', mode: 'shadow', ...(document['list'] ? { list: document['list'] } : {}) };
  const copy: { [key: string]: Json } = { ...document };
  if (isInShadow(copy['all_tools'])) delete copy['all_tools'];
  for (const table of TABLES) {
    const entries = Object.entries(member(document, table));
    if (document[table] !== undefined)
      copy[table] = Object.fromEntries(entries.map(([key, rules]) => [key, isInShadow(rules) ? {} : rules]));
  }
  return copy;
}

/** The document with nothing in shadow. */
export function ifEnforced(document: JsonObject): JsonObject {
  const { mode: _, ...copy }: { [key: string]: Json } = { ...document };
  const bare = (rules: Json) => (isObject(rules) ? { ...rules, mode: 'enforce' } : rules);
  if (copy['all_tools'] !== undefined) copy['all_tools'] = bare(copy['all_tools']);
  for (const table of TABLES) {
    const entries = Object.entries(member(document, table));
    if (document[table] !== undefined)
      copy[table] = Object.fromEntries(entries.map(([key, rules]) => [key, bare(rules)]));
  }
  return copy;
}

/** Where the rules in shadow stand that apply to a call; the empty pointer stands for the whole document. */
export function shadowsOn(document: JsonObject, aim: Aim): string[] {
  if (document['mode'] === 'shadow') return [''];
  const found: string[] = [];
  if (aim.kind === 'tool' && isInShadow(document['all_tools'])) found.push('/all_tools');
  const speaker = speakerOf(document, aim);
  if (speaker !== undefined && isInShadow(speaker.rules)) found.push(speaker.pointer);
  return found;
}

function isInShadow(rules: Json | undefined): boolean {
  return isObject(rules) && rules['mode'] === 'shadow';
}
