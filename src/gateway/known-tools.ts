import { isArray, isObject, type Json, objectOf } from '../wire/json.ts';
import { ownText } from '../wire/own-text.ts';
import { request } from '../wire/replies.ts';
import type { Exchanges } from './exchanges.ts';
import { passage } from './passage.ts';
import type { Clock, Connection } from './ports.ts';

const MAX_PAGES = 50;
const MAX_TOOLS = 20_000;
const MAX_NAME_LENGTH = 1_024;
/** Unknown names make the gateway ask the server anew, but not more often than this. */
const REFRESH_EVERY_MS = 1_000;

/** The names that the server lists, as far as this session knows. A name outside is never forwarded. */
export class KnownTools {
  readonly #exchanges: Exchanges;
  readonly #clock: Clock;
  #names: ReadonlySet<string> | undefined;
  #loading: Promise<ReadonlySet<string> | undefined> | undefined;
  #loadedAt = Number.NEGATIVE_INFINITY;
  #edition = 0;

  constructor(exchanges: Exchanges, clock: Clock) {
    this.#exchanges = exchanges;
    this.#clock = clock;
  }

  /** The names known now, if the list is known and fresh; synchronous, for the hot path. */
  get current(): ReadonlySet<string> | undefined {
    return this.#names;
  }

  /** The server's list changed, or may have: what is being read at this moment counts no more. */
  forget(): void {
    this.#names = undefined;
    this.#loadedAt = Number.NEGATIVE_INFINITY;
    this.#edition++;
  }

  /** Which edition of the list is the present one; to be given with what was asked for under it. */
  get edition(): number {
    return this.#edition;
  }

  /** Takes note of a whole list that was asked for under an edition, unless the list has changed since. */
  learn(names: ReadonlySet<string>, edition: number): void {
    if (edition !== this.#edition) return;
    this.#names = names;
    this.#loadedAt = this.#clock.tick();
  }

  /** The server's list, read anew unless that was done within the last second. Undefined when the server gives none. */
  async refresh(connection: Connection): Promise<ReadonlySet<string> | undefined> {
    if (this.#names !== undefined && this.#clock.tick() - this.#loadedAt < REFRESH_EVERY_MS) return this.#names;
    this.#loading ??= this.#load(connection);
    try {
      return await this.#loading;
    } finally {
      this.#loading = undefined;
    }
  }

  async #load(connection: Connection): Promise<ReadonlySet<string> | undefined> {
    const edition = this.#edition;
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
      if (typeof cursor !== 'string' || names.size > MAX_TOOLS) break;
    }
    this.learn(names, edition);
    return names;
  }
}

/** The names in a `tools/list` answer; a longer one than can be called is left out. */
export function listedNames(tools: Json | undefined): readonly string[] {
  if (!isArray(tools)) return [];
  return tools.flatMap((tool) => {
    const name = isObject(tool) ? tool['name'] : undefined;
    return typeof name === 'string' && name.length <= MAX_NAME_LENGTH ? [ownText(name)] : [];
  });
}
