import type { Approval, Subject } from '../../src/gateway/approvals/approval.ts';
import type {
  ApprovalChanges,
  ApprovalRuling,
  ApprovalStore,
  Consultation,
  KnownApprovals,
  Notice,
  TransactionClock,
} from '../../src/gateway/approvals/approval-ports.ts';
import type { Entry, Pass, Plan, Store } from '../../src/gateway/ports.ts';
import { passOf, START } from './story.ts';

export type Asked = Store & ApprovalStore;

export const HOUR = 3_600_000;

/** What a test says of a question; the rest is like any other. */
export interface Question extends Partial<Pick<Subject, 'grant' | 'server' | 'name' | 'params'>> {
  readonly key?: string;
  readonly expires?: number;
}

/** A question as a gateway asks it. */
export function question(id: string, { key = 'key', expires = START + HOUR, ...more }: Question = {}): Approval {
  return {
    id,
    key,
    state: 'open',
    edition: 0,
    askedAt: START,
    expires,
    subject: {
      grant: 'laptop',
      owner: 'alice',
      server: 'bank',
      kind: 'tool',
      method: 'tools/call',
      name: 'transfer',
      class: 'financial',
      params: '{"arguments":{"amount":5},"name":"transfer"}',
      definition: 'ab'.repeat(32),
      description: undefined,
      rule: { document: 'policy', pointer: '/tools/transfer/action', id: undefined, mark: 'mark' },
      reason: 'A person has to approve of transfers.',
      client: { name: 'Claude Code', version: undefined },
      session: undefined,
      quorum: { count: 1, lists: [{ roles: ['approver'], owners: [] }] },
      ...more,
    },
    answers: [],
    edit: undefined,
    used: undefined,
    why: undefined,
  };
}

export function approved(approval: Approval, by = 'bob'): Approval {
  const answer = { by, said: 'approve', channel: 'page', at: START + 1, note: undefined } as const;
  return { ...approval, state: 'approved', answers: [...approval.answers, answer] };
}

export function usedBy(approval: Approval, pass: string): Approval {
  return { ...approval, state: 'used', used: { pass, at: START + 2 } };
}

export function ended(approval: Approval, state: 'denied' | 'expired' | 'void', why = 'No.'): Approval {
  return { ...approval, state, why };
}

export function event(id: string, what: string, at: number = START): Entry {
  return { id, kind: 'event', at, body: JSON.stringify({ event: what }) };
}

export function notice(id: string, hook = 'chat', at: number = START): Notice {
  return { id, hook, event: 'approval.asked', at, body: JSON.stringify({ id }) };
}

/** Writes approvals as they are, with what is told beside. */
export function changes(approvals: readonly Approval[], more: Partial<ApprovalChanges> = {}): ApprovalChanges {
  return { approvals, records: [], notices: [], ...more };
}

export function clockAt(tick: number, lead = 0): TransactionClock {
  return { tick: () => tick, lead: () => lead };
}

export function keep(store: ApprovalStore, ...approvals: readonly Approval[]): Promise<unknown> {
  return Promise.all(approvals.map((one) => store.changeApproval(one.id, clockAt(START), () => changes([one]))));
}

/** Puts one that is kept into another state. */
export function become(
  store: ApprovalStore,
  id: string,
  plan: (now: Approval) => Approval,
): Promise<Approval | undefined> {
  return store.changeApproval(id, clockAt(START), (now) => now && changes([plan(now)]));
}

export type Settle = (known: KnownApprovals, tick: number) => ApprovalRuling;

/** The consultation of a call that is like a question. */
export function about({ key, subject }: Approval, settle: Settle): Consultation {
  return { key, grant: subject.grant, server: subject.server, name: subject.name, settle };
}

/** A pass that needs a person, whatever the limits say. */
export function asking(
  id: string,
  asked: Approval,
  settle: Settle,
  more: Partial<Plan> & { readonly tick?: number; readonly lead?: number } = {},
): Pass {
  const { tick = START, lead = 0, ...plan } = more;
  const pass = passOf(id, tick, { mode: 'check', consult: () => about(asked, settle), ...plan });
  return { ...pass, lead: () => lead };
}

/** Asks the question that is given, or joins it; uses an approval where there is one. */
export function orAsk(asked: Approval, pass: string): Settle {
  return ({ same }) => {
    const live = same.find(({ state }) => state === 'open' || state === 'approved');
    if (live?.state === 'approved') {
      const records = [event(`used-${live.id}-${pass}`, 'approval used')];
      return { effect: 'pass', ...changes([usedBy(live, pass)], { records }) };
    }
    if (live !== undefined) return { effect: 'stop', ...changes([]) };
    const records = [event(`asked-${asked.id}-${pass}`, 'approval asked')];
    return { effect: 'stop', ...changes([asked], { records, notices: [notice(`n-${asked.id}`)] }) };
  };
}
