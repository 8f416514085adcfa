import { isArray, isObject, type Json, type JsonObject, objectOf } from '../../wire/json.ts';
import { LIST_OF } from '../../wire/modern/subscription.ts';

interface Watch {
  readonly lists: ReadonlySet<string>;
  readonly uris: ReadonlySet<string>;
}

/** The subscriptions of modern clients at a legacy server, by our ids of the requests that opened them. */
export class Watches {
  readonly #open = new Map<number, Watch>();
  /** Resources of those that are not acknowledged yet, also of some that the server may not take. */
  readonly #beginning = new Map<number, ReadonlySet<string>>();

  has(id: number): boolean {
    return this.#open.has(id);
  }

  /** What of a wish a server can do that has these capabilities. */
  wanted(wish: Json | undefined, capabilities: JsonObject): Watch {
    const told = isObject(wish) ? wish : objectOf([]);
    const lists = Object.entries(LIST_OF).filter(
      ([key, name]) => told[key] === true && capabilities[name] !== undefined,
    );
    const { resourceSubscriptions: uris } = told;
    const resources = capabilities['resources'];
    const canWatch = isObject(resources) && resources['subscribe'] === true;
    return {
      lists: new Set(lists.map(([key]) => key)),
      uris: new Set(canWatch && isArray(uris) ? uris.filter((uri) => typeof uri === 'string') : []),
    };
  }

  /** Whether the server was asked for the resource, and took it. */
  isWatched(uri: string): boolean {
    return [...this.#open.values()].some(({ uris }) => uris.has(uri));
  }

  /** Somebody is about to watch these: nobody's end ends them. */
  begin(id: number, uris: ReadonlySet<string>): void {
    this.#beginning.set(id, uris);
  }

  open(id: number, watch: Watch): void {
    this.#beginning.delete(id);
    this.#open.set(id, watch);
  }

  /** Ends one; gives the resources that nobody watches any more, or is about to. */
  close(id: number): readonly string[] {
    const watch = this.#open.get(id);
    this.#open.delete(id);
    const isWanted = (uri: string): boolean =>
      this.isWatched(uri) || [...this.#beginning.values()].some((uris) => uris.has(uri));
    return watch === undefined ? [] : [...watch.uris].filter((uri) => !isWanted(uri));
  }

  /** Who is to hear of a legacy server's news. */
  hearers(method: string, params: JsonObject): readonly number[] {
    const { uri } = params;
    return [...this.#open]
      .filter(([, { lists, uris }]) =>
        method === 'notifications/resources/updated'
          ? typeof uri === 'string' && uris.has(uri)
          : Object.entries(LIST_OF).some(
              ([key, name]) => lists.has(key) && method === `notifications/${name}/list_changed`,
            ),
      )
      .map(([id]) => id);
  }
}

/** A watch as an acknowledgement tells it. */
export function toldOf({ lists, uris }: Watch): JsonObject {
  const kept: [string, Json][] = [...lists].map((key) => [key, true]);
  if (uris.size > 0) kept.push(['resourceSubscriptions', [...uris]]);
  return objectOf(kept);
}
