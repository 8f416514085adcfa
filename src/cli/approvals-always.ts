import type { Adopted } from '../gateway/approvals/approval-desk.ts';
import { visible } from '../settings/visible.ts';
import { atDesk, DESK_OPTIONS, sameWay } from './approvals-place.ts';
import { findQuestion } from './approvals-question.ts';
import { APPROVALS_ALWAYS_HELP } from './approvals-usage.ts';
import { proposalLines, WISH_OPTIONS, wishOf } from './approvals-wish.ts';
import type { Command } from './command.ts';
import { GOOD, NO } from './exit-code.ts';
import { onlyWord } from './operands.ts';
import { type Options, UsageFault } from './options.ts';
import { prettyJson } from './pretty-json.ts';
import { shellWord, shownName } from './shown-name.ts';
import { DeskFault, type World } from './world.ts';

export const approvalsAlways: Command = {
  name: 'approvals always',
  options: { ...DESK_OPTIONS, ...WISH_OPTIONS, adopt: 'text', json: 'flag' },
  help: APPROVALS_ALWAYS_HELP,
  async run(options, world) {
    const word = onlyWord(options, 'the id of a question');
    const wish = wishOf(options);
    const adopt = adoptOf(options);
    return atDesk(options, world, 'a person', async (seat) => {
      const { id } = await findQuestion(seat, word);
      if (adopt !== undefined) return tellAdopted(await seat.desk.adopt(id, wish, adopt, seat.viewer), options, world);
      const proposed = await seat.desk.propose(id, wish, seat.viewer);
      if (proposed.kind !== 'proposal') throw new DeskFault(`no rule is proposed: ${proposed.reason}`);
      if (options.flags.has('json')) world.stdout.write(prettyJson(proposed));
      else
        world.stdout.write(`${[...proposalLines(proposed), ...adoptLines(id, proposed.digest, options)].join('\n')}\n`);
      return GOOD;
    });
  },
};

function adoptOf({ texts }: Options): string | undefined {
  const digest = texts.get('adopt');
  if (digest === undefined || /^[\w-]{8,128}$/.test(digest)) return digest;
  throw new UsageFault('--adopt takes the digest that toolgate approvals always shows without it');
}

function adoptLines(id: string, digest: string, options: Options): readonly string[] {
  const [way, wish] = [sameWay(options), sameWish(options)];
  if (way === undefined || wish === undefined) {
    return ['', `To write exactly this, give the same options again with --adopt ${shownName(digest)}`];
  }
  const words = ['  toolgate approvals always', shownName(id), ...way, ...wish, '--adopt', shownName(digest)];
  return ['', 'To write exactly this:', words.join(' ')];
}

function sameWish({ texts, lists }: Options): readonly string[] | undefined {
  const given = Object.keys(WISH_OPTIONS).flatMap((name) => {
    const values = lists.get(name) ?? [texts.get(name)].filter((value) => value !== undefined);
    return values.map((value) => [`--${name}`, shellWord(value)] as const);
  });
  const words = given.flat();
  return words.every((word) => word !== undefined) ? words : undefined;
}

/** Says what was written, or why nothing was. */
export function tellAdopted(adopted: Adopted, options: Options, world: World): number {
  if (adopted.kind !== 'adopted') {
    world.stderr.write(`toolgate approvals: the rule was not written as shown: ${visible(adopted.reason)}\n`);
    return NO;
  }
  if (options.flags.has('json')) world.stdout.write(prettyJson(adopted));
  else {
    for (const { policy, digest } of adopted.policies) {
      world.stdout.write(`Written: policy ${shownName(policy)}, now ${shownName(digest)}\n`);
    }
  }
  return GOOD;
}
