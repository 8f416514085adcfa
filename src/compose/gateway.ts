import { packageVersion } from '../cli/version.ts';
import type { ApprovalDesk } from '../gateway/approvals/approval-desk.ts';
import type { ApprovalStore } from '../gateway/approvals/approval-ports.ts';
import { LocalDesk } from '../gateway/approvals/local-desk.ts';
import { Flight } from '../gateway/flight.ts';
import type { Gate, Standing } from '../gateway/gate.ts';
import type { Behind } from '../gateway/hub/behind.ts';
import { Hubs } from '../gateway/hub/hubs.ts';
import { tellListsChanged } from '../gateway/news.ts';
import { NOBODY } from '../gateway/nobody.ts';
import { PinBooks } from '../gateway/pins/pin-books.ts';
import type { Clock, Crypto, PinStore, Store } from '../gateway/ports.ts';
import { eventBody } from '../gateway/record.ts';
import { Sessions } from '../gateway/sessions.ts';
import { SharedTools } from '../gateway/shared-tools.ts';
import { Strangers } from '../gateway/strangers.ts';
import type { TokenTable } from '../inbound/credentials.ts';
import type { McpEndpoint, Route } from '../inbound/mcp-endpoint.ts';
import { argumentPrivacy } from '../settings/argument-privacy.ts';
import type { Settings } from '../settings/settings.ts';
import { objectOf } from '../wire/json.ts';
import { classifiers, wordFor } from './classifier.ts';
import { exceptionsOf } from './exceptions.ts';
import { type InForce, inForce, narrowed } from './in-force.ts';
import { changedMarks, isMark, marksOf, personMark } from './people.ts';
import { digestsOf, policyChanges } from './policy-changes.ts';
import { QuestionOffice } from './question-office.ts';
import { type Standings, standingOf, whyNoStanding } from './standings.ts';
import { Upstreams } from './upstreams.ts';
import { whyUnfit } from './why-unfit.ts';

/** Revoked and expired grants lose their streams within this time; calls are refused at once. */
const SWEEP_EVERY_MS = 500;

export interface Parts {
  /** The data folder. */
  readonly folder: string;
  /** The environment that the configuration reads. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly crypto: Crypto;
  readonly store: Store & PinStore & ApprovalStore;
  /** Takes up the keys that a configuration wants kept arguments sealed with. Rejects with `StoreFault`. */
  values(settings: Settings): Promise<void>;
  log(line: string): void;
}

/** The gateway without its front: configuration in force, sessions, servers. */
export class Gateway {
  readonly gate: Gate;
  readonly sessions: Sessions;
  readonly #hubs: Hubs;
  readonly strangers: Strangers;
  readonly endpoint: McpEndpoint;
  readonly office: QuestionOffice;
  /** Where people see questions and answer them. */
  readonly desk: ApprovalDesk;
  readonly #upstreams: Upstreams;
  readonly #parts: Parts;
  readonly #sweeper: NodeJS.Timeout;
  readonly #stopLooking: () => void;
  readonly #ending: Set<Promise<void>> = new Set();
  #inForce: InForce;
  /** Who wrote a version of a policy that is not taken up yet. */
  readonly #adopted = new Map<string, string>();

  constructor(parts: Parts, first: InForce) {
    this.#parts = parts;
    this.#inForce = first;
    this.#upstreams = new Upstreams(parts.log);
    this.#upstreams.apply(first.settings);
    const classifierFor = classifiers();
    const pins = new PinBooks({
      ...parts,
      classifier: (server) => classifierFor(wordFor(server, this.#inForce.settings)),
      mode: (server) => this.#inForce.settings.servers.get(server)?.pins ?? 'hold',
      onChange: (server) => this.sessions.toolsChanged(server),
    });
    this.#stopLooking = pins.watch(SWEEP_EVERY_MS);
    this.office = new QuestionOffice({
      ...parts,
      localUser: undefined,
      personNamed: (name) => this.#inForce.settings.people.get(name),
      hasPeople: () => this.#inForce.settings.people.size > 0,
      markOf: (name) => this.#markOf(name),
      inForce: () => {
        const { approvals, hooks } = this.#inForce.settings;
        return { approvals, hooks, privacy: (server, tool) => argumentPrivacy(this.#inForce.settings, server, tool) };
      },
    });
    this.gate = {
      ...parts,
      version: packageVersion(),
      pins: (server) => pins.of(server),
      standing: (grant, server) => standingOf(this.#inForce.standings, grant, server, parts.clock.now()),
      whyNone: (grant, server) => whyNoStanding(this.#inForce.standings, grant, server, parts.clock.now()),
      flight: new Flight(),
      approvals: this.office.book,
      approvalSettings: () => this.office.settings(),
      shared: new SharedTools(),
      limits: () => this.#inForce.settings.limits,
      audit: () => ({ holdReply: this.#inForce.settings.audit.sync === 'before-reply' }),
      privacy: (server, tool) => argumentPrivacy(this.#inForce.settings, server, tool),
    };
    const { gate } = this;
    this.desk = new LocalDesk({
      ...parts,
      herald: this.office.book.herald,
      exceptions: exceptionsOf({
        ...parts,
        settings: () => this.#inForce.settings,
        onAdopted: (policy, digest, by) => void this.#adopted.set(`${policy}\n${digest}`, by),
      }),
      whyUnfit: (approval, call) => whyUnfit({ ...gate, store: parts.store }, approval, call),
      marks: async () => (name) => this.#markOf(name),
      onChange: () => this.office.book.poke(),
    });
    this.office.start();
    this.sessions = new Sessions(this.gate);
    this.strangers = new Strangers(this.gate);
    this.#hubs = new Hubs({
      gate: this.gate,
      sessions: this.sessions,
      servers: (grant) => this.#serversOf(grant),
    });
    this.endpoint = {
      gate: this.gate,
      limits: () => this.#inForce.settings.limits,
      sessionsOf: (grant) => this.sessions.countOf(grant) + this.#hubs.countOf(grant),
      route: (server) => this.#route(server),
      all: (grant) => (this.#serversOf(grant).length === 0 ? undefined : this.#hubs),
    };
    this.#sweeper = setInterval(() => this.#sweep(), SWEEP_EVERY_MS);
  }

  get inForce(): InForce {
    return this.#inForce;
  }

  #behind(server: string): Behind | undefined {
    const running = this.#upstreams.get(server);
    if (running === undefined) return undefined;
    const { timeoutMs, idleMs } = running.settings;
    return { server, upstream: running.upstream, timeoutMs, idleMs };
  }

  #route(server: string): Route | undefined {
    const behind = this.#behind(server);
    if (behind === undefined) return undefined;
    const { sessions } = this;
    return {
      server,
      open: (grant, front) => sessions.open({ ...behind, grant, front, era: 'legacy', onEnd() {} }),
      find: (id, grant) => sessions.find(id, grant, server),
      lane: (grant) => sessions.lane({ ...behind, grant, front: NOBODY, era: 'modern', onEnd() {} }),
    };
  }

  /** In the order of the configuration. */
  #serversOf(grant: string): readonly Behind[] {
    return [...this.#inForce.settings.servers.keys()].flatMap((server) =>
      this.gate.standing(grant, server) === undefined ? [] : (this.#behind(server) ?? []),
    );
  }

  #sweep(): void {
    this.sessions.sweep();
    this.#hubs.sweep();
    void this.office.sweep();
  }

  /**
   * Takes up a configuration while running. What it takes away is gone at once: sessions of grants that lost their standing
   * or their token end. What it gives waits for the record; rejects, with only the taking away done, when that cannot be written.
   */
  async take(settings: Settings): Promise<void> {
    const before = this.#inForce.tokens.table;
    this.#put(narrowed(this.#inForce, settings), before);
    const { clock, crypto, store, values } = this.#parts;
    await values(settings);
    const next = inForce(settings, await store.tokenHashes(), undefined);
    const policies = objectOf([...digestsOf(settings)]);
    const body = eventBody('configuration taken up', {}, objectOf([['policies', policies]]));
    const changes = policyChanges(this.#inForce.settings, settings).map((change) => ({
      ...change,
      by: this.#adopted.get(`${change.name}\n${change.after}`) ?? change.by,
    }));
    await Promise.all([
      store.append({ id: crypto.id(), kind: 'event', at: clock.now(), body }, undefined),
      this.#keep(next),
      this.office.policiesChanged(changes),
    ]);
    for (const { name, after } of changes) this.#adopted.delete(`${name}\n${after}`);
    const replaced = this.#upstreams.apply(settings);
    const earlier = this.#inForce.standings;
    this.#put(next, before);
    this.#tellChanges(earlier);
    for (const [server, upstream] of replaced) {
      this.sessions.forgetEra(server);
      const reason = `the server ${server} was changed or removed in the configuration`;
      this.#later(this.sessions.end(reason, (session) => session.server === server).then(() => upstream.close()));
    }
  }

  /** Keeps what was made for grants and people, and who the people are. Rejects as the store does. */
  keepIdentities(): Promise<void> {
    return this.#keep(this.#inForce);
  }

  async #keep({ settings, tokens }: InForce): Promise<void> {
    const { store } = this.#parts;
    const before = await store.tokenHashes();
    const marks = marksOf(settings.people, tokens);
    await store.saveTokenHashes(new Map([...tokens.kept, ...marks]));
    const changed = changedMarks(before, marks);
    if (changed.length > 0 && [...before.keys()].some(isMark)) {
      this.#parts.log(`the data folder knew other people than the configuration names now: ${changed.join(', ')}`);
    }
    await this.office.peopleChanged(changed);
  }

  #markOf(name: string): string | undefined {
    const { settings, tokens } = this.#inForce;
    const person = settings.people.get(name);
    return person === undefined ? undefined : personMark(person, tokens);
  }

  /** Clients whose policies changed are told that their lists may have. */
  #tellChanges(earlier: Standings): void {
    const now = this.#parts.clock.now();
    for (const session of this.sessions.all()) {
      const { grant, server } = session;
      const before = standingOf(earlier, grant, server, now);
      const after = standingOf(this.#inForce.standings, grant, server, now);
      if (after !== undefined && !isSame(before, after)) tellListsChanged(session, ['tools', 'resources', 'prompts']);
    }
  }

  /** Lets what is under way come to its end, as long as the configuration says; nothing new is taken meanwhile. */
  async drain(): Promise<void> {
    const { drainMs } = this.#inForce.settings.limits;
    const late = new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, drainMs);
      timer.unref();
    });
    await Promise.race([this.gate.flight.stop(), late]);
    // What has come back is still on its way to its clients, through the place where all servers stand together.
    await new Promise((resolve) => void setImmediate(() => setImmediate(resolve)));
  }

  #put(next: InForce, before: TokenTable): void {
    this.#inForce = next;
    this.#sweep();
    const renewed = renewedGrants(before, next.tokens.table);
    const reason = 'the token of the grant was changed';
    this.#later(this.#hubs.end(reason, (grant) => renewed.has(grant)));
    this.#later(this.sessions.end(reason, ({ grant }) => renewed.has(grant)));
  }

  /** What takes its time to end must not hold up the next change of the configuration; only the end of all waits for it. */
  #later(ending: Promise<void>): void {
    const done = ending.catch((fault: Error) => this.#parts.log(`something would not end: ${fault.message}`));
    this.#ending.add(done);
    void done.then(() => this.#ending.delete(done));
  }

  /** Ends all that clients have open; who still waits for an answer hears why there is none. */
  async hangUp(): Promise<void> {
    await this.#hubs.end('the gateway is stopping', () => true);
    await this.sessions.end('the gateway is stopping', () => true);
  }

  async close(): Promise<void> {
    clearInterval(this.#sweeper);
    this.#stopLooking();
    await this.hangUp();
    await Promise.all(this.#ending);
    await this.#upstreams.close();
    await this.office.close();
    this.strangers.flush();
    await this.#parts.store.close();
  }
}

function isSame(before: Standing | undefined, after: Standing): boolean {
  return (
    before?.policyDigest === after.policyDigest &&
    before.baselineDigest === after.baselineDigest &&
    JSON.stringify([...before.classes]) === JSON.stringify([...after.classes])
  );
}

/** Grants that have another token than before. */
function renewedGrants(before: TokenTable, after: TokenTable): ReadonlySet<string> {
  const lost = [...before].filter(([hash, label]) => after.get(hash) !== label);
  return new Set(lost.map(([, label]) => label));
}
