import type { KnownTool } from './definitions.ts';

/** Characters of definitions that are kept for those to come; whoever has one keeps it anyway. */
const MAX_CHARACTERS = 16 * 1024 * 1024;

/** Definitions that many sessions have alike: kept, and their schemas compiled, once. */
export class SharedTools {
  #known = new Map<string, KnownTool>();
  #characters = 0;

  /** The one that is kept for definitions of equal text. */
  one(tool: KnownTool): KnownTool {
    const { shown } = tool;
    if (shown === undefined || shown.unfit !== undefined) return tool;
    const kept = this.#known.get(shown.text);
    // Two servers can describe a tool in the same words, and not be taken for the same.
    if (kept !== undefined) return kept.shown?.live?.class === shown.live?.class ? kept : tool;
    this.#characters += shown.text.length;
    if (this.#characters > MAX_CHARACTERS) {
      this.#known = new Map();
      this.#characters = shown.text.length;
    }
    this.#known.set(shown.text, tool);
    return tool;
  }
}
