import { isObject, type Json } from '../../wire/json.ts';
import { ownText } from '../../wire/own-text.ts';
import { definitionText } from './definition-text.ts';
import type { KeptClass } from './kept-class.ts';

/** No name that is longer can be called. */
const LONGEST_NAME = 1_024;
/** Characters of a definition. Many times what any client would put before a model. */
const LONGEST_TEXT = 1_048_576;

/** A tool of a list as far as pins are concerned. */
export interface ShownTool {
  /** Empty where it has none that could be called. */
  readonly name: string;
  /** As `definitionText` writes it; empty where it has no name. */
  readonly text: string;
  /** Why no definition can be pinned under this name. */
  readonly unfit: 'unnamed' | 'twice' | 'too large' | undefined;
  /** What the definition that is listed now can do, where it passes without being the pinned one; found once for each list. */
  readonly live?: KeptClass | undefined;
}

const UNNAMED: ShownTool = { name: '', text: '', unfit: 'unnamed' };

/** Reads a list's tools, one for one and in their order. A name that stands there twice is unfit each time: which of them is meant cannot be told. */
export function shownTools(tools: readonly Json[]): readonly ShownTool[] {
  const shown = tools.map(shownTool);
  const times = new Map<string, number>();
  for (const { name } of shown) times.set(name, (times.get(name) ?? 0) + 1);
  return shown.map((tool) => (tool.name !== '' && times.get(tool.name) !== 1 ? { ...tool, unfit: 'twice' } : tool));
}

function shownTool(tool: Json): ShownTool {
  const name = isObject(tool) ? tool['name'] : undefined;
  if (!isObject(tool) || typeof name !== 'string') return UNNAMED;
  if (name === '' || name.length > LONGEST_NAME || !name.isWellFormed()) return UNNAMED;
  const text = definitionText(tool);
  // Nothing is compared with what cannot be kept.
  if (text.length > LONGEST_TEXT) return { name: ownText(name), text: '', unfit: 'too large' };
  return { name: ownText(name), text, unfit: undefined };
}
