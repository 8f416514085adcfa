import { type AuditFilter, EFFECTS } from '../gateway/audit/find/audit-filter.ts';
import { partsOf } from '../gateway/audit/find/is-match.ts';
import { whyNoText } from '../gateway/audit/find/why-no-text.ts';
import type { Effect } from '../policy/decision.ts';
import { quoted } from '../policy/problem.ts';
import { readTime, TIMES_ARE } from '../settings/read-time.ts';
import { type OptionKinds, type Options, UsageFault } from './options.ts';
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
  return {
    since: timeIn(options, 'since', now()),
    until: timeIn(options, 'until', now()),
    grant: texts.get('grant'),
    owner: texts.get('owner'),
    server: texts.get('server'),
    tool: texts.get('tool'),
    effect: effectIn(options, 'effect'),
    wouldHave: effectIn(options, 'would-have'),
    rule: texts.get('rule'),
    text,
    which: options.flags.has('all') ? 'all' : 'decisions',
  };
}

/** Whether records are looked for by more than their time, so that an index helps. */
export function isByWords({ since: _since, until: _until, which: _which, text, ...named }: AuditFilter): boolean {
  return partsOf(text).length > 0 || Object.values(named).some((value) => value !== undefined);
}

/** A day or a time with its zone, or how long ago. */
function timeIn({ texts }: Options, name: string, now: number): number | undefined {
  const text = texts.get(name);
  if (text === undefined) return undefined;
  const at = readTime(text, now);
  if (at !== undefined) return at;
  throw new UsageFault(`--${name} must be ${TIMES_ARE}, not ${quoted(text)}`);
}

function effectIn({ texts }: Options, name: string): Effect | undefined {
  const text = texts.get(name);
  const effect = EFFECTS.find((one) => one === text);
  if (text === undefined || effect !== undefined) return effect;
  throw new UsageFault(`--${name} must be one of ${EFFECTS.join(', ')}, not ${quoted(text)}`);
}
