import { hash } from 'node:crypto';
import type { Answered, ApprovalDesk, ExceptionWish, GivenAnswer, Viewer } from '../gateway/approvals/approval-desk.ts';
import type { ApprovalDetail } from '../gateway/approvals/view.ts';
import { inPlainSight } from '../wire/plain-sight.ts';
import { readObject } from './api-body.ts';
import { isSame } from './door.ts';
import { type Fault, type Read, read, refusedByDesk } from './fault.ts';
import type { Form } from './form.ts';
import { NARROWEST, wishOf } from './form-wish.ts';
import { readNote } from './note.ts';
import { detailPage } from './page/detail-page.ts';
import type { Html } from './page/html.ts';
import { layout, PAGE_HEADERS } from './page/layout.ts';
import { listPage } from './page/list-page.ts';
import { proposalPage } from './page/proposal-page.ts';
import { faultPage, NOT_OWN_FORM, redirect } from './page-reply.ts';
import { queryOf, readListed } from './query.ts';
import type { Reply } from './reply.ts';
import type { Route, Step } from './route.ts';
import type { Visit } from './sessions.ts';

/** Who stands where. */
export interface Place {
  readonly root: string;
  readonly visit: Visit;
  readonly url: string | undefined;
}

/** What somebody tried and what became of it. */
interface Tried {
  readonly status: number;
  readonly problem: string | undefined;
  readonly note?: string;
  readonly arguments?: string | undefined;
}

const FIRST_LOOK: Tried = { status: 200, problem: undefined };

/** What people who signed in see and do. */
export class Rooms {
  readonly #desk: ApprovalDesk;

  constructor(desk: ApprovalDesk) {
    this.#desk = desk;
  }

  isOwnForm(form: Form, { formKey }: Visit): boolean {
    return isSame(form.one('key'), formKey);
  }

  async look(route: Route, place: Place): Promise<Reply> {
    switch (route.at) {
      case 'list':
        return this.#list(place);
      case 'question': {
        const detail = await this.#desk.show(route.id, viewerOf(place));
        return detail === undefined ? unknown(place) : this.#question(detail, place, FIRST_LOOK);
      }
      case 'always': {
        const detail = await this.#desk.show(route.id, viewerOf(place));
        return detail === undefined ? unknown(place) : this.#proposal(detail, NARROWEST, place, FIRST_LOOK);
      }
      case 'approve':
      case 'deny':
      case 'adopt':
        return redirect(`${place.root}approvals/${route.id}`);
      default:
        return unknown(place);
    }
  }

  async act(route: { readonly at: Step; readonly id: string }, form: Form, place: Place): Promise<Reply> {
    const { root, visit } = place;
    if (!this.isOwnForm(form, visit)) return faultPage(root, NOT_OWN_FORM, visit);
    const detail = await this.#desk.show(route.id, viewerOf(place));
    if (detail === undefined) return unknown(place);
    const typed = {
      note: form.one('note') ?? '',
      arguments: form.one('changed') === 'yes' ? form.one('arguments') : undefined,
    };
    if (form.one('seen') !== markOf(detail))
      return this.#question(detail, place, { status: 409, problem: CHANGED, ...typed });
    switch (route.at) {
      case 'approve':
      case 'deny': {
        const given = readAnswer(route.at, form, detail);
        if (given.kind === 'fault') return this.#question(detail, place, { ...asTried(given.fault), ...typed });
        return this.#answer(detail, given.value, place, typed);
      }
      case 'always':
      case 'adopt': {
        const wish = wishOf(form);
        if (wish.kind === 'fault') return this.#proposal(detail, NARROWEST, place, asTried(wish.fault));
        if (route.at === 'always') return this.#proposal(detail, wish.value, place, FIRST_LOOK);
        return this.#adopt(detail, wish.value, form, place);
      }
    }
  }

  async #list(place: Place): Promise<Reply> {
    const wanted = readListed(queryOf(place.url));
    if (wanted.kind === 'fault') return faultPage(place.root, wanted.fault, place.visit);
    const listed = await this.#desk.list(wanted.value, viewerOf(place));
    return page('Questions', place, 200, listPage(listed, wanted.value, place.root));
  }

  #question(detail: ApprovalDetail, place: Place, tried: Tried): Reply {
    const { root, visit } = place;
    const main = detailPage(detail, {
      root,
      person: visit.person,
      formKey: visit.formKey,
      seen: markOf(detail),
      news: tried.problem === undefined ? visit.takeNews() : undefined,
      problem: tried.problem,
      typed: { note: tried.note ?? '', arguments: tried.arguments },
    });
    return page(`${detail.name} on ${detail.server}`, place, tried.status, main);
  }

  async #answer(
    detail: ApprovalDetail,
    given: GivenAnswer,
    place: Place,
    typed: Omit<Tried, 'status' | 'problem'>,
  ): Promise<Reply> {
    const answered = await this.#desk.answer(detail.id, given, viewerOf(place));
    if (answered.kind === 'answered') {
      place.visit.tell(newsOf(given, answered));
      return redirect(`${place.root}approvals/${detail.id}`);
    }
    const now = (await this.#desk.show(detail.id, viewerOf(place))) ?? detail;
    return this.#question(now, place, { ...asTried(refusedByDesk(answered)), ...typed });
  }

  async #proposal(detail: ApprovalDetail, wish: ExceptionWish, place: Place, tried: Tried): Promise<Reply> {
    const proposed = await this.#desk.propose(detail.id, wish, viewerOf(place));
    // A wish that cannot be is told of beside what can.
    if (proposed.kind === 'none' && wish !== NARROWEST) {
      return this.#proposal(detail, NARROWEST, place, asTried(refusedByDesk(proposed)));
    }
    const status = proposed.kind === 'forbidden' ? 403 : tried.status;
    const { root, visit } = place;
    const mayApprove = detail.state === 'open' && (detail.whyNot ?? null) === null;
    const main = proposalPage(detail, proposed, {
      root,
      formKey: visit.formKey,
      seen: markOf(detail),
      wish,
      problem: tried.problem,
      mayApprove,
    });
    return page(`Always allow ${detail.name}`, place, status, main);
  }

  async #adopt(detail: ApprovalDetail, wish: ExceptionWish, form: Form, place: Place): Promise<Reply> {
    const { id } = detail;
    const viewer = viewerOf(place);
    const digest = form.one('digest') ?? '';
    // Asked first, so that no call is approved beside a rule that is not written.
    const shown = await this.#desk.propose(id, wish, viewer);
    if (shown.kind === 'proposal' && shown.digest !== digest)
      return this.#proposal(detail, wish, place, { status: 409, problem: OTHER_RULE });
    const isAlso = form.one('also') === 'approve' && shown.kind === 'proposal';
    if (isAlso) {
      const answered = await this.#desk.answer(id, answerTo(detail, undefined), viewer);
      if (answered.kind !== 'answered') return this.#proposal(detail, wish, place, asTried(refusedByDesk(answered)));
    }
    const adopted = await this.#desk.adopt(id, wish, digest, viewer);
    if (adopted.kind !== 'adopted') {
      const fault = asTried(refusedByDesk(adopted));
      const problem = `${isAlso ? 'The call is approved, but the rule is not written: ' : ''}${fault.problem}`;
      return this.#proposal(detail, wish, place, { ...fault, problem });
    }
    const names = adopted.policies.map(({ policy }) => policy).join(', ');
    place.visit.tell(`The rule is written (${names}).${isAlso ? ' You approved this call.' : ''}`);
    return redirect(`${place.root}approvals/${id}`);
  }
}

const CHANGED =
  'The arguments were changed by somebody else since you looked. Nothing was answered: look at them again.';
const OTHER_RULE =
  'Nothing was written yet: this is the rule by what you chose, and it is another than the one shown before.';

function viewerOf({ visit }: Place): Viewer {
  return { person: visit.person, credential: visit.credential, channel: 'page' };
}

function page(title: string, { root, visit }: Place, status: number, main: Html): Reply {
  const frame = { title: inPlainSight(title), root, visitor: { name: visit.person.name, formKey: visit.formKey } };
  return { status, headers: PAGE_HEADERS, text: layout(frame, main) };
}

function unknown({ root, visit }: Place): Reply {
  return faultPage(
    root,
    { status: 404, message: 'There is no such question.', remedy: 'It may be too old to be kept.' },
    visit,
  );
}

function asTried({ status, message, remedy }: Fault): Tried {
  return { status, problem: remedy === undefined ? message : `${message} ${remedy}` };
}

function readAnswer(step: 'approve' | 'deny', form: Form, detail: ApprovalDetail): Read<GivenAnswer> {
  const note = readNote(form.one('note'), 'The note');
  if (note.kind === 'fault') return note;
  if (step === 'deny') return read({ said: 'deny', note: note.value, arguments: undefined });
  if (form.one('changed') !== 'yes') return read(answerTo(detail, note.value));
  const changed = readObject(form.one('arguments') ?? '', 'The arguments');
  if (changed.kind === 'fault') return changed;
  return read({ said: 'approve', note: note.value, arguments: changed.value });
}

/** A yes to what was shown: where several people must agree, another may change the arguments at this very moment. */
function answerTo(detail: ApprovalDetail, note: string | undefined): GivenAnswer {
  const isShared = detail.needed > 1 && (detail.kind === 'tool' || detail.kind === 'prompt');
  return { said: 'approve', note, arguments: isShared ? (detail.edit ?? detail).arguments : undefined };
}

/** What an answer is given to: the arguments as they would be sent. */
function markOf({ id, edit, argumentsText }: ApprovalDetail): string {
  return hash('sha256', JSON.stringify([id, edit === null ? null : edit.argumentsText, argumentsText]), 'base64url');
}

function newsOf(
  { said, arguments: changed }: GivenAnswer,
  { approval }: Extract<Answered, { readonly kind: 'answered' }>,
): string {
  if (said === 'deny') return 'You denied this call. The agent is told.';
  const { state, agreed, needed } = approval;
  if (state === 'open') return `You approved. ${agreed} of ${needed} agreed; the call waits for the others.`;
  return changed === undefined || needed > 1
    ? 'You approved this call. The agent may make it once.'
    : 'You approved this call with the arguments as they are below. The agent is told what was changed.';
}
