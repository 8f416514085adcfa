import type { ShownChanges } from '../gateway/approvals/shown-differences.ts';
import type { ApprovalDetail } from '../gateway/approvals/view.ts';
import { visible } from '../settings/visible.ts';
import { inPlainSight, jsonInPlainSight } from '../wire/plain-sight.ts';
import { leftText, timeText } from './approvals-times.ts';
import { shownName } from './shown-name.ts';

/** A question laid out for the person who decides about it, line by line. */
export function questionLines(detail: ApprovalDetail): readonly string[] {
  return [
    `Question ${shownName(detail.id)}`,
    '',
    ...fieldLines(fieldsOf(detail)),
    '',
    ...overviewLines(detail),
    ...argumentLines('Arguments', detail.argumentsText),
    ...extraLines(detail),
    ...editLines(detail),
    ...lastLines(detail),
  ];
}

/** JSON of several lines under a heading, with a warning where it holds what nobody would see. */
export function argumentLines(heading: string, text: string): readonly string[] {
  const lines = text.split('\n').map((line) => `  ${visible(line)}`);
  return [`${heading}:`, ...lines, ...(HIDDEN.test(text) ? [BEWARE] : [])];
}

/** What is sent beside the arguments, and nobody would think of looking for. */
export function extraLines({ extraText }: Pick<ApprovalDetail, 'extraText'>): readonly string[] {
  return extraText === null ? [] : ['', ...argumentLines('Beside the arguments, sent as it stands', extraText)];
}

/** An escape of a control or of anything else unseen, in JSON; ends of lines and tabs are none. */
const HIDDEN = /(?<!\\)(?:\\\\)*\\[ubf]/;
const BEWARE =
  '  Beware: characters that cannot be seen, or look like others, are in it; they are written as escapes, such as \\u{200b}.';

/** Where arguments are long, each in short first: nothing hides behind a long one. */
function overviewLines({ arguments: args, argumentsText }: ApprovalDetail): readonly string[] {
  if (argumentsText.length <= MOST_AT_A_GLANCE) return [];
  const lines = Object.entries(args).map(([name, value]) => {
    const text = jsonInPlainSight(value, { depth: 0, most: SHORT });
    const short = text.length <= SHORT ? text : `${text} (${JSON.stringify(value).length} characters)`;
    return `  ${visible(inPlainSight(name))}: ${visible(short)}`;
  });
  return ['Arguments in short:', ...lines, ''];
}

const MOST_AT_A_GLANCE = 2_000;
const SHORT = 80;

export function differenceLines({ changes, moreChanges }: ShownChanges): readonly string[] {
  const more = moreChanges === 0 ? [] : [`  and ${moreChanges} more`];
  return [...changes.map(({ text }) => `  ${visible(text)}`), ...more];
}

/** What is called, as one can speak of it: `write on files`. */
export function calledText({ name, server }: Pick<ApprovalDetail, 'name' | 'server'>): string {
  return `${shownName(name)} on ${shownName(server)}`;
}

type Fields = readonly (readonly [string, string | undefined])[];

function fieldsOf(detail: ApprovalDetail): Fields {
  return [
    ['State', stateText(detail)],
    ['Asked', timeText(shownName(detail.askedAt))],
    ['Who asks', whoText(detail)],
    [detail.kind === 'tool' ? 'Tool' : shownName(detail.method), calledText(detail)],
    ['Class', detail.kind === 'tool' ? shownName(detail.class) : undefined],
    [
      'Server says',
      detail.description === null ? undefined : `${visible(detail.description)}   (the server's own words)`,
    ],
    ['Rule', ruleText(detail)],
    ['Why', inPlainSight(detail.reason)],
    ['Agreed', `${detail.agreed} of ${detail.needed}`],
    ...detail.answers.map((answer) => ['Answer', answerText(answer)] as const),
    ['May answer', approversText(detail.approvers)],
    ['You', youText(detail)],
  ];
}

function fieldLines(fields: Fields): readonly string[] {
  const shown = fields.flatMap(([name, text]) => (text === undefined ? [] : [[name, text] as const]));
  const width = Math.max(...shown.map(([name]) => name.length));
  return shown.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`);
}

function stateText({ state, secondsLeft, expiresAt, why }: ApprovalDetail): string {
  const until = `${leftText(secondsLeft)} left (until ${timeText(shownName(expiresAt))})`;
  if (state === 'open') return `open, ${until}`;
  if (state === 'approved') return `approved, not used yet, ${until}`;
  return why === null ? state : `${state}: ${inPlainSight(why)}`;
}

function whoText({ grant, owner, client }: ApprovalDetail): string {
  const who = `grant ${shownName(grant)} of ${shownName(owner)}`;
  if (client.name === null) return who;
  const version = client.version === null ? '' : ` ${client.version}`;
  return `${who}; its client says it is ${inPlainSight(`${client.name}${version}`)}`;
}

function ruleText({ rule }: ApprovalDetail): string {
  const id = rule.id === null ? '' : ` (${inPlainSight(rule.id)})`;
  return `${shownName(rule.document)} ${inPlainSight(rule.pointer)}${id}`;
}

function answerText({ by, said, channel, at, note }: ApprovalDetail['answers'][number]): string {
  const words = said === 'approve' ? 'approved' : said === 'deny' ? 'denied' : said;
  const head = `${shownName(by)} ${shownName(words)} by ${shownName(channel)} at ${timeText(shownName(at))}`;
  return note === null || note === '' ? head : `${head}: ${inPlainSight(note)}`;
}

function approversText(lists: ApprovalDetail['approvers']): string {
  if (lists.length === 0) return 'anybody with the role approver or admin';
  const texts = lists.map(({ roles, owners }) =>
    [...roles.map((role) => `the role ${role}`), ...owners.map(shownName)].join(' or '),
  );
  return texts.length === 1 ? (texts[0] ?? '') : texts.map((text) => `(${text})`).join(' and ');
}

function youText({ whyNot, state }: ApprovalDetail): string | undefined {
  if (whyNot === undefined || state !== 'open') return undefined;
  return whyNot === null ? 'may answer' : `may not answer: ${inPlainSight(whyNot)}`;
}

function editLines({ edit }: ApprovalDetail): readonly string[] {
  if (edit === null) return [];
  return [
    '',
    ...argumentLines(`What is sent instead, as ${shownName(edit.by)} changed it`, edit.argumentsText),
    '',
    'What that changes:',
    ...differenceLines(edit),
  ];
}

function lastLines({ lastApproved: last }: ApprovalDetail): readonly string[] {
  if (last === null) return ['', 'No call of this name on this server was approved before.'];
  const by = last.by.map(shownName).join(', ');
  const head = `The last such call that was approved: ${timeText(shownName(last.at))} for ${shownName(last.grant)}, by ${by}`;
  if (last.changes.length === 0) return ['', `${head}; with the same arguments.`];
  return ['', `${head}. Since then:`, ...differenceLines(last)];
}
