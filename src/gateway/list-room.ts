import { isArray, isObject, type Json } from '../wire/json.ts';

/** Values and characters of a list of tools: many times what any client would put before a model. It is kept for as long as its session lives. */
const MOST_VALUES = 500_000;
const MOST_CHARACTERS = 16 * 1_048_576;

export const TOO_MUCH =
  'The list of tools that the server gives is too large to be kept (more than 500,000 values or 16 MiB), so none of them can be called. Tell the operator of the gateway; the server must be mended.';

/** How much of a server's list has been taken in: a list without end, or one of monstrous definitions, must not fill the memory. */
export class ListRoom {
  #values = 0;
  #characters = 0;

  /** Whether there was room for these too. */
  take(tools: readonly Json[]): boolean {
    for (const tool of tools) {
      this.#add(tool);
      if (this.#values > MOST_VALUES || this.#characters > MOST_CHARACTERS) return false;
    }
    return true;
  }

  /** As deep as a message may be, which is not deep. */
  #add(value: Json): void {
    this.#values++;
    if (typeof value === 'string') this.#characters += value.length;
    else if (isArray(value)) for (const one of value) this.#add(one);
    else if (isObject(value)) {
      for (const key of Object.keys(value)) {
        this.#characters += key.length;
        this.#add(value[key] ?? null);
      }
    }
  }
}
