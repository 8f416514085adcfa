import { shownDifferences } from '../gateway/approvals/shown-differences.ts';
import type { ApprovalDetail } from '../gateway/approvals/view.ts';
import { isObject, type JsonObject } from '../wire/json.ts';
import { RELAY, readJson } from '../wire/read-json.ts';
import { argumentLines, differenceLines, extraLines } from './approvals-text.ts';
import { type Options, UsageFault } from './options.ts';
import { prettyJson } from './pretty-json.ts';
import { shownName } from './shown-name.ts';
import { DeskFault, type World } from './world.ts';

/** What the command line wants in the place of the agent's arguments. */
export type WantedChange = { readonly kind: 'none' | 'editor' } | { readonly kind: 'given'; readonly args: JsonObject };

/** What is sent is settled: as it stands, or with these arguments. */
export type Settled =
  | { readonly kind: 'settled'; readonly arguments: JsonObject | undefined }
  | { readonly kind: 'given up' };

/** Throws `UsageFault`. */
export function wantedChange(options: Options, world: Pick<World, 'prompt'>): WantedChange {
  const text = options.texts.get('args');
  const isEditor = options.flags.has('edit');
  if (text !== undefined && isEditor) throw new UsageFault('either --args or --edit, not both');
  if (isEditor && !world.prompt.isTerminal)
    throw new UsageFault('--edit needs a terminal; elsewhere --args takes the arguments');
  if (isEditor) return { kind: 'editor' };
  if (text === undefined) return { kind: 'none' };
  const read = readArguments(text);
  if (typeof read === 'string') throw new UsageFault(`--args ${read}`);
  return { kind: 'given', args: read };
}

/**
 * Shows what differs from what the agent asked for, and asks. INVARIANT: arguments that another approver changed are never approved unseen;
 * they are named in the answer, so that what was shown is what is approved.
 */
export async function settleArguments(detail: ApprovalDetail, wanted: WantedChange, world: World): Promise<Settled> {
  switch (wanted.kind) {
    case 'none':
      return detail.edit === null
        ? { kind: 'settled', arguments: undefined }
        : settleEdited(detail, detail.edit, world);
    case 'given':
      tellChanges(detail, wanted.args, world);
      return { kind: 'settled', arguments: wanted.args };
    case 'editor':
      return settleInEditor(detail, world);
  }
}

async function settleEdited(
  detail: ApprovalDetail,
  { by, arguments: args, argumentsText }: NonNullable<ApprovalDetail['edit']>,
  world: World,
): Promise<Settled> {
  if (!world.prompt.isTerminal) {
    throw new DeskFault(
      `${shownName(by)} changed the arguments: look with toolgate approvals show ${detail.id}, and give what you approve of with --args`,
    );
  }
  const whole = argumentLines('What is sent instead of what the agent gave', argumentsText);
  world.stderr.write(
    `${[`${shownName(by)} changed the arguments.`, ...whole, ...extraLines(detail), ''].join('\n')}\n`,
  );
  tellChanges(detail, args, world);
  return (await isYes(world, 'Approve of the call as changed? (y/N) '))
    ? { kind: 'settled', arguments: args }
    : { kind: 'given up' };
}

async function settleInEditor(detail: ApprovalDetail, world: World): Promise<Settled> {
  const before = prettyJson(detail.edit?.arguments ?? detail.arguments);
  const edited = await world.edit(before);
  if (edited.kind === 'fault') throw new DeskFault(`${edited.reason}; nothing was answered`);
  if (edited.text.trim() === before.trim()) {
    world.stderr.write('Nothing was changed, so nothing was answered; without --edit it is approved as it stands.\n');
    return { kind: 'given up' };
  }
  const args = readArguments(edited.text);
  if (typeof args === 'string') throw new DeskFault(`what the editor left ${args}; nothing was answered`);
  tellChanges(detail, args, world);
  return (await isYes(world, 'Approve of the call with these arguments? (y/N) '))
    ? { kind: 'settled', arguments: args }
    : { kind: 'given up' };
}

function readArguments(text: string): JsonObject | string {
  const read = readJson(text, RELAY);
  if (read.kind === 'fault') return `is no JSON that can be read: ${read.reason}, at character ${read.at + 1}`;
  return isObject(read.value) && !JSON.isRawJSON(read.value)
    ? read.value
    : 'must be a JSON object, such as {"path": "/tmp/a"}';
}

function tellChanges(detail: ApprovalDetail, args: JsonObject, world: World): void {
  const shown = shownDifferences({ args: detail.arguments }, { args });
  const lines =
    shown.changes.length === 0
      ? ['These are the arguments that the agent gave.']
      : ['What differs from what the agent gave:', ...differenceLines(shown)];
  world.stderr.write(`${lines.join('\n')}\n`);
}

export async function isYes({ prompt }: Pick<World, 'prompt'>, question: string): Promise<boolean> {
  return /^\s*y(?:es)?\s*$/i.test((await prompt.line(question)) ?? '');
}
