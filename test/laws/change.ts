import type { JsonObject } from '../../src/wire/json.ts';
import { strictObject } from './arbitrary-value.ts';
import { type Aim, speakerOf } from './naive-entry.ts';
import { member } from './naive-list.ts';

/** The document with the rules changed that speak for a call, or, where none do or it is asked for, those of `all_tools`. */
export function withRules(
  document: JsonObject,
  aim: Aim,
  where: 'entry' | 'all_tools',
  change: (rules: JsonObject) => object,
): JsonObject {
  const speaker = where === 'entry' ? speakerOf(document, aim) : undefined;
  if (speaker === undefined) return strictObject({ ...document, all_tools: change(member(document, 'all_tools')) });
  const table = { ...member(document, speaker.table), [speaker.key]: change(speaker.rules) };
  return strictObject({ ...document, [speaker.table]: table });
}
