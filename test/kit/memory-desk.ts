import type { DeskOptions, OpenDesk, World } from '../../src/cli/world.ts';
import type { Approval, Subject } from '../../src/gateway/approvals/approval.ts';
import type { Viewer } from '../../src/gateway/approvals/approval-desk.ts';
import { type Exceptions, LocalDesk } from '../../src/gateway/approvals/local-desk.ts';
import type { Person, Role } from '../../src/gateway/approvals/quorum.ts';
import { type MemoryApprovals, memoryApprovals } from './memory-approvals.ts';

interface KnownPerson {
  readonly roles: readonly Role[];
  readonly token?: string;
  readonly passphrase?: string;
}

interface Question {
  readonly id?: string;
  readonly args?: object;
  readonly minutes?: number;
  readonly subject?: Partial<Subject>;
}

export interface MemoryDesk {
  readonly store: MemoryApprovals;
  /** What was opened, in order. */
  readonly opened: readonly DeskOptions[];
  /** How many are open now. */
  open(): number;
  /** An agent asks; gives the id. */
  ask(question?: Question): Promise<string>;
  /** Changes one as the store keeps it. */
  change(id: string, with_: (now: Approval) => Partial<Approval>): Promise<void>;
  later(minutes: number): void;
  readonly openDesk: World['openDesk'];
}

/** The real desk over a store in memory, with people who are known by secrets in the clear. */
export function memoryDesk(
  start: number,
  people: Readonly<Record<string, KnownPerson>>,
  exceptions: Exceptions = NONE,
): MemoryDesk {
  let now = start;
  let open = 0;
  let ids = 0;
  const store = memoryApprovals();
  const clock = { now: () => now, tick: () => now, lead: () => 0 };
  const opened: DeskOptions[] = [];
  return {
    store,
    opened,
    open: () => open,
    async ask({
      id = `ap_${'question'.padEnd(18, 'x')}${String(++ids).padStart(4, '0')}`,
      args = {},
      minutes = 15,
      subject,
    }: Question = {}) {
      const asked = questionOf(id, args, now, minutes, subject);
      store.write({ approvals: [asked], records: [], notices: [] }, now);
      return id;
    },
    async change(id, with_) {
      await store.changeApproval(id, clock, (one) =>
        one === undefined ? undefined : { approvals: [{ ...one, ...with_(one) }], records: [], notices: [] },
      );
    },
    later(minutes) {
      now += minutes * 60_000;
    },
    async openDesk(options): Promise<OpenDesk> {
      opened.push(options);
      open += 1;
      const crypto = { id: () => `id${++ids}` };
      const desk = new LocalDesk({
        store,
        clock,
        crypto,
        herald: { tell: () => [] },
        exceptions,
        whyUnfit: async (_, call) => (call.args['path'] === '/etc/shadow' ? 'The policy denies that path.' : undefined),
        marks: async () => markOf,
        onChange() {},
      });
      return {
        list: (which) => desk.list(which),
        show: (id, viewer) => desk.show(id, viewer),
        answer: (id, given, viewer) => desk.answer(id, given, proven(viewer)),
        propose: (id, wish, viewer) => desk.propose(id, wish, proven(viewer)),
        adopt: (id, wish, digest, viewer) => desk.adopt(id, wish, digest, proven(viewer)),
        identify: async (secret, name) => personOf(people, secret.reveal(), name),
        close: async () => {
          open -= 1;
        },
      };
    },
  };
}

function markOf(name: string): string {
  return `mark of ${name}`;
}

/** As this desk found out itself. */
function proven(viewer: Viewer): Viewer {
  return { ...viewer, credential: viewer.person && markOf(viewer.person.name) };
}

function personOf(people: Readonly<Record<string, KnownPerson>>, secret: string, name?: string): Person | undefined {
  const found = Object.entries(people).find(([own, { token, passphrase }]) =>
    name === undefined ? token === secret : own === name && passphrase === secret,
  );
  return found && { name: found[0], roles: new Set(found[1].roles) };
}

function questionOf(id: string, args: object, now: number, minutes: number, subject: Partial<Subject> = {}): Approval {
  return {
    id,
    key: `key of ${id}`,
    state: 'open',
    edition: 0,
    askedAt: now,
    expires: now + minutes * 60_000,
    subject: {
      grant: 'laptop',
      owner: 'alice',
      server: 'files',
      kind: 'tool',
      method: 'tools/call',
      name: 'write',
      class: 'write',
      params: JSON.stringify({ arguments: args, name: subject.name ?? 'write' }),
      definition: 'd',
      description: 'Writes a file.',
      rule: { document: 'policy', pointer: '/tools/write', id: undefined, mark: 'm' },
      reason: 'Writing needs a yes.',
      client: { name: 'claude-code', version: '2.1' },
      session: undefined,
      quorum: { count: 1, lists: [] },
      ...subject,
    },
    answers: [],
    edit: undefined,
    used: undefined,
    why: undefined,
  };
}

const NONE: Exceptions = {
  propose: async () => ({ kind: 'none', reason: 'not needed' }),
  adopt: async () => ({ kind: 'none', reason: 'not needed' }),
};
