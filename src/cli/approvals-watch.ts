import type { ApprovalSummary } from '../gateway/approvals/view.ts';
import { visibleJson } from '../settings/visible.ts';
import { inPlainSight } from '../wire/plain-sight.ts';
import { atDesk, DESK_OPTIONS, type Seat } from './approvals-place.ts';
import { allOf } from './approvals-question.ts';
import { calledText } from './approvals-text.ts';
import { leftText } from './approvals-times.ts';
import { APPROVALS_WATCH_HELP } from './approvals-usage.ts';
import { type Happening, happenings, lost, type Seen } from './approvals-watched.ts';
import type { Command } from './command.ts';
import { GOOD } from './exit-code.ts';
import { noWords } from './operands.ts';
import { patiently } from './patiently.ts';
import { shownName } from './shown-name.ts';

const LOOK_EVERY_MS = 500;
/** No more can be open at the same time by far. */
const MOST_LIVE = 1_000;

export const approvalsWatch: Command = {
  name: 'approvals watch',
  options: { ...DESK_OPTIONS, json: 'flag' },
  help: APPROVALS_WATCH_HELP,
  async run(options, world) {
    noWords(options);
    const write = options.flags.has('json') ? jsonLine : textLine;
    return atDesk(options, world, 'a look', async (seat) => {
      world.stderr.write('Watching for questions; Ctrl-C ends it.\n');
      let seen: Seen = new Map();
      const look = patiently(world, async () => {
        const { happened, now } = await lookAgain(seat, seen);
        seen = now;
        for (const one of happened) world.stdout.write(`${write(one)}\n`);
      });
      do await look();
      while ((await world.pause(LOOK_EVERY_MS)) === 'go on');
      return GOOD;
    });
  },
};

async function lookAgain(
  seat: Seat,
  seen: Seen,
): Promise<{ readonly happened: readonly Happening[]; readonly now: Seen }> {
  const listed = await seat.desk.list({ which: 'live', limit: MOST_LIVE }, seat.viewer);
  // One whose time has come is over, also before anybody noted it.
  const live = listed.filter(({ state }) => state === 'open' || state === 'approved');
  const gone = await ended(seat, lost(seen, live));
  return { happened: happenings(seen, live, gone), now: new Map(live.map((one) => [one.id, one])) };
}

/** How those ended that live no more. */
async function ended(seat: Seat, ids: ReadonlySet<string>): Promise<readonly ApprovalSummary[]> {
  if (ids.size === 0) return [];
  const found: ApprovalSummary[] = [];
  for await (const one of allOf(seat, 'all')) {
    if (ids.has(one.id)) found.push(one);
    if (found.length === ids.size) break;
  }
  return found.toReversed();
}

function jsonLine({ event, approval }: Happening): string {
  return visibleJson(JSON.stringify({ event, approval }));
}

function textLine({ event, approval }: Happening): string {
  return `${shownName(approval.id)}  ${wordsOf(event, approval)}`;
}

function wordsOf(event: Happening['event'], approval: ApprovalSummary): string {
  const called = calledText(approval);
  const { grant, agreed, needed, state, why, secondsLeft } = approval;
  switch (event) {
    case 'asked':
      return `asked: may ${shownName(grant)} call ${called} (${shownName(approval.class)})? ${inPlainSight(approval.reason)} ${leftText(secondsLeft)} left`;
    case 'answered':
      return `answered by ${lastBy(approval)}: ${agreed} of ${needed} have agreed to ${called}`;
    case 'approved':
      return `approved by ${lastBy(approval)}: ${called}, to be used within ${leftText(secondsLeft)}`;
    case 'over':
      return `${shownName(state)}: ${called}${why === null ? '' : ` — ${inPlainSight(why)}`}`;
  }
}

function lastBy({ answers }: ApprovalSummary): string {
  return shownName(answers.at(-1)?.by ?? 'nobody');
}
