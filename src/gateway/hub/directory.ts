import { isObject, type Json, type JsonObject } from '../../wire/json.ts';
import { ownText } from '../../wire/own-text.ts';
import { LIST_SHAPES, type ListMethod } from '../list-shapes.ts';
import type { Clock } from '../ports.ts';
import { clashesAmong, isFit, publicName, type Split } from './names.ts';
import { countSlashes, type UriTest, uriTest } from './uri-template.ts';
import { isOfNames } from './whole-list.ts';
import { within } from './within.ts';

/** How long whoever needs a list waits for a server that does not give it. */
const WAIT_MS = 5_000;
/** A list that is older is read anew beside the request that meets it: not every server tells when its lists change. */
const STALE_MS = 30_000;
/** What nobody knows makes the servers be asked anew, but not more often than this. */
const REFRESH_EVERY_MS = 1_000;
/** URIs of each server that are known from its answers. */
const MAX_SEEN = 5_000;
/** Templates of a server that are looked at: what is listed is compared with all of them. */
const MAX_TEMPLATES = 200;
/** Texts in all of them together: each is looked for in a URI. */
const MAX_TEMPLATE_TEXTS = 1_000;
const MAX_TEXT = 1_024;
/** Characters of a list that are kept, for as long as a session lives: a server makes up as many names as it likes. */
const MAX_CHARACTERS = 3 * 1_048_576;

/** What a server lists of a kind, as far as routing needs it. */
interface Listed {
  readonly names: ReadonlySet<string>;
  /** Pages that its tools name as their own. */
  readonly pages: ReadonlySet<string>;
  readonly templates: readonly UriTest[];
  /** Whether the server ever gave the list; if not, nobody knows what it has. */
  readonly isRead: boolean;
  /** Tick. */
  at: number;
  /** The server said that it changed, or it is old. */
  isStale: boolean;
}

interface Loading {
  /** Tick. */
  readonly since: number;
  done: Promise<void>;
  /** The list changed while it was read. */
  isOld: boolean;
}

/** Reads a server's whole list; undefined when that failed. */
export type Loader = (server: string, method: ListMethod) => Promise<readonly JsonObject[] | undefined>;

const UNREAD = { names: new Set<string>(), pages: new Set<string>(), templates: [], isRead: false } as const;

/** Which server of a hub lists what, as the grant may see it: so it is known whose a URI is, and which names cannot be told apart. */
export class Directory {
  readonly #clock: Clock;
  readonly #load: Loader;
  readonly #listed = new Map<string, Listed>();
  readonly #loading = new Map<string, Loading>();
  /** URIs that stood in the answers of a server: each has its own room, so that none can push out what another spoke of. */
  readonly #seen = new Map<string, Set<string>>();
  readonly #clashes = new Map<ListMethod, ReadonlyMap<string, string>>();

  constructor(clock: Clock, load: Loader) {
    this.#clock = clock;
    this.#load = load;
  }

  /** Takes note of a whole list. */
  note(server: string, method: ListMethod, items: readonly JsonObject[]): void {
    const { name: key } = LIST_SHAPES[method];
    const names = new Set<string>();
    const pages = new Set<string>();
    let room = MAX_CHARACTERS;
    const add = (texts: Set<string>, text: Json | undefined): void => {
      if (typeof text !== 'string' || text.length > Math.min(MAX_TEXT, room) || texts.has(text)) return;
      room -= text.length;
      texts.add(ownText(text));
    };
    for (const item of items) {
      const name = item[key];
      // What clients cannot call here needs no room.
      const isFitting = !isOfNames(method) || (typeof name === 'string' && isFit(publicName(server, name)));
      if (isFitting) add(names, name);
      if (method === 'tools/list') add(pages, pageOf(item));
    }
    const templates = method === 'resources/templates/list' ? testsOf(names) : [];
    this.#put(server, method, { names, pages, templates, isRead: true, at: this.#clock.tick(), isStale: false });
  }

  /** A server did not give a list. What it gave before counts on, so that no other server comes by what is its own while it is down. */
  failed(server: string, method: ListMethod): void {
    const at = this.#clock.tick();
    const listed = this.#get(server, method);
    if (listed !== undefined) listed.at = at;
    else this.#put(server, method, { ...UNREAD, at, isStale: false });
  }

  #put(server: string, method: ListMethod, listed: Listed): void {
    this.#listed.set(keyOf(server, method), listed);
    this.#clashes.delete(method);
  }

  /** The server is not among them any more. */
  forget(server: string, methods: readonly ListMethod[]): void {
    this.#seen.delete(server);
    for (const method of methods) {
      this.#listed.delete(keyOf(server, method));
      this.#loading.delete(keyOf(server, method));
      this.#clashes.delete(method);
    }
  }

  /** A server says that its lists changed: they are read anew, but nobody waits for it, since a server can say so without end. */
  stale(server: string, methods: readonly ListMethod[]): void {
    for (const method of methods) {
      const listed = this.#get(server, method);
      if (listed !== undefined) listed.isStale = true;
      // What is being read at this moment may be the old list. It is read to its end all the same: who says so without end would never be known.
      const loading = this.#loading.get(keyOf(server, method));
      if (loading !== undefined) loading.isOld = true;
    }
  }

  /** Sees to it that the lists are known, except of servers that take too long. */
  async known(servers: readonly string[], methods: readonly ListMethod[]): Promise<void> {
    const waits: Promise<void>[] = [];
    for (const server of servers) {
      for (const method of methods) {
        const listed = this.#listed.get(keyOf(server, method));
        if (listed === undefined) waits.push(this.#read(server, method));
        else if (this.#isDue(listed)) void this.#read(server, method);
      }
    }
    if (waits.length > 0) await within(this.#clock, WAIT_MS, Promise.all(waits));
  }

  #isDue({ at, isStale }: Listed): boolean {
    return this.#clock.tick() - at > (isStale ? REFRESH_EVERY_MS : STALE_MS);
  }

  /** Reads the lists anew, except those that were read within the last second. */
  async refresh(servers: readonly string[], methods: readonly ListMethod[]): Promise<void> {
    const now = this.#clock.tick();
    const waits = servers.flatMap((server) =>
      methods
        .filter((method) => {
          const listed = this.#get(server, method);
          return listed === undefined || listed.isStale || now - listed.at >= REFRESH_EVERY_MS;
        })
        .map((method) => this.#read(server, method)),
    );
    if (waits.length > 0) await within(this.#clock, WAIT_MS, Promise.all(waits));
  }

  #read(server: string, method: ListMethod): Promise<void> {
    const key = keyOf(server, method);
    const running = this.#loading.get(key);
    // A server that was waited for once is not waited for again by everybody who comes after.
    if (running !== undefined) return this.#clock.tick() - running.since > WAIT_MS ? Promise.resolve() : running.done;
    const entry: Loading = { since: this.#clock.tick(), done: Promise.resolve(), isOld: false };
    entry.done = this.#load(server, method).then((items) => {
      if (this.#loading.get(key) !== entry) return;
      this.#loading.delete(key);
      if (items === undefined) this.failed(server, method);
      else this.note(server, method, items);
      if (entry.isOld) this.stale(server, [method]);
    });
    this.#loading.set(key, entry);
    return entry.done;
  }

  /** What a public name could be mistaken for; undefined where it is the only one of its kind. */
  clashOf(method: 'tools/list' | 'prompts/list', name: string): string | undefined {
    const known = this.#clashes.get(method) ?? clashesAmong(this.#offers(method));
    this.#clashes.set(method, known);
    return known.get(name);
  }

  *#offers(method: ListMethod): Iterable<Split> {
    for (const [key, { names }] of this.#listed) {
      const [server = '', listed] = key.split('\n');
      if (listed === method) for (const name of names) yield { server, name };
    }
  }

  /** Whether the server lists such a name, as far as is known. */
  lists(server: string, method: ListMethod, name: string): boolean {
    return this.#get(server, method)?.names.has(name) === true;
  }

  /** Whether the server ever gave such a list. */
  isRead(server: string, method: ListMethod): boolean {
    return this.#get(server, method)?.isRead === true;
  }

  /** A URI stood in an answer of the server. */
  saw(server: string, uri: string): void {
    if (uri.length > MAX_TEXT) return;
    const seen = this.#seen.get(server) ?? new Set();
    this.#seen.set(server, seen);
    if (seen.has(uri)) return;
    if (seen.size >= MAX_SEEN) seen.delete(seen.values().next().value ?? '');
    seen.add(ownText(uri));
  }

  /** The servers that claim a URI: by a list or a template, or else by an answer in which it stood. */
  ownersOf(uri: string, servers: readonly string[]): readonly string[] {
    const owners = this.claimants(uri, servers);
    return owners.length > 0 ? owners : servers.filter((server) => this.#seen.get(server)?.has(uri) === true);
  }

  /** The servers that claim a URI by a list or a template. */
  claimants(uri: string, servers: readonly string[]): readonly string[] {
    const slashes = countSlashes(uri);
    return servers.filter((server) => this.#claims(server, uri, slashes));
  }

  /** The servers that list such a template, letter for letter. */
  templateOwners(template: string, servers: readonly string[]): readonly string[] {
    return servers.filter((server) => this.#get(server, 'resources/templates/list')?.names.has(template) === true);
  }

  #claims(server: string, uri: string, slashes: number): boolean {
    if (this.#get(server, 'resources/list')?.names.has(uri) === true) return true;
    if (this.#get(server, 'tools/list')?.pages.has(uri) === true) return true;
    return this.#get(server, 'resources/templates/list')?.templates.some((test) => test.fits(uri, slashes)) === true;
  }

  #get(server: string, method: ListMethod): Listed | undefined {
    return this.#listed.get(keyOf(server, method));
  }
}

function keyOf(server: string, method: ListMethod): string {
  return `${server}\n${method}`;
}

function pageOf(tool: JsonObject): string | undefined {
  const meta = tool['_meta'];
  const ui = isObject(meta) ? meta['ui'] : undefined;
  const page = isObject(ui) ? ui['resourceUri'] : undefined;
  return typeof page === 'string' ? page : undefined;
}

function testsOf(templates: ReadonlySet<string>): readonly UriTest[] {
  const tests: UriTest[] = [];
  let texts = 0;
  for (const template of templates) {
    const test = uriTest(template);
    texts += test?.texts ?? 0;
    if (tests.length >= MAX_TEMPLATES || texts > MAX_TEMPLATE_TEXTS) break;
    if (test !== undefined) tests.push(test);
  }
  return tests;
}
