import type { Era } from '../../wire/era.ts';
import { isObject, type Json, type JsonObject, objectOf } from '../../wire/json.ts';
import { CAPABILITIES_KEY } from '../../wire/modern/envelope.ts';
import type { Session } from '../session.ts';
import type { Approval } from './approval.ts';
import { fitsDialog } from './asking-text.ts';
import { mayLocalUserAnswer } from './quorum.ts';

export const TASKS_EXTENSION = 'io.modelcontextprotocol/tasks';

/** Revisions of the legacy era in which a client can be asked at all, and sent to a page. */
const WITH_ELICITATION: ReadonlySet<string> = new Set(['2025-06-18', '2025-11-25']);
const WITH_URL: ReadonlySet<string> = new Set(['2025-11-25']);

/** How this client can be asked, by what it declared. */
export interface Ways {
  readonly tasks: boolean;
  /** A page of the gateway's, to be opened by the client's user. */
  readonly url: string | undefined;
  /** A form for the local user, who is this one. */
  readonly form: string | undefined;
}

/** What a client declared that bears on being asked. `about`: params of its message. */
export function waysOf(session: Session, approval: Approval, about: JsonObject): Ways {
  const { gate, era } = session;
  const declared = era === 'modern' ? declaredIn(about) : session.declared;
  const { url, localUser } = gate.approvalSettings();
  const elicits = elicitationOf(era, session.revision, declared);
  const { quorum } = approval.subject;
  const mayLocal = localUser !== undefined && mayLocalUserAnswer(quorum, localUser) && quorum.count === 1;
  return {
    tasks: era === 'modern' && approval.subject.kind === 'tool' && hasTasks(declared),
    url: elicits.url && url !== undefined ? pageOf(url, approval.id) : undefined,
    form: elicits.form && mayLocal && fitsDialog(approval, session.clientOf(about).name) ? localUser : undefined,
  };
}

export function pageOf(url: string, id: string): string {
  return `${url}/approvals/${id}`;
}

function declaredIn(params: JsonObject): JsonObject {
  const meta = params['_meta'];
  const declared = isObject(meta) ? meta[CAPABILITIES_KEY] : undefined;
  return isObject(declared) ? declared : objectOf([]);
}

function hasTasks({ extensions }: JsonObject): boolean {
  return isObject(extensions) && extensions[TASKS_EXTENSION] !== undefined;
}

/** An empty object means forms only. */
function elicitationOf(era: Era, revision: string | undefined, declared: JsonObject): { url: boolean; form: boolean } {
  const { elicitation } = declared;
  if (!isObject(elicitation)) return { url: false, form: false };
  const form = elicitation['form'] !== undefined || Object.keys(elicitation).length === 0;
  const url = elicitation['url'] !== undefined;
  if (era === 'modern') return { url, form };
  const asks = revision !== undefined && WITH_ELICITATION.has(revision);
  return { url: asks && url && WITH_URL.has(revision ?? ''), form: asks && (form || !url) };
}

/** The form that the local user answers. To accept it is not enough: the box is to be ticked. */
export function formParams(message: string): JsonObject {
  const approve = objectOf([
    ['type', 'boolean'],
    ['title', 'Approve this call'],
    ['description', 'It is sent once, exactly as shown.'],
  ]);
  const requestedSchema = objectOf([
    ['type', 'object'],
    ['properties', objectOf([['approve', approve]])],
    ['required', ['approve']],
  ]);
  // Without a mode, which the first revision that knows forms does not know.
  return objectOf([
    ['message', message],
    ['requestedSchema', requestedSchema],
  ]);
}

/** Where the client's user is sent. In the legacy era it carries an id of its own, by which its end is told. */
export function urlParams(message: string, url: string, elicitationId: string | undefined): JsonObject {
  const told: [string, Json][] = [
    ['mode', 'url'],
    ['message', message],
    ['url', url],
  ];
  if (elicitationId !== undefined) told.push(['elicitationId', elicitationId]);
  return objectOf(told);
}
