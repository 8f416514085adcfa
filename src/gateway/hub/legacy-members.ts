import { type JsonObject, objectOf } from '../../wire/json.ts';
import type { Conversation } from '../conversation.ts';
import type { Front } from '../ports.ts';
import type { Session } from '../session.ts';
import { NOWHERE } from './ask-member.ts';
import type { HubWorld } from './behind.ts';
import type { Directory } from './directory.ts';
import { listOf, noteChanged } from './directory-load.ts';
import type { HubFlow } from './hub-flow.ts';
import type { HubQuestions } from './hub-questions.ts';
import { LegacyMember } from './legacy-member.ts';

/** The session to which the members belong, as they see it. */
export interface LegacyHome {
  readonly world: HubWorld;
  readonly grant: string;
  readonly front: Front;
  readonly flow: HubFlow;
  readonly directory: Directory;
  readonly questions: HubQuestions;
  phase(): Conversation['phase'];
  /** The client's own `initialize` params. */
  offer(): JsonObject;
  /** A server opened its session while the client's was open already: it is brought to the same point. */
  joined(member: LegacyMember, session: Session): Promise<void>;
  /** What can be listed is other now. */
  changed(): void;
}

/** The servers in one client's session, which come and go: by their own doing, or by the configuration's. */
export class LegacyMembers {
  readonly #home: LegacyHome;
  readonly #members = new Map<string, LegacyMember>();

  constructor(home: LegacyHome) {
    this.#home = home;
  }

  /** In the order of the configuration. */
  all(): readonly LegacyMember[] {
    const { world, grant } = this.#home;
    return world.servers(grant).flatMap(({ server }) => this.#members.get(server) ?? []);
  }

  /** Opens a session on each server. Resolves when each has come to an end, good or bad. */
  async open(): Promise<void> {
    const { world, grant } = this.#home;
    await Promise.all(world.servers(grant).map(({ server }) => this.#join(server).start()));
  }

  #join(server: string): LegacyMember {
    const { world, grant, phase, offer } = this.#home;
    const member = new LegacyMember(server, {
      clock: world.gate.clock,
      open: (joined, over) => this.#openAt(joined, over),
      offer,
      mayOpen: (name) => phase() !== 'ended' && world.gate.standing(grant, name) !== undefined,
      opened: (joined, session) => this.#opened(joined, session),
      gone: (joined) => this.#gone(joined),
    });
    this.#members.set(server, member);
    return member;
  }

  #openAt(member: LegacyMember, over: (reason: string) => void): Session | undefined {
    const { world, grant, flow, directory, questions, front: outer } = this.#home;
    const behind = world.servers(grant).find(({ server }) => server === member.server);
    if (behind === undefined) return undefined;
    let session: Session | undefined;
    const front: Front = {
      attached: () => outer.attached(),
      push: (message) => {
        noteChanged(directory, member.server, message);
        if (session !== undefined) outer.push(questions.outward(session, member.server, message));
      },
      ended() {},
    };
    session = world.sessions.inner({
      ...behind,
      upstream: world.facing(behind),
      grant,
      front,
      era: 'legacy',
      // It lives as long as the whole.
      idleMs: Number.POSITIVE_INFINITY,
      onEnd: (ended, reason) => {
        flow.remove(ended.flow);
        questions.drop(ended);
        over(reason);
      },
    });
    flow.add(session.flow);
    return session;
  }

  #opened(member: LegacyMember, session: Session): void {
    const { directory, phase, joined, world } = this.#home;
    directory.stale(member.server, listOf('all'));
    if (phase() !== 'open') return;
    joined(member, session).then(
      () => this.#home.changed(),
      (fault: Error) =>
        world.gate.log(`server ${member.server}: it joined a session late, and not well: ${fault.message}`),
    );
  }

  #gone(member: LegacyMember): void {
    const { directory, phase, world } = this.#home;
    // What it had stays its own while it is away.
    directory.stale(member.server, listOf('all'));
    world.gate.log(`server ${member.server}: left out of a session at /mcp: ${String(member.reach())}`);
    if (phase() === 'open') this.#home.changed();
  }

  /** Takes up what the configuration gives and takes. */
  adjust(): void {
    const { world, grant, directory, changed } = this.#home;
    const granted = new Set(world.servers(grant).map(({ server }) => server));
    for (const [server, member] of [...this.#members]) {
      if (granted.has(server)) continue;
      this.#members.delete(server);
      directory.forget(server, listOf('all'));
      void member.end('the grant no longer has this server');
      changed();
    }
    for (const server of granted) if (!this.#members.has(server)) void this.#join(server).start();
  }

  async end(reason: string): Promise<void> {
    await Promise.all([...this.#members.values()].map((member) => member.end(reason)));
  }
}

/** Sends a notification to a session as its client would. */
export async function notify(session: Session, method: string, params: JsonObject = objectOf([])): Promise<void> {
  await session.receive({ kind: 'message', message: { kind: 'notification', method, params } }, NOWHERE);
}
