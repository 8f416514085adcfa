import { isObject, type Json, type JsonObject, objectOf } from '../wire/json.ts';
import { jsonInPlainSight } from '../wire/plain-sight.ts';
import { RELAY, readJson } from '../wire/read-json.ts';
import { writeJson } from '../wire/write-json.ts';
import { codeBlock, inlineCode, link } from './chat-text.ts';

/** Discord takes no more than 2,000 characters, Slack far more. */
const MAX_TEXT = 1_900;
const ROOM = { name: 160, short: 70, reason: 320, note: 220, link: 300 } as const;
const FIRST_DIGITS = 12;

const TITLES: { readonly [event: string]: string } = {
  'approval.asked': 'Approval needed',
  'approval.answered': 'Approval answered',
  'approval.expired': 'Approval expired',
  'approval.used': 'Approval used, the call was sent',
  'approval.void': 'Approval void',
  'policy.changed': 'Policy changed',
};

/**
 * A notice as Slack's incoming webhooks take a message, and Mattermost's and Discord's `/slack` too: one text, in which all that others
 * wrote stands as code. Nothing of it is looked up by the chat's own servers.
 */
export function slackMessage(body: string): string {
  const read = readJson(body, RELAY);
  const notice = read.kind === 'value' && isObject(read.value) ? read.value : objectOf([]);
  const { approval, policy } = notice;
  const event = textOf(notice['event']) ?? 'notice';
  const title = (Object.hasOwn(TITLES, event) ? TITLES[event] : undefined) ?? inlineCode(event, ROOM.short);
  const lines = isObject(approval)
    ? approvalLines(title, approval)
    : isObject(policy)
      ? policyLines(title, policy)
      : [title];
  return writeJson(
    objectOf([
      ['text', lines.join('\n')],
      ['unfurl_links', false],
      ['unfurl_media', false],
    ]),
  );
}

function policyLines(title: string, policy: JsonObject): readonly string[] {
  const by = textOf(policy['by']) ?? '';
  const digest = (value: Json | undefined): string =>
    inlineCode(textOf(value)?.slice(0, FIRST_DIGITS) ?? 'none', ROOM.short);
  return [
    `${title}: ${code(policy, 'name')} ${by === 'file' ? 'in its file' : `by ${inlineCode(by, ROOM.short)}`}`,
    `SHA-256 ${digest(policy['before'])} → ${digest(policy['after'])}`,
  ];
}

function approvalLines(title: string, approval: JsonObject): readonly string[] {
  const risk = approval['class'] === undefined ? '' : ` (${code(approval, 'class')})`;
  const head = [
    `${title}: ${code(approval, 'name', ROOM.name)} on ${code(approval, 'server')}${risk}`,
    `Grant ${code(approval, 'grant')} of ${code(approval, 'owner')}`,
    ...answerLines(approval),
    ...extraLines(approval),
    ...(approval['reason'] === undefined ? [] : [`Reason: ${code(approval, 'reason', ROOM.reason)}`]),
    ...(approval['why'] === undefined ? [] : [`Why: ${code(approval, 'why', ROOM.note)}`]),
  ];
  const tail = tailLines(approval);
  const used = [...head, ...tail].join('\n').length + 2;
  return [...head, codeBlock(argumentsShown(approval), MAX_TEXT - used), ...tail];
}

/** What is sent beside the arguments: on a line of its own, so that no long argument hides it. */
function extraLines({ extra, extraCut }: JsonObject): readonly string[] {
  const text = extra === undefined ? textOf(extraCut) : writeJson(extra);
  return text === undefined ? [] : [`Beside the arguments: ${inlineCode(text, ROOM.reason)}`];
}

function answerLines(approval: JsonObject): readonly string[] {
  const { answers, agreed, needed, edit } = approval;
  const last = Array.isArray(answers) ? answers.at(-1) : undefined;
  if (!isObject(last)) return [];
  const said = last['said'] === 'approve' ? 'approved' : 'denied';
  const count =
    typeof needed === 'number' && needed > 1 && typeof agreed === 'number' ? `, ${agreed} of ${needed}` : '';
  const edited = isObject(edit) ? `, with arguments changed by ${code(edit, 'by')}` : '';
  const note = last['note'] === undefined ? '' : `: ${code(last, 'note', ROOM.note)}`;
  return [`${code(last, 'by')} ${said}${count}${edited}${note}`];
}

/** What would be sent: the approver's arguments where they were changed. */
function argumentsShown(approval: JsonObject): string {
  const { edit } = approval;
  const { arguments: args, argumentsCut } = isObject(edit) ? edit : approval;
  if (args !== undefined) return jsonInPlainSight(args);
  return typeof argumentsCut === 'string' ? jsonInPlainSight(argumentsCut).slice(1, -1) : '(unknown)';
}

function tailLines(approval: JsonObject): readonly string[] {
  const { state, expiresAt } = approval;
  const isOpen = state === 'open';
  const until = typeof expiresAt === 'string' ? [`Until ${inlineCode(expiresAt, ROOM.short)}`] : [];
  const address = textOf(approval['link']);
  const verb = isOpen ? 'Decide' : 'Look';
  if (address !== undefined) return [...until, `${verb}: ${link(address, ROOM.link)}`];
  return [...until, `${verb}: ${inlineCode(`toolgate approvals show ${textOf(approval['id']) ?? ''}`, ROOM.name)}`];
}

function code(object: JsonObject, key: string, room: number = ROOM.short): string {
  return inlineCode(textOf(object[key]) ?? '', room);
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
