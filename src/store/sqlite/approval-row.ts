import {
  type Answer,
  type Approval,
  type ApprovalState,
  type AskingRule,
  type Channel,
  type Edit,
  isOver,
  type Quorum,
  type Subject,
} from '../../gateway/approvals/approval.ts';
import { StoreFault } from '../../gateway/ports.ts';
import { quoted } from '../../policy/problem.ts';
import { CLASSES } from '../../policy/words.ts';
import { numberIn, type Row, textIn } from './driver.ts';
import { Fields } from './fields.ts';

const STATES: readonly ApprovalState[] = ['open', 'approved', 'denied', 'expired', 'used', 'void'];
const KINDS: readonly Subject['kind'][] = ['tool', 'resource', 'prompt', 'request'];
const DOCUMENTS: readonly AskingRule['document'][] = ['policy', 'baseline'];
const CHANNELS: readonly Channel[] = ['command line', 'api', 'page', 'form', 'client'];
const WORDS: readonly Answer['said'][] = ['approve', 'deny'];

/** What the column `body` holds of an approval: all that has no column of its own. */
export function approvalBody({ askedAt, subject, answers, edit, used, why }: Approval): string {
  const rest = { ...subject, grant: undefined, server: undefined, name: undefined, params: undefined };
  return JSON.stringify({ askedAt, subject: rest, answers, edit, used, why });
}

/** Throws a `StoreFault` that names the row unless it holds a whole approval. */
export function approvalIn(row: Row): Approval {
  try {
    return wholeApproval({
      id: textIn(row, 'id'),
      key: textIn(row, 'key'),
      state: textIn(row, 'state'),
      isOver: row['over'] !== null,
      edition: numberIn(row, 'edition'),
      expires: numberIn(row, 'expires'),
      grant: textIn(row, 'grant_name'),
      server: textIn(row, 'server'),
      name: textIn(row, 'name'),
      params: textIn(row, 'params'),
      body: textIn(row, 'body'),
    });
  } catch (error) {
    const id = typeof row['id'] === 'string' ? quoted(row['id']) : 'without an id';
    const why = error instanceof Error ? error.message : String(error);
    throw new StoreFault(`approval ${id} is not one that this program wrote: ${why}; restore the store from a backup`, {
      cause: error,
    });
  }
}

/** Throws a `StoreFault` for an approval that could not be read again as it is. */
export function checkApproval(approval: Approval): void {
  const { id, key, state, expires, subject } = approval;
  const { grant, server, name, params } = subject;
  const body = approvalBody(approval);
  const over = isOver(approval) ? 0 : null;
  approvalIn({ id, key, state, edition: 0, expires, over, grant_name: grant, server, name, params, body });
}

interface Columns extends Pick<Approval, 'id' | 'key' | 'edition' | 'expires'> {
  readonly state: string;
  readonly isOver: boolean;
  readonly grant: string;
  readonly server: string;
  readonly name: string;
  readonly params: string;
  readonly body: string;
}

function wholeApproval(columns: Columns): Approval {
  const { id, key, edition, expires, grant, server, name, params } = columns;
  const state = STATES.find((one) => one === columns.state);
  if (state === undefined) throw new Error(`${quoted(columns.state)} is no state`);
  for (const one of [id, key, grant, server, name, params]) {
    if (!one.isWellFormed()) throw new Error(`${quoted(one)} is no well-formed text`);
  }
  if (!Number.isFinite(expires)) throw new Error('it expires at no time');
  const body = Fields.of(columns.body);
  const used = body.objectAt('used');
  const approval: Approval = {
    id,
    key,
    state,
    edition,
    askedAt: body.number('askedAt'),
    expires,
    subject: subjectIn(body.object('subject'), { grant, server, name, params }),
    answers: body.objects('answers').map(answerIn),
    edit: editIn(body.objectAt('edit')),
    used: used && { pass: used.text('pass'), at: used.number('at') },
    why: body.textAt('why'),
  };
  if ((used !== undefined) !== (state === 'used')) throw new Error('its state does not fit the pass that used it');
  if (isOver(approval) !== columns.isOver) throw new Error('its state does not fit the time from which it was over');
  return approval;
}

function subjectIn(fields: Fields, whose: Pick<Subject, 'grant' | 'server' | 'name' | 'params'>): Subject {
  const client = fields.object('client');
  return {
    ...whose,
    owner: fields.text('owner'),
    kind: fields.word('kind', KINDS),
    method: fields.text('method'),
    class: fields.word('class', CLASSES),
    definition: fields.textAt('definition'),
    description: fields.textAt('description'),
    rule: ruleIn(fields.object('rule')),
    reason: fields.text('reason'),
    client: { name: client.textAt('name'), version: client.textAt('version') },
    session: fields.textAt('session'),
    quorum: quorumIn(fields.object('quorum')),
    beyond: fields.textsAt('beyond'),
  };
}

function ruleIn(fields: Fields): AskingRule {
  return {
    document: fields.word('document', DOCUMENTS),
    pointer: fields.text('pointer'),
    id: fields.textAt('id'),
    mark: fields.text('mark'),
  };
}

function quorumIn(fields: Fields): Quorum {
  const lists = fields.objects('lists').map((list) => ({ roles: list.texts('roles'), owners: list.texts('owners') }));
  return { count: fields.number('count'), lists };
}

function answerIn(fields: Fields): Answer {
  return {
    by: fields.text('by'),
    said: fields.word('said', WORDS),
    channel: fields.word('channel', CHANNELS),
    at: fields.number('at'),
    note: fields.textAt('note'),
    mark: fields.textAt('mark'),
  };
}

function editIn(fields: Fields | undefined): Edit | undefined {
  return fields && { by: fields.text('by'), params: fields.text('params') };
}
