import { isArray, type Json } from '../../wire/json.ts';
import type { Clock, Crypto, PinStore } from '../ports.ts';
import { fixedRefusal, type Refusal } from '../refusal.ts';
import { stampNow } from '../stamp.ts';
import { heldRefusal, type WhyHeld } from './held-refusal.ts';
import { noteList, type SeenList } from './note-list.ts';
import type { PinMode } from './pin-mode.ts';
import { markOf, type ServerPins } from './server-pins.ts';
import { type ShownTool, shownTools } from './shown-tools.ts';

export interface PinBookOptions {
  readonly server: string;
  readonly store: PinStore;
  readonly clock: Pick<Clock, 'now' | 'tick'>;
  readonly crypto: Pick<Crypto, 'id'>;
  /** As the configuration in force says. */
  mode(): PinMode;
  /** For the operator's eyes: one line. */
  log(line: string): void;
}

export type PinCheck =
  /** The tools one for one, in the order of the list; keep them for `verdict`. */
  | { readonly kind: 'checked'; readonly tools: readonly ShownTool[] }
  /** What was accepted is not known: nothing may be listed. */
  | { readonly kind: 'unavailable'; readonly refusal: Refusal };

export type PinVerdict = { readonly kind: 'accepted' } | { readonly kind: 'held'; readonly why: WhyHeld };

const ACCEPTED: PinVerdict = { kind: 'accepted' };
const UNAVAILABLE: Refusal = fixedRefusal(
  '(store unavailable)',
  'The gateway cannot read now which tools were accepted, so none is listed or called. Tell its operator; its log says why.',
);
/** What a server can have written in a minute; beyond that its changes are held all the same, and kept when they are seen again. */
const MOST_CHANGES = 6;
const MINUTE_MS = 60_000;

/** The pins of one server as this process knows them. */
export class PinBook {
  readonly #options: PinBookOptions;
  #pins: ServerPins | undefined;
  #isAsked = false;
  #minute = Number.NEGATIVE_INFINITY;
  #changes = 0;

  constructor(options: PinBookOptions) {
    this.#options = options;
  }

  /**
   * Compares a list of the server with what was accepted, and keeps what is new or changed. `whole`: all of the server's tools, and
   * the only list that is taken at its word when it is the first. Reaches the store only when something changed. Never rejects.
   */
  async check(list: Json | undefined, extent: SeenList['extent']): Promise<PinCheck> {
    const tools = shownTools(isArray(list) ? list : []);
    const mode = this.#options.mode();
    this.#isAsked = true;
    if (mode === 'off') return { kind: 'checked', tools };
    try {
      const pins = this.#pins ?? this.#adopt(await this.#options.store.pins(this.#options.server));
      await this.#note(pins, { server: this.#options.server, tools, extent, mode });
      return { kind: 'checked', tools: tools.map((tool) => this.#sharing(tool)) };
    } catch (fault) {
      this.#options.log(`server ${this.#options.server}: its pins are unavailable: ${wordsOf(fault)}`);
      return { kind: 'unavailable', refusal: UNAVAILABLE };
    }
  }

  /** Whether a tool may be listed and called by now; synchronous, for every call. */
  verdict({ name, text, unfit }: ShownTool): PinVerdict {
    if (this.#options.mode() !== 'hold') return ACCEPTED;
    if (unfit !== undefined) return { kind: 'held', why: unfit };
    if (this.#pins === undefined || this.#pins.edition === 0) return { kind: 'held', why: 'unread' };
    const pinned = this.#pins.tools.get(name)?.pinned;
    if (pinned === undefined) return { kind: 'held', why: 'new' };
    return pinned.text === text ? ACCEPTED : { kind: 'held', why: 'changed' };
  }

  /** Why a tool may not be called by now; undefined when it may. Without a tool of a list that was checked nothing may. */
  refusal(tool: ShownTool | undefined): Refusal | undefined {
    if (this.#options.mode() !== 'hold') return undefined;
    const verdict = tool === undefined ? { kind: 'held' as const, why: 'unread' as const } : this.verdict(tool);
    return verdict.kind === 'held' ? heldRefusal(this.#options.server, verdict.why) : undefined;
  }

  /** The mark of a tool's definition for records; undefined for one that is not kept. */
  markOf(tool: ShownTool | undefined): string | undefined {
    if (tool === undefined || tool.unfit !== undefined) return undefined;
    const pin = this.#pins?.tools.get(tool.name);
    if (pin?.pinned?.text === tool.text) return markOf(pin.pinned);
    return pin?.candidate?.text === tool.text ? markOf(pin.candidate) : undefined;
  }

  /** Takes up what other processes changed, given the store's edition; tells whether other definitions are accepted now. Rejects with `StoreFault`. */
  async takeUp(edition: number): Promise<'same' | 'changed'> {
    const before = this.#pins;
    if (this.#options.mode() === 'off' || !this.#isAsked || before?.edition === edition) return 'same';
    const pins = this.#adopt(await this.#options.store.pins(this.#options.server));
    return before !== undefined && isSame(before, pins) ? 'same' : 'changed';
  }

  async #note(pins: ServerPins, list: SeenList): Promise<void> {
    const { store, server, log } = this.#options;
    const stamp = stampNow(this.#options);
    // Digests are made inside the transaction only; here it is asked whether there is anything to write.
    if (noteList(pins, list, stamp, () => '') === undefined || !this.#mayWrite()) return;
    const after = await store.changePins(server, (now, digest) => noteList(now, list, stamp, digest));
    const line = lineFor(server, list.mode, pins, this.#adopt(after));
    if (line !== undefined) log(line);
  }

  /** The later edition wins, in whichever order the answers come. */
  #adopt(pins: ServerPins): ServerPins {
    if (this.#pins === undefined || pins.edition >= this.#pins.edition) this.#pins = pins;
    return this.#pins;
  }

  #mayWrite(): boolean {
    const now = this.#options.clock.tick();
    if (now - this.#minute >= MINUTE_MS) {
      this.#minute = now;
      this.#changes = 0;
    }
    this.#changes++;
    return this.#changes <= MOST_CHANGES;
  }

  /** Many sessions keep the same list: they share the texts that are kept here. */
  #sharing(tool: ShownTool): ShownTool {
    const pin = this.#pins?.tools.get(tool.name);
    const same = [pin?.pinned, pin?.candidate].find((kept) => kept?.text === tool.text);
    return same === undefined ? tool : { ...tool, text: same.text };
  }
}

function isSame(before: ServerPins, after: ServerPins): boolean {
  if ((before.edition === 0) !== (after.edition === 0)) return false;
  const names = new Set([...before.tools.keys(), ...after.tools.keys()]);
  return [...names].every((name) => before.tools.get(name)?.pinned?.text === after.tools.get(name)?.pinned?.text);
}

function lineFor(server: string, mode: 'hold' | 'warn', before: ServerPins, after: ServerPins): string | undefined {
  if (before.edition === 0) return `server ${server}: its ${after.tools.size} tools are pinned as it lists them now`;
  const waiting = [...after.tools].filter(([name, { candidate }]) => {
    return candidate !== undefined && candidate.text !== before.tools.get(name)?.candidate?.text;
  });
  if (waiting.length === 0) return undefined;
  const changed = waiting.filter(([, { pinned }]) => pinned !== undefined).length;
  const told = `tools changed: ${changed}, new: ${waiting.length - changed}`;
  const what = mode === 'hold' ? 'held until they are accepted' : 'they pass, since its pins only warn';
  return `server ${server}: ${told}; ${what} (toolgate tools diff --server ${server})`;
}

function wordsOf(fault: unknown): string {
  return fault instanceof Error ? fault.message : String(fault);
}
