import type { Call } from '../../wire/call.ts';
import { type JsonObject, withKeys } from '../../wire/json.ts';
import { readCall } from '../../wire/read-call.ts';
import { canonicalJson } from '../../wire/write-json.ts';
import type { Clock, Crypto } from '../ports.ts';
import { stampNow } from '../stamp.ts';
import { takeAnswer, whyOver } from './answer.ts';
import { type Approval, isOver, MOST_PARAMS } from './approval.ts';
import type {
  Adopted,
  Answered,
  ApprovalDesk,
  ExceptionWish,
  GivenAnswer,
  ListedWhich,
  Proposed,
  Viewer,
} from './approval-desk.ts';
import type { ApprovalStore } from './approval-ports.ts';
import { paramsIn } from './call-key.ts';
import type { Herald } from './herald.ts';
import { type Person, whyNotAnswer } from './quorum.ts';
import { approvalRecord } from './records.ts';
import { type ApprovalDetail, type ApprovalSummary, detailOf, summaryOf } from './view.ts';

/** Rules by which calls like an approved one pass without a question. */
export interface Exceptions {
  propose(approval: Approval, wish: ExceptionWish): Promise<Proposed>;
  adopt(approval: Approval, wish: ExceptionWish, digest: string, by: Person): Promise<Adopted>;
}

export interface LocalDeskOptions {
  readonly store: ApprovalStore;
  readonly clock: Pick<Clock, 'now' | 'tick' | 'lead'>;
  readonly crypto: Pick<Crypto, 'id'>;
  readonly herald: Herald;
  readonly exceptions: Exceptions;
  /** Why a call with changed arguments could not be sent; undefined when it could, by what is known now. */
  whyUnfit(approval: Approval, call: Call): Promise<string | undefined>;
  /** Who people are now, marked as in `Answer`: what it gives is asked again inside of the transaction. Rejects as the store does. */
  marks(): Promise<(name: string) => string | undefined>;
  /** Something was written: who waits is to look. */
  onChange(): void;
}

const MOST_SHOWN = 10_000;

/** The desk over a store. Rejects with `StoreFault` where the store does. */
export class LocalDesk implements ApprovalDesk {
  readonly #options: LocalDeskOptions;
  /** Who saw what already: looking again is not recorded again. */
  readonly #shown = new Set<string>();

  constructor(options: LocalDeskOptions) {
    this.#options = options;
  }

  async list({ which, before, limit }: ListedWhich): Promise<readonly ApprovalSummary[]> {
    const found = await this.#options.store.approvals({ which, limit, ...(before === undefined ? {} : { before }) });
    const now = this.#now();
    const shown = found.map((approval) => summaryOf(approval, now));
    return which === 'all' ? shown : shown.filter(({ secondsLeft }) => secondsLeft > 0);
  }

  async show(id: string, viewer: Viewer): Promise<ApprovalDetail | undefined> {
    const { store } = this.#options;
    const approval = await store.approval(id);
    if (approval === undefined) return undefined;
    const { server, name } = approval.subject;
    const last = await store.lastUsed(server, name, id);
    if (!isOver(approval)) await this.#recordShown(approval, viewer);
    const detail = detailOf(approval, last, this.#now());
    if (viewer.person === undefined) return detail;
    const why = whyOver(approval, this.#options.clock.tick()) ?? whyNotAnswer(approval, viewer.person);
    return { ...detail, whyNot: why ?? null };
  }

  async answer(id: string, given: GivenAnswer, viewer: Viewer): Promise<Answered> {
    const { person, channel, credential } = viewer;
    if (person === undefined)
      return { kind: 'forbidden', reason: 'Only a person answers: show a token or passphrase.' };
    const { store, clock, herald } = this.#options;
    const known = await store.approval(id);
    if (known === undefined) return { kind: 'unknown', reason: `There is no request ${id}.` };
    const edit = given.arguments === undefined ? undefined : await this.#edited(known, given, given.arguments);
    if (edit !== undefined && 'reason' in edit) return { kind: 'invalid', reason: edit.reason };
    let answered: Answered = { kind: 'unknown', reason: `There is no request ${id}.` };
    const stamp = stampNow(this.#options);
    const marks = await this.#options.marks();
    const other = whyOther(viewer, marks);
    if (other !== undefined) return { kind: 'forbidden', reason: other };
    await store.changeApproval(id, clock, (now, tick) => {
      if (now === undefined) return undefined;
      const gone = whyOther(viewer, marks);
      if (gone !== undefined) {
        answered = { kind: 'forbidden', reason: gone };
        return undefined;
      }
      const over = whyOver(now, tick);
      const forbidden = whyNotAnswer(now, person);
      if (over !== undefined || forbidden !== undefined) {
        answered = over === undefined ? { kind: 'forbidden', reason: forbidden ?? '' } : { kind: 'over', reason: over };
        return undefined;
      }
      const { said, note } = given;
      if (said === 'approve' && given.arguments === undefined && now.edit !== undefined) {
        // Nobody approves of what they have not seen.
        const reason = `${now.edit.by} changed the arguments; look again, and send those that you approve of.`;
        answered = { kind: 'invalid', reason };
        return undefined;
      }
      const taken = takeAnswer(
        now,
        { by: person.name, said, channel, note, params: edit?.params, mark: credential },
        tick,
        stamp,
        herald,
      );
      if (taken.kind === 'refused') {
        answered = { kind: 'over', reason: taken.reason };
        return undefined;
      }
      answered = { kind: 'answered', approval: summaryOf(taken.approval, { tick, at: stamp.at }) };
      return taken.changes;
    });
    this.#options.onChange();
    return answered;
  }

  async propose(id: string, wish: ExceptionWish, viewer: Viewer): Promise<Proposed> {
    const approval = await this.#options.store.approval(id);
    if (approval === undefined) return { kind: 'unknown', reason: `There is no request ${id}.` };
    if (viewer.person === undefined)
      return { kind: 'forbidden', reason: 'Only a person is shown a rule: show a token or passphrase.' };
    const other = whyOther(viewer, await this.#options.marks());
    if (other !== undefined) return { kind: 'forbidden', reason: other };
    return this.#options.exceptions.propose(approval, wish);
  }

  async adopt(id: string, wish: ExceptionWish, digest: string, viewer: Viewer): Promise<Adopted> {
    const { person } = viewer;
    const approval = await this.#options.store.approval(id);
    if (approval === undefined) return { kind: 'unknown', reason: `There is no request ${id}.` };
    if (person === undefined || !(person.roles.has('editor') || person.roles.has('admin'))) {
      const who = person === undefined ? 'Nobody in particular' : person.name;
      return {
        kind: 'forbidden',
        reason: `${who} has neither the role editor nor admin, which changing a policy needs.`,
      };
    }
    const other = whyOther(viewer, await this.#options.marks());
    if (other !== undefined) return { kind: 'forbidden', reason: other };
    return this.#options.exceptions.adopt(approval, wish, digest, person);
  }

  #now(): { readonly tick: number; readonly at: number } {
    const { clock } = this.#options;
    return { tick: clock.tick(), at: clock.now() };
  }

  async #recordShown(approval: Approval, { person, channel }: Viewer): Promise<void> {
    const mark = `${approval.id}\n${channel}\n${person?.name ?? ''}`;
    if (this.#shown.has(mark)) return;
    const { store } = this.#options;
    const stamp = stampNow(this.#options);
    const more = { by: person?.name ?? null, channel };
    await store.announce([approvalRecord(stamp, 'approval shown', approval, more)], []);
    if (this.#shown.size >= MOST_SHOWN) this.#shown.clear();
    this.#shown.add(mark);
  }

  /** The params with the arguments that the approver wrote, if they could be sent. */
  async #edited(
    approval: Approval,
    { said }: GivenAnswer,
    args: JsonObject,
  ): Promise<{ readonly params: string } | { readonly reason: string }> {
    const { kind, method, params } = approval.subject;
    if (said === 'deny') return { reason: 'A refusal takes no arguments.' };
    if (kind !== 'tool' && kind !== 'prompt')
      return { reason: `The arguments of a ${kind} cannot be changed; deny it instead.` };
    const changed = withKeys(paramsIn(params), { arguments: args });
    const text = canonicalJson(changed);
    if (text.length > MOST_PARAMS) return { reason: `The arguments have more than ${MOST_PARAMS} characters.` };
    const read = readCall(method, changed);
    if (read.kind === 'fault') return { reason: `The arguments cannot be sent: ${read.reason}.` };
    if (text === (approval.edit?.params ?? params)) return { params: text };
    const why = await this.#options.whyUnfit(approval, read.call);
    return why === undefined ? { params: text } : { reason: why };
  }
}

/** Why who looks is not who they proved to be any more: the same mark means the same roles and secrets. */
function whyOther({ person, credential }: Viewer, marks: (name: string) => string | undefined): string | undefined {
  if (person === undefined || (credential !== undefined && credential === marks(person.name))) return undefined;
  return `${person.name} was removed from the configuration meanwhile, or has other roles or another token or passphrase there. Nothing was done; show who you are again.`;
}
