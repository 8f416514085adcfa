import { isArray, isObject, type Json, type JsonObject, objectOf } from '../../wire/json.ts';
import { type HeaderParams, headerParamsOf, paramHeaders } from '../../wire/modern/param-headers.ts';
import { ownText } from '../../wire/own-text.ts';

/** Characters that are kept: many times what all headers of a request have room for. */
const MAX_CHARACTERS = 1_048_576;
const MAX_NAME = 1_024;

const EMPTY: JsonObject = objectOf([]);

interface Noted {
  readonly headers: HeaderParams;
  readonly characters: number;
}

/** Which arguments a server's tools want repeated in headers, as far as its lists told. Keeps nothing of the lists themselves. */
export class NotedHeaders {
  readonly #known = new Map<string, Noted>();
  #characters = 0;

  note(tools: Json | undefined): void {
    if (!isArray(tools)) return;
    for (const tool of tools) if (isObject(tool)) this.#noteOne(tool);
  }

  #noteOne({ name, inputSchema }: JsonObject): void {
    if (typeof name !== 'string' || name.length > MAX_NAME) return;
    const before = this.#known.get(name);
    this.#characters -= before?.characters ?? 0;
    this.#known.delete(name);
    const told = headerParamsOf(inputSchema);
    // Most tools want none.
    if (told.kind === 'params' && told.params.length === 0) return;
    const text = JSON.stringify(told);
    const characters = text.length + name.length;
    if (this.#characters + characters > MAX_CHARACTERS) return;
    this.#characters += characters;
    // Texts that were cut out of a message would keep all of it alive.
    this.#known.set(ownText(name), { headers: JSON.parse(text) as HeaderParams, characters });
  }

  /** The headers for a call; undefined when they cannot be made. */
  headersFor({ name, arguments: args }: JsonObject): Readonly<Record<string, string>> | undefined {
    const declared = typeof name === 'string' ? this.#known.get(name)?.headers : undefined;
    if (declared === undefined) return {};
    return declared.kind === 'params' ? paramHeaders(declared.params, isObject(args) ? args : EMPTY) : undefined;
  }
}
