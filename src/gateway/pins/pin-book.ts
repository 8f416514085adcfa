import { findingsIn } from '../../catalogue/findings/findings-in.ts';
import type { RiskClass } from '../../policy/decision.ts';
import { isArray, type Json } from '../../wire/json.ts';
import type { Clock, Crypto, PinStore } from '../ports.ts';
import { fixedRefusal, type Refusal } from '../refusal.ts';
import { stampNow } from '../stamp.ts';
import { classifyPins, lacksClasses } from './classify-pins.ts';
import { type Flagged, flaggedLines } from './flagged.ts';
import { HeardTexts } from './heard.ts';
import { heldRefusal, type WhyHeld } from './held-refusal.ts';
import type { ClassifyTool, KeptClass } from './kept-class.ts';
import { namesAround } from './names-around.ts';
import { type Looked, noteList, type SeenList } from './note-list.ts';
import type { PinMode } from './pin-mode.ts';
import { definitionIn } from './pin-records.ts';
import { markOf, type ServerPins, type ToolPin } from './server-pins.ts';
import { type ShownTool, shownTools } from './shown-tools.ts';
import { worseClass } from './worse-class.ts';

export interface PinBookOptions {
  readonly server: string;
  readonly store: PinStore;
  readonly clock: Pick<Clock, 'now' | 'tick'>;
  readonly crypto: Pick<Crypto, 'id'>;
  /** As the configuration in force says. */
  mode(): PinMode;
  /** What a definition of this server can do, as the catalogue or the classifier says; both are loaded when they are first needed. */
  classifier(): Promise<ClassifyTool>;
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
  /** What the server said of itself, beside its tools. */
  readonly heard: HeardTexts = new HeardTexts();
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
    try {
      if (mode === 'off') return { kind: 'checked', tools: await this.#withLive(tools) };
      const pins = this.#pins ?? (await this.#read());
      await this.#note(pins, { server: this.#options.server, tools, extent, mode });
      const shared = tools.map((tool) => this.#sharing(tool));
      return { kind: 'checked', tools: mode === 'warn' ? await this.#withLive(shared) : shared };
    } catch (fault) {
      this.#options.log(`server ${this.#options.server}: its pins are unavailable: ${wordsOf(fault)}`);
      return { kind: 'unavailable', refusal: UNAVAILABLE };
    }
  }

  /** What is kept under the tool's name: looked up once for each call. */
  pinOf(tool: ShownTool | undefined): ToolPin | undefined {
    return tool === undefined ? undefined : this.#pins?.tools.get(tool.name);
  }

  /**
   * What a call of the tool can do, where the operator did not say: what was frozen with the pin. A definition that passes without being the
   * pinned one makes it worse, never better.
   */
  classOf(tool: ShownTool | undefined, pin: ToolPin | undefined = this.pinOf(tool)): RiskClass {
    if (tool === undefined) return 'unknown';
    const frozen = pin?.pinned?.class?.class;
    if (frozen !== undefined && pin?.pinned?.text === tool.text && tool.unfit === undefined) return frozen;
    const mode = this.#options.mode();
    if (mode === 'hold') return frozen ?? 'unknown';
    if (mode === 'off') return (tool.live ?? this.#keptOf(tool, pin))?.class ?? 'unknown';
    const live = (tool.live ?? this.#keptOf(tool, pin))?.class ?? 'unknown';
    return frozen === undefined ? live : worseClass(frozen, live);
  }

  /** Whether a tool may be listed and called by now; synchronous, for every call. */
  verdict(tool: ShownTool, pin: ToolPin | undefined = this.pinOf(tool)): PinVerdict {
    const { text, unfit } = tool;
    if (this.#options.mode() !== 'hold') return ACCEPTED;
    if (unfit !== undefined) return { kind: 'held', why: unfit };
    if (this.#pins === undefined || this.#pins.edition === 0) return { kind: 'held', why: 'unread' };
    const pinned = pin?.pinned;
    if (pinned === undefined) return { kind: 'held', why: 'new' };
    return pinned.text === text ? ACCEPTED : { kind: 'held', why: 'changed' };
  }

  /** Why a tool may not be called by now; undefined when it may. Without a tool of a list that was checked nothing may. */
  refusal(tool: ShownTool | undefined, pin: ToolPin | undefined = this.pinOf(tool)): Refusal | undefined {
    if (this.#options.mode() !== 'hold') return undefined;
    const verdict = tool === undefined ? { kind: 'held' as const, why: 'unread' as const } : this.verdict(tool, pin);
    return verdict.kind === 'held' ? heldRefusal(this.#options.server, verdict.why) : undefined;
  }

  /** The mark of a tool's definition for records; undefined for one that is not kept. */
  markOf(tool: ShownTool | undefined, pin: ToolPin | undefined = this.pinOf(tool)): string | undefined {
    if (tool === undefined || tool.unfit !== undefined) return undefined;
    if (pin?.pinned?.text === tool.text) return markOf(pin.pinned);
    return pin?.candidate?.text === tool.text ? markOf(pin.candidate) : undefined;
  }

  /** Takes up what other processes changed, given the store's edition; tells whether other definitions are accepted now. Rejects with `StoreFault`. */
  async takeUp(edition: number): Promise<'same' | 'changed'> {
    const before = this.#pins;
    if (this.#options.mode() === 'off' || !this.#isAsked || before?.edition === edition) return 'same';
    const pins = await this.#read();
    return before !== undefined && isSame(before, pins) ? 'same' : 'changed';
  }

  /** Reads what is kept; what an older gateway kept without saying what it can do is classified now, on record, and frozen so. */
  async #read(): Promise<ServerPins> {
    const { store, server } = this.#options;
    const pins = await store.pins(server);
    if (!lacksClasses(pins)) return this.#adopt(pins);
    const classify = await this.#options.classifier();
    const stamp = stampNow(this.#options);
    return this.#adopt(await store.changePins(server, (now) => classifyPins(server, now, classify, stamp)));
  }

  async #note(pins: ServerPins, list: Omit<SeenList, 'look'>): Promise<void> {
    const { store, server, log } = this.#options;
    const stamp = stampNow(this.#options);
    // Digests are made inside the transaction only; here it is asked whether there is anything to write.
    const isNews = noteList(pins, { ...list, look: unseen }, stamp, () => '') !== undefined;
    if (!isNews || !this.#mayWrite()) return;
    const seen = { ...list, look: await this.#looker(list) };
    // Looked at now, the transaction need not wait for it.
    noteList(pins, seen, stamp, () => '');
    let flagged: readonly Flagged[] = [];
    const after = await store.changePins(server, (now, digest) => {
      const noted = noteList(now, seen, stamp, digest);
      flagged = noted?.flagged ?? [];
      return noted;
    });
    const line = lineFor(server, list.mode, pins, this.#adopt(after));
    if (line !== undefined) log(line);
    for (const found of flaggedLines(server, flagged)) log(found);
  }

  /** Looks closely at definitions that were never seen before, among the tools that the gateway knows by now. */
  async #looker({ server, tools }: Pick<SeenList, 'server' | 'tools'>): Promise<SeenList['look']> {
    const names = await namesAround(this.#options.store, server, tools);
    const classify = await this.#options.classifier();
    const seen = new Map<string, Looked>();
    return ({ text }) => {
      const known = seen.get(text);
      if (known !== undefined) return known;
      const definition = definitionIn(text);
      const looked = { class: classify(definition), findings: findingsIn(definition, names) };
      seen.set(text, looked);
      return looked;
    };
  }

  /** With what the definitions themselves can do, where they are not the pinned ones. Two tools of one name can do anything. */
  async #withLive(tools: readonly ShownTool[]): Promise<readonly ShownTool[]> {
    const isWarning = this.#options.mode() === 'warn';
    const isOwn = ({ text, name, unfit }: ShownTool): boolean =>
      unfit !== undefined || (isWarning && this.#pins?.tools.get(name)?.pinned?.text === text);
    if (tools.every(isOwn)) return tools;
    const classify = await this.#options.classifier();
    return tools.map((tool) => {
      if (isOwn(tool)) return tool;
      return { ...tool, live: this.#keptOf(tool, this.pinOf(tool)) ?? classify(definitionIn(tool.text)) };
    });
  }

  /** What is kept of this very definition. */
  #keptOf({ text, unfit }: ShownTool, pin: ToolPin | undefined): KeptClass | undefined {
    if (unfit !== undefined) return undefined;
    return [pin?.pinned, pin?.candidate].find((kept) => kept?.text === text)?.class;
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
  return [...names].every((name) => {
    const [one, other] = [before.tools.get(name)?.pinned, after.tools.get(name)?.pinned];
    return one?.text === other?.text && one?.class?.class === other?.class?.class;
  });
}

/** For whoever only asks whether there is anything to look at. */
function unseen(): Looked {
  const nothing = { class: 'unknown', severity: 'medium', by: 'classifier', reason: '', version: '' } as const;
  return { class: { ...nothing, evidence: [], catalogue: undefined }, findings: [] };
}

function lineFor(server: string, mode: 'hold' | 'warn', before: ServerPins, after: ServerPins): string | undefined {
  if (before.edition === 0) {
    const held = [...after.tools.values()].filter(({ pinned }) => pinned === undefined).length;
    const told = `server ${server}: its ${after.tools.size - held} tools are pinned as it lists them now`;
    return held === 0 ? told : `${told}; ${held} are held, for what they hide (toolgate tools diff --server ${server})`;
  }
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
