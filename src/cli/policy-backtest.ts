import { resolve } from 'node:path';
import { quoted } from '../policy/problem.ts';
import { type Backtest, backtest, type Extent } from '../replay/backtest.ts';
import { backtestJson } from '../replay/backtest-json.ts';
import type { Sources } from '../replay/call-again.ts';
import { keptDefinitions } from '../replay/kept-definitions.ts';
import { visible, visibleJson } from '../settings/visible.ts';
import { backtestDraft } from './backtest-draft.ts';
import { backtestLines } from './backtest-text.ts';
import type { Command } from './command.ts';
import { dataFolder } from './data-folder.ts';
import { GOOD, NO } from './exit-code.ts';
import { onlyWord } from './operands.ts';
import { type Options, UsageFault } from './options.ts';
import { inOrder, timeOption } from './time-option.ts';
import { DATA } from './usage.ts';
import type { World } from './world.ts';

const HELP = `Usage: toolgate policy backtest DRAFT --since TIME [OPTION...]

Runs a draft over the calls that the log holds, limits included, and tells which of them it would have answered
otherwise: what would get looser (-), what tighter (+), by tool and rule. Where the draft looks at a value that was not
kept, the answer is "cannot tell". DRAFT is a policy, for all calls that are meant, or a configuration, for those of its grants.
Exit code 0: compared. 1: the draft is not valid, the log cannot be read, or --fail-on says so.

  --since TIME         how long ago, such as 24h or 7d, or a time such as 2027-01-01T08:00:00Z
  --until TIME         the same (default: now)
  --server NAME        calls of this server only
  --grant NAME         calls of this grant only
  --baseline FILE      a baseline that counts beside the policy DRAFT
  --policy NAME        of the configuration DRAFT this policy alone, for all calls that are meant
  --config FILE        the configuration whose keys open arguments that are kept whole (default: toolgate.jsonc in the
                       data folder, if it is there)
  --json               all of it, as JSON
  --fail-on WHAT       exit code 1 if a call would be answered looser, tighter, or either (any); also if that cannot be
                       told of one, and if there was no call
${DATA}
`;

type Failing = 'looser' | 'tighter' | 'any';

const FAILING: readonly Failing[] = ['looser', 'tighter', 'any'];

export const policyBacktest: Command = {
  name: 'policy backtest',
  options: {
    data: 'text',
    since: 'text',
    until: 'text',
    server: 'text',
    grant: 'text',
    baseline: 'text',
    policy: 'text',
    config: 'text',
    json: 'flag',
    'fail-on': 'text',
  },
  help: HELP,
  async run(options, world) {
    const file = onlyWord(options, 'DRAFT');
    const extent = extentIn(options, world.now());
    const failing = failingIn(options);
    const draft = await backtestDraft(options, world, file);
    if (draft === undefined) return NO;
    const folder = dataFolder(options, world);
    const definitions = await definitionsIn(world, folder);
    const opener = await world.openValues(folder, configIn(options, world));
    const log = await world.openLog(folder);
    try {
      const found = await backtest(log, draft, extent, { definition: definitions, opener });
      const text = options.flags.has('json')
        ? JSON.stringify(backtestJson(found), undefined, 2).split('\n').map(visibleJson).join('\n')
        : backtestLines(found).map(visible).join('\n');
      world.stdout.write(`${text}\n`);
      return isFailing(found, failing) ? NO : GOOD;
    } finally {
      await log.close();
    }
  },
};

function configIn(options: Options, { cwd }: World): string | undefined {
  const file = options.texts.get('config');
  return file === undefined ? undefined : resolve(cwd, file);
}

function extentIn(options: Options, now: number): Extent {
  const since = timeOption(options, 'since', now);
  if (since === undefined) throw new UsageFault('--since TIME is missing, such as --since 7d');
  const until = timeOption(options, 'until', now) ?? now;
  return inOrder({ since, until, server: options.texts.get('server'), grant: options.texts.get('grant') });
}

function failingIn(options: Options): Failing | undefined {
  const what = options.texts.get('fail-on');
  if (what === undefined) return undefined;
  const failing = FAILING.find((one) => one === what);
  if (failing !== undefined) return failing;
  throw new UsageFault(`--fail-on must be one of looser, tighter, any, not ${quoted(what)}`);
}

/** What cannot be told may be what is to fail; and where nothing was compared, a name may be misspelt. */
function isFailing({ calls, looser, tighter, cannotTell }: Backtest, failing: Failing | undefined): boolean {
  if (failing === undefined) return false;
  if (calls === 0) return true;
  const count = { looser, tighter, any: looser + tighter }[failing];
  return count + cannotTell > 0;
}

/** As they are pinned now. */
async function definitionsIn(world: World, folder: string): Promise<Sources['definition']> {
  const store = await world.openPins(folder, 'read');
  return keptDefinitions(store).finally(() => store.close());
}
