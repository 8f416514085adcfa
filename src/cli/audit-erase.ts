import { visible } from '../settings/visible.ts';
import type { Command } from './command.ts';
import { dataFolder } from './data-folder.ts';
import { GOOD } from './exit-code.ts';
import { noWords } from './operands.ts';
import { UsageFault } from './options.ts';
import { inOrder, timeOption } from './time-option.ts';
import { ERASE_HELP } from './usage.ts';
import type { World } from './world.ts';

export const auditErase: Command = {
  name: 'audit erase',
  options: {
    data: 'text',
    grant: 'text',
    server: 'text',
    tool: 'text',
    since: 'text',
    until: 'text',
    'dry-run': 'flag',
  },
  help: ERASE_HELP,
  async run(options, world) {
    noWords(options);
    const { texts } = options;
    const grant = texts.get('grant');
    if (grant === undefined) throw new UsageFault('--grant is missing: whose arguments are to be erased?');
    const now = world.now();
    const mode = options.flags.has('dry-run') ? 'look' : 'erase';
    const erased = await world.eraseValues(dataFolder(options, world), {
      mode,
      grant,
      server: texts.get('server'),
      tool: texts.get('tool'),
      ...inOrder({
        since: timeOption(options, 'since', now) ?? Number.NEGATIVE_INFINITY,
        until: timeOption(options, 'until', now) ?? Number.POSITIVE_INFINITY,
      }),
      isOfAllTime: !texts.has('since') && !texts.has('until'),
    });
    tell(world, grant, mode, erased);
    return GOOD;
  },
};

function tell(
  { stdout }: World,
  grant: string,
  mode: 'look' | 'erase',
  { values, questions, isGone }: Awaited<ReturnType<World['eraseValues']>>,
): void {
  const calls = `arguments of ${values} ${values === 1 ? 'call' : 'calls'} of ${visible(grant)}`;
  if (mode === 'look') {
    stdout.write(`would erase the ${calls}\n`);
    return;
  }
  stdout.write(
    `erased: ${calls}${questions === 0 ? '' : `, and ${questions} of its questions to people that are over`}\n`,
  );
  if (!isGone) {
    stdout.write(
      'note: a gateway is at work; its write-ahead log may hold them until it next moves it into the store\n',
    );
  }
  stdout.write(
    'note: the records stay, with their digests, and with what they hold themselves (arguments that were kept "redacted")\n',
  );
}
