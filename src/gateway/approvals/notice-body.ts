import { maskSecrets } from '../../policy/secrets/mask-secrets.ts';
import { isObject, type Json, type JsonObject, objectOf, withKeys } from '../../wire/json.ts';
import { canonicalJson, writeJson } from '../../wire/write-json.ts';
import type { ArgumentPrivacy } from '../gate.ts';
import { redactArguments } from '../redact.ts';
import { agreed } from './answer.ts';
import { type Approval, isOver } from './approval.ts';
import { paramsIn } from './call-key.ts';
import { extraOf } from './extra-of.ts';
import type { NoticeEvent } from './herald.ts';
import { isoTime } from './iso-time.ts';

/** A policy in force that is another than before. */
export interface PolicyChange {
  /** The policy's name in the configuration. */
  readonly name: string;
  /** SHA-256 of the canonical document; undefined where there was none, or is none any more. */
  readonly before: string | undefined;
  readonly after: string | undefined;
  /** The person who changed it, or `file` when the file was edited. */
  readonly by: string;
}

export interface NoticeSetting {
  /** The notice's own id. */
  readonly id: string;
  /** Now: wall time, and the same moment by `Clock.tick`. */
  readonly at: number;
  readonly tick: number;
  /** Where people reach the page, without a slash at its end. */
  readonly url: string | undefined;
  /** As the log's; a notice leaves the machine, so secrets are masked in it also where the log keeps them. */
  readonly privacy: ArgumentPrivacy;
}

const MASK = '••••';
/** Arguments of more characters than this as JSON are cut, and of longer ones only the keys are told. */
const MAX_ARGUMENTS = 2_048;
const MAX_MASKED = 65_536;
const MAX_TEXT = 500;
const MAX_NAME = 100;
const MAX_ANSWERS = 5;

/** What a notice says, as one line of JSON. Whoever reads it can do nothing with it: the link wants a person's own credentials. */
export function noticeBody(event: NoticeEvent, about: Approval, setting: NoticeSetting): string;
export function noticeBody(event: 'policy.changed', about: PolicyChange, setting: NoticeSetting): string;
export function noticeBody(
  event: NoticeEvent | 'policy.changed',
  about: Approval | PolicyChange,
  setting: NoticeSetting,
): string {
  return writeJson(
    told([
      ['id', setting.id],
      ['event', event],
      ['time', isoTime(setting.at)],
      ...('subject' in about
        ? ([['approval', approvalTold(about, setting)]] as const)
        : ([['policy', policyTold(about)]] as const)),
    ]),
  );
}

function policyTold({ name, before, after, by }: PolicyChange): JsonObject {
  return told([
    ['name', name],
    ['before', before ?? null],
    ['after', after ?? null],
    ['by', cut(by, MAX_NAME)],
  ]);
}

function approvalTold(approval: Approval, { at, tick, url, privacy }: NoticeSetting): JsonObject {
  const { subject, answers, edit } = approval;
  const { rule, client } = subject;
  return told([
    ['id', approval.id],
    ['state', approval.state],
    ['link', url === undefined ? undefined : `${url}/approvals/${approval.id}`],
    ['askedAt', isoTime(approval.askedAt)],
    ['expiresAt', isOver(approval) ? undefined : isoTime(at + Math.max(0, approval.expires - tick))],
    ['grant', subject.grant],
    ['owner', subject.owner],
    ['server', subject.server],
    ['kind', subject.kind],
    ['method', cut(subject.method, MAX_NAME)],
    ['name', safe(subject.name)],
    ['class', subject.kind === 'tool' ? subject.class : undefined],
    [
      'client',
      told([
        ['name', cut(client.name, MAX_NAME) ?? null],
        ['version', cut(client.version, MAX_NAME) ?? null],
      ]),
    ],
    ['reason', safe(subject.reason)],
    [
      'rule',
      told([
        ['document', rule.document],
        ['pointer', cut(rule.pointer)],
        ['id', cut(rule.id)],
      ]),
    ],
    ...paramsTold(subject, subject.params, privacy),
    ['edit', edit && told([['by', cut(edit.by, MAX_NAME)], ...editTold(edit.params, privacy)])],
    ['agreed', agreed(answers)],
    ['needed', subject.quorum.count],
    ['answers', answers.slice(-MAX_ANSWERS).map(answerTold)],
    ['why', safe(approval.why)],
  ]);
}

function answerTold({ by, said, channel, at, note }: Approval['answers'][number]): JsonObject {
  return told([
    ['by', cut(by, MAX_NAME)],
    ['said', said],
    ['channel', channel],
    ['at', isoTime(at)],
    ['note', safe(note)],
  ]);
}

type Fields = readonly (readonly [string, Json])[];

/** Its arguments, and in the same way as `extra` what is sent beside them. */
function paramsTold({ method }: Approval['subject'], params: string, privacy: ArgumentPrivacy): Fields {
  const read = paramsIn(params);
  const extra = extraOf({ method, params: read });
  return [
    ...shortTold('arguments', argumentsIn(read), params.length, privacy),
    ...(extra === null ? [] : shortTold('extra', extra, params.length, privacy)),
  ];
}

/** What stands beside the arguments is never changed. */
function editTold(params: string, privacy: ArgumentPrivacy): Fields {
  return shortTold('arguments', argumentsIn(paramsIn(params)), params.length, privacy);
}

/** `arguments` where they fit, else `argumentsCut`: the beginning of their canonical JSON, as a text. */
function shortTold(key: string, params: JsonObject, length: number, privacy: ArgumentPrivacy): Fields {
  const kept = length > MAX_MASKED || privacy === 'keys' ? 'keys' : 'redacted';
  const shown = redactArguments(params, kept);
  const text = canonicalJson(shown);
  return text.length <= MAX_ARGUMENTS ? [[key, shown]] : [[`${key}Cut`, cut(text, MAX_ARGUMENTS)]];
}

/** Of a resource its URI, of a completion what is completed. */
function argumentsIn({ arguments: args, uri, argument, context }: JsonObject): JsonObject {
  return isObject(args) ? args : withKeys(objectOf([]), { uri, argument, context });
}

/** INVARIANT: masked before it is cut, since half a secret is not known for one. */
function safe<T extends string | undefined>(text: T): T | string {
  return text === undefined ? text : cut(maskSecrets(cut(text, MAX_MASKED), { mask: MASK, reader: 'log' }));
}

function cut<T extends string | undefined>(text: T, length: number = MAX_TEXT): T | string {
  return text === undefined || text.length <= length ? text : `${text.slice(0, length - 1).toWellFormed()}…`;
}

function told(fields: readonly (readonly [string, Json | undefined])[]): JsonObject {
  return objectOf(fields.flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])));
}
