import { type AuditFilter, EFFECTS } from '../gateway/audit/find/audit-filter.ts';
import { partsOf } from '../gateway/audit/find/is-match.ts';
import { whyNoText } from '../gateway/audit/find/why-no-text.ts';
import type { Effect } from '../policy/decision.ts';
import { quoted } from '../policy/problem.ts';
import { type OptionKinds, type Options, UsageFault } from './options.ts';
import { inOrder, timeOption } from './time-option.ts';
import type { World } from './world.ts';

/** By what records are looked for. */
export const FILTER_OPTIONS: OptionKinds = {
  since: 'text',
  until: 'text',
  grant: 'text',
  owner: 'text',
  server: 'text',
  tool: 'text',
  effect: 'text',
  'would-have': 'text',
  rule: 'text',
  text: 'text',
  all: 'flag',
};

/** Throws `UsageFault`. */
export function filterIn(options: Options, { now }: Pick<World, 'now'>): AuditFilter {
  const { texts } = options;
  const text = texts.get('text');
  const why = text === undefined ? undefined : whyNoText(text);
  if (why !== undefined) throw new UsageFault(`--text ${why}`);
  const at = now();
  return inOrder<AuditFilter>({
    since: timeOption(options, 'since', at),
    until: timeOption(options, 'until', at),
    grant: texts.get('grant'),
    owner: texts.get('owner'),
    server: texts.get('server'),
    tool: texts.get('tool'),
    effect: effectIn(options, 'effect'),
    wouldHave: effectIn(options, 'would-have'),
    rule: texts.get('rule'),
    text,
    which: options.flags.has('all') ? 'all' : 'decisions',
  });
}

/** Whether records are looked for by more than their time, so that an index helps. */
export function isByWords({ since: _since, until: _until, which: _which, text, ...named }: AuditFilter): boolean {
  return partsOf(text).length > 0 || Object.values(named).some((value) => value !== undefined);
}

function effectIn({ texts }: Options, name: string): Effect | undefined {
  const text = texts.get(name);
  const effect = EFFECTS.find((one) => one === text);
  if (text === undefined || effect !== undefined) return effect;
  throw new UsageFault(`--${name} must be one of ${EFFECTS.join(', ')}, not ${quoted(text)}`);
}
