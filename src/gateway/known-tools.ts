import { isObject, type Json, type JsonObject, objectOf } from '../wire/json.ts';
import { request } from '../wire/replies.ts';
import { addDefinitions, type KnownTool } from './definitions.ts';
import type { Exchanges } from './exchanges.ts';
import { passage } from './passage.ts';
import type { Clock, Connection } from './ports.ts';

const MAX_PAGES = 50;
const MAX_TOOLS = 20_000;
/** Unknown names make the gateway ask the server anew, but not more often than this. */
const REFRESH_EVERY_MS = 1_000;

/** The tools that the server lists, by name; `undefined` when it gives no such list, a text when it could not be asked now. */
export type ListRead = ReadonlyMap<string, KnownTool> | undefined | string;

/** The tools that the server lists, as far as this session knows. A name outside is never forwarded. */
export class KnownTools {
  readonly #exchanges: Exchanges;
  readonly #clock: Clock;
  readonly #own: (params: JsonObject) => JsonObject;
  #tools: ReadonlyMap<string, KnownTool> | undefined;
  #loading: Promise<ListRead> | undefined;
  #loadedAt = Number.NEGATIVE_INFINITY;
  #edition = 0;

  /** `own` dresses the params of the gateway's own requests for the era. */
  constructor(exchanges: Exchanges, clock: Clock, own: (params: JsonObject) => JsonObject) {
    this.#exchanges = exchanges;
    this.#clock = clock;
    this.#own = own;
  }

  /** The tools known now, by name, if the list is known and fresh; synchronous, for the hot path. */
  get current(): ReadonlyMap<string, KnownTool> | undefined {
    return this.#tools;
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

  /** Takes note of a whole list that was asked for under an edition, unless the list has changed since. */
  learn(tools: ReadonlyMap<string, KnownTool>, edition: number): void {
    if (edition !== this.#edition) return;
    this.#tools = tools;
    this.#loadedAt = this.#clock.tick();
  }

  /** The server's list, read anew unless that was done within the last second. */
  async refresh(connection: Connection): Promise<ListRead> {
    if (this.#tools !== undefined && this.#clock.tick() - this.#loadedAt < REFRESH_EVERY_MS) return this.#tools;
    this.#loading ??= this.#load(connection);
    try {
      return await this.#loading;
    } finally {
      this.#loading = undefined;
    }
  }

  async #load(connection: Connection): Promise<ListRead> {
    const edition = this.#edition;
    const tools = new Map<string, KnownTool>();
    let cursor: Json | undefined;
    for (let page = 0; page < MAX_PAGES; page++) {
      const params = this.#own(cursor === undefined ? objectOf([]) : objectOf([['cursor', cursor]]));
      const exchange = this.#exchanges.begin(undefined, params, undefined);
      const outcome = await this.#exchanges.ask(
        connection,
        exchange,
        passage(request(exchange.id, 'tools/list', params)),
      );
      this.#exchanges.end(exchange);
      if ('reason' in outcome) return outcome.reason;
      if (outcome.kind !== 'answered' || !isObject(outcome.result)) return undefined;
      addDefinitions(tools, outcome.result['tools']);
      cursor = outcome.result['nextCursor'];
      if (typeof cursor !== 'string' || tools.size > MAX_TOOLS) break;
    }
    this.learn(tools, edition);
    return tools;
  }
}
