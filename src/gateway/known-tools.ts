import { isArray, isObject, type Json, type JsonObject, objectOf } from '../wire/json.ts';
import { addDefinitions, type KnownTool } from './definitions.ts';
import type { Exchanges } from './exchanges.ts';
import { ListRoom, TOO_MUCH } from './list-room.ts';
import type { PinBook } from './pins/pin-book.ts';
import type { ShownTool } from './pins/shown-tools.ts';
import type { Clock, Connection } from './ports.ts';
import { unsentText } from './reply.ts';
import type { SharedTools } from './shared-tools.ts';

const MAX_PAGES = 50;
const MAX_TOOLS = 20_000;
/** Some servers tell that their list changed right after they started, in the middle of the first answer. */
const MAX_ATTEMPTS = 3;
/** Unknown names make the gateway ask the server anew, but not more often than this. */
const REFRESH_EVERY_MS = 1_000;
/** A server may change its tools without a word: what it listed longer ago is asked for again before the next call. */
const FRESH_MS = 60_000;

/** The tools that the server lists, by name; `undefined` when it gives no such list, a text for the client when that cannot be told now. */
export type ListRead = ReadonlyMap<string, KnownTool> | undefined | string;

/** The tools that the server lists, as far as this session knows. A name outside is never forwarded. */
export class KnownTools {
  readonly #exchanges: Exchanges;
  readonly #clock: Clock;
  readonly #own: (params: JsonObject) => JsonObject;
  readonly #book: PinBook;
  readonly #shared: SharedTools;
  #tools: ReadonlyMap<string, KnownTool> | undefined;
  #loading: Promise<ListRead> | undefined;
  #loadedAt = Number.NEGATIVE_INFINITY;
  #edition = 0;

  /** `own` dresses the params of the gateway's own requests for the era. */
  constructor(
    exchanges: Exchanges,
    clock: Clock,
    own: (params: JsonObject) => JsonObject,
    book: PinBook,
    shared: SharedTools,
  ) {
    this.#book = book;
    this.#shared = shared;
    this.#exchanges = exchanges;
    this.#clock = clock;
    this.#own = own;
  }

  /** The tools known now, by name, if the list is known and fresh; synchronous, for the hot path. */
  get current(): ReadonlyMap<string, KnownTool> | undefined {
    return this.#clock.tick() - this.#loadedAt < FRESH_MS ? this.#tools : undefined;
  }

  /** The server's list changed, or may have: what is being read at this moment counts no more. */
  forget(): void {
    this.#tools = undefined;
    this.#loadedAt = Number.NEGATIVE_INFINITY;
    this.#edition++;
  }

  /** Which edition of the list is the present one; to be given with what was asked for under it. */
  get edition(): number {
    return this.#edition;
  }

  /** Takes note of a whole list that was asked for under an edition, unless the list has changed since; gives its tools by name. */
  learn(listed: readonly Json[], shown: readonly ShownTool[], edition: number): ReadonlyMap<string, KnownTool> {
    const tools = new Map<string, KnownTool>();
    addDefinitions(tools, listed, shown);
    for (const [name, tool] of tools) tools.set(name, this.#shared.one(tool));
    if (edition === this.#edition) {
      this.#tools = tools;
      this.#loadedAt = this.#clock.tick();
    }
    return tools;
  }

  /** The server's list, read anew unless that was done within the last second. */
  async refresh(connection: Connection): Promise<ListRead> {
    if (this.#tools !== undefined && this.#clock.tick() - this.#loadedAt < REFRESH_EVERY_MS) return this.#tools;
    this.#loading ??= this.#load(connection, 1);
    try {
      return await this.#loading;
    } finally {
      this.#loading = undefined;
    }
  }

  async #load(connection: Connection, attempt: number): Promise<ListRead> {
    const edition = this.#edition;
    const listed: Json[] = [];
    const room = new ListRoom();
    let cursor: Json | undefined;
    for (let page = 0; page < MAX_PAGES; page++) {
      const params = this.#own(cursor === undefined ? objectOf([]) : objectOf([['cursor', cursor]]));
      const outcome = await this.#exchanges.askOwn(connection, 'tools/list', params);
      if ('reason' in outcome) return unsentText(outcome.reason);
      if (outcome.kind !== 'answered' || !isObject(outcome.result)) return undefined;
      const { tools } = outcome.result;
      if (isArray(tools) && !room.take(tools)) return TOO_MUCH;
      if (isArray(tools)) for (const tool of tools) listed.push(tool);
      cursor = outcome.result['nextCursor'];
      if (typeof cursor !== 'string' || listed.length > MAX_TOOLS) break;
    }
    // A list that changed while it was read is not taken at its word.
    if (edition !== this.#edition && attempt < MAX_ATTEMPTS) return this.#load(connection, attempt + 1);
    const check = await this.#book.check(listed, 'whole');
    if (check.kind === 'unavailable') return check.refusal.reason;
    return this.learn(listed, check.tools, edition);
  }
}
