import { takeAnswer, whyOver } from '../../src/gateway/approvals/answer.ts';
import type { Approval } from '../../src/gateway/approvals/approval.ts';
import type {
  Adopted,
  Answered,
  ApprovalDesk,
  ExceptionWish,
  GivenAnswer,
  Proposed,
  Viewer,
} from '../../src/gateway/approvals/approval-desk.ts';
import { whyNotAnswer } from '../../src/gateway/approvals/quorum.ts';
import { detailOf, summaryOf } from '../../src/gateway/approvals/view.ts';
import type { Json } from '../../src/wire/json.ts';
import { canonicalJson } from '../../src/wire/write-json.ts';

const NOW = Date.parse('2026-11-21T18:00:00Z');

/** A question of the grant `agent-1` about sending mail, open for ten minutes, but for what is said otherwise. */
export function question(id: string, args: Json, said: Partial<Approval['subject']> = {}): Approval {
  const subject: Approval['subject'] = {
    grant: 'agent-1',
    owner: 'dana',
    server: 'mail',
    kind: 'tool',
    method: 'tools/call',
    name: 'send_email',
    class: 'write',
    params: canonicalJson({ arguments: args, name: 'send_email' }),
    definition: 'd',
    description: 'Send email\nSends one email.',
    rule: { document: 'policy', pointer: '/tools/send_email', id: undefined, mark: 'm' },
    reason: 'Mail that leaves the company is looked at by a person.',
    client: { name: 'Claude Code', version: '2.1.330' },
    session: undefined,
    quorum: { count: 1, lists: [] },
    ...said,
  };
  return {
    id,
    key: id,
    state: 'open',
    edition: 1,
    askedAt: NOW - 20_000,
    expires: 600_000,
    subject,
    answers: [],
    edit: undefined,
    used: undefined,
    why: undefined,
  };
}

/** What reached the desk, as `approve ap_1 by ann through page`. */
export interface FakeDesk extends ApprovalDesk {
  readonly kept: Map<string, Approval>;
  readonly heard: readonly string[];
  readonly given: readonly GivenAnswer[];
  readonly wishes: readonly ExceptionWish[];
  /** The next thing that is asked fails so. */
  failWith(fault: Error): void;
  /** What is proposed from now on; the digest follows the wish. */
  proposing(proposed: Proposed): void;
  adopting(adopted: Adopted): void;
  /** The last call that was approved and sent, of whatever is looked at. */
  lastUsed: Approval | undefined;
}

const SILENT = { tell: () => [] };

/** A desk that keeps its questions in memory and takes answers as the real one does. */
export function fakeDesk(approvals: readonly Approval[]): FakeDesk {
  const kept = new Map(approvals.map((one) => [one.id, one]));
  const heard: string[] = [];
  const given: GivenAnswer[] = [];
  const wishes: ExceptionWish[] = [];
  const now = { tick: 0, at: NOW };
  let fault: Error | undefined;
  let proposed: Proposed = { kind: 'none', reason: 'A limit asked; raise the limit instead.' };
  let adopted: Adopted = { kind: 'adopted', policies: [{ policy: 'mail', digest: 'after' }] };

  function hear(what: string, { person, channel }: Viewer): void {
    heard.push(`${what} by ${person?.name} through ${channel}`);
    const failing = fault;
    fault = undefined;
    if (failing !== undefined) throw failing;
  }
  const forWish = (wish: ExceptionWish): Proposed => {
    if (proposed.kind !== 'proposal') return proposed;
    return {
      ...proposed,
      digest: canonicalJson(JSON.parse(JSON.stringify(wish))),
      until: wish.until ?? proposed.until,
    };
  };

  const desk: FakeDesk = {
    kept,
    heard,
    given,
    wishes,
    lastUsed: undefined,
    failWith(failing) {
      fault = failing;
    },
    proposing(next) {
      proposed = next;
    },
    adopting(next) {
      adopted = next;
    },
    async list({ which, limit, before }, viewer) {
      hear(`list ${which} ${limit}${before === undefined ? '' : ` before ${before}`}`, viewer);
      return [...kept.values()]
        .filter(({ state }) => which === 'all' || state === 'open')
        .map((one) => summaryOf(one, now));
    },
    async show(id, viewer) {
      hear(`show ${id}`, viewer);
      const approval = kept.get(id);
      if (approval === undefined) return undefined;
      const whyNot =
        viewer.person === undefined ? null : (whyOver(approval, 0) ?? whyNotAnswer(approval, viewer.person));
      return { ...detailOf(approval, desk.lastUsed, now), whyNot: whyNot ?? null };
    },
    async answer(id, answer, viewer): Promise<Answered> {
      hear(`${answer.said} ${id}`, viewer);
      given.push(answer);
      const approval = kept.get(id);
      const { person, channel } = viewer;
      if (approval === undefined) return { kind: 'unknown', reason: `There is no request ${id}.` };
      const over = whyOver(approval, 0);
      if (over !== undefined) return { kind: 'over', reason: over };
      if (person === undefined) return { kind: 'forbidden', reason: 'Only a person answers.' };
      const why = whyNotAnswer(approval, person);
      if (why !== undefined) return { kind: 'forbidden', reason: why };
      if (answer.arguments?.['impossible'] !== undefined)
        return { kind: 'invalid', reason: 'The policy refuses these arguments.' };
      const { name } = approval.subject;
      const params = answer.arguments === undefined ? undefined : canonicalJson({ arguments: answer.arguments, name });
      const said = { by: person.name, said: answer.said, channel, note: answer.note, params, mark: undefined };
      const taken = takeAnswer(approval, said, 0, { at: NOW, id: () => 'record' }, SILENT);
      if (taken.kind === 'refused') return { kind: 'over', reason: taken.reason };
      kept.set(id, taken.approval);
      return { kind: 'answered', approval: summaryOf(taken.approval, now) };
    },
    async propose(id, wish, viewer) {
      hear(`propose ${id}`, viewer);
      wishes.push(wish);
      if ((wish.until ?? '') > '2027-12-31') return { kind: 'none', reason: 'It may hold for 366 days at most.' };
      return kept.has(id) ? forWish(wish) : { kind: 'unknown', reason: `There is no request ${id}.` };
    },
    async adopt(id, wish, digest, viewer): Promise<Adopted> {
      hear(`adopt ${id}`, viewer);
      wishes.push(wish);
      if (!kept.has(id)) return { kind: 'unknown', reason: `There is no request ${id}.` };
      const now = forWish(wish);
      if (now.kind === 'proposal' && now.digest !== digest)
        return { kind: 'changed', reason: 'The rule is another one now.' };
      return adopted;
    },
  };
  return desk;
}
