import { isArray, isObject, type Json, objectOf } from '../wire/json.ts';
import { request } from '../wire/replies.ts';
import type { Exchanges } from './exchanges.ts';
import { passage } from './passage.ts';
import type { Clock, Connection } from './ports.ts';

const MAX_PAGES = 200;
const MAX_TOOLS = 20_000;
/** Unknown names make the gateway ask the server anew, but not more often than this. */
const REFRESH_EVERY_MS = 1_000;

/** The names that the server lists, as far as this session knows. A name outside is never forwarded. */
export class KnownTools {
  readonly #exchanges: Exchanges;
  readonly #clock: Clock;
  #names: ReadonlySet<string> | undefined;
  #loading: Promise<ReadonlySet<string> | undefined> | undefined;
  #loadedAt = Number.NEGATIVE_INFINITY;

  constructor(exchanges: Exchanges, clock: Clock) {
    this.#exchanges = exchanges;
    this.#clock = clock;
  }

  /** The names known now, if the list is known and fresh; synchronous, for the hot path. */
  get current(): ReadonlySet<string> | undefined {
    return this.#names;
  }

  /** The server's list changed, or may have. */
  forget(): void {
    this.#names = undefined;
    this.#loadedAt = Number.NEGATIVE_INFINITY;
  }

  /** Takes note of a whole list that passed by on its way to the client. */
  learn(names: ReadonlySet<string>): void {
    this.#names = names;
    this.#loadedAt = this.#clock.tick();
  }

  /** The server's list, read anew unless that was done within the last second. Undefined when the server gives none. */
  async refresh(connection: Connection): Promise<ReadonlySet<string> | undefined> {
    if (this.#names !== undefined && this.#clock.tick() - this.#loadedAt < REFRESH_EVERY_MS) return this.#names;
    this.#loading ??= this.#load(connection);
    try {
      const names = await this.#loading;
      if (names !== undefined) this.learn(names);
      return names;
    } finally {
      this.#loading = undefined;
    }
  }

  async #load(connection: Connection): Promise<ReadonlySet<string> | undefined> {
    const names = new Set<string>();
    let cursor: Json | undefined;
    for (let page = 0; page < MAX_PAGES; page++) {
      const params = cursor === undefined ? objectOf([]) : objectOf([['cursor', cursor]]);
      const exchange = this.#exchanges.begin(undefined, params, undefined);
      const outcome = await this.#exchanges.ask(
        connection,
        exchange,
        passage(request(exchange.id, 'tools/list', params)),
      );
      this.#exchanges.end(exchange);
      if (outcome.kind !== 'answered' || !isObject(outcome.result)) return undefined;
      for (const name of listedNames(outcome.result['tools'])) names.add(name);
      cursor = outcome.result['nextCursor'];
      if (typeof cursor !== 'string' || names.size > MAX_TOOLS) return names;
    }
    return names;
  }
}

export function listedNames(tools: Json | undefined): readonly string[] {
  if (!isArray(tools)) return [];
  return tools.flatMap((tool) => (isObject(tool) && typeof tool['name'] === 'string' ? [tool['name']] : []));
}
