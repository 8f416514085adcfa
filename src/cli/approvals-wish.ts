import type { ExceptionWish, Proposed } from '../gateway/approvals/approval-desk.ts';
import { quoted } from '../policy/problem.ts';
import { visible } from '../settings/visible.ts';
import { inPlainSight } from '../wire/plain-sight.ts';
import { numberOption } from './operands.ts';
import { type Options, UsageFault } from './options.ts';
import { shownName } from './shown-name.ts';

/** Options that say how narrow a rule is to be. */
export const WISH_OPTIONS = { until: 'text', widen: 'texts', max: 'text', window: 'text' } as const;

type Proposal = Extract<Proposed, { readonly kind: 'proposal' }>;

/** Throws `UsageFault`. */
export function wishOf(options: Options): ExceptionWish {
  const until = options.texts.get('until');
  if (until !== undefined && !isDay(until)) {
    throw new UsageFault(`--until must be a day such as 2027-01-31, not ${quoted(until)}`);
  }
  return { until, widen: widenOf(options), limit: limitOf(options) };
}

/** Whether any of them is there. */
export function hasWish(options: Options): boolean {
  return Object.keys(WISH_OPTIONS).some((name) => options.texts.has(name) || options.lists.has(name));
}

function isDay(text: string): boolean {
  const at = Date.parse(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

function widenOf({ lists }: Options): ExceptionWish['widen'] {
  const widen = new Map<string, string>();
  for (const text of lists.get('widen') ?? []) {
    const at = text.indexOf('=');
    const [name, choice] = [text.slice(0, at), text.slice(at + 1)];
    if (at < 1 || choice === '') {
      throw new UsageFault(`--widen takes NAME=CHOICE, such as 'amount=up to this', not ${quoted(text)}`);
    }
    if (widen.has(name)) throw new UsageFault(`--widen ${quoted(name)} stands twice`);
    widen.set(name, choice);
  }
  return Object.fromEntries(widen);
}

function limitOf(options: Options): ExceptionWish['limit'] {
  const window = options.texts.get('window');
  if (options.texts.has('max') !== (window !== undefined)) throw new UsageFault('--max and --window go together');
  if (window === undefined) return undefined;
  return { max: numberOption(options, 'max', 1, 1, 1_000_000), window };
}

/** What would be written, in words and as it changes the documents. */
export function proposalLines({ admits, choices, changes }: Proposal): readonly string[] {
  const wider = Object.entries(choices).filter(([, words]) => words.length > 0);
  return [
    'This would pass without a question from now on:',
    `  ${inPlainSight(admits)}`,
    ...(wider.length === 0 ? [] : ['', 'Arguments that could be bound less tightly (--widen NAME=CHOICE):']),
    ...wider.map(([name, words]) => `  ${inPlainSight(name)}: ${words.map(inPlainSight).join(', ')}`),
    ...changes.flatMap(({ policy, diff }) => [
      '',
      `What is written into the policy ${shownName(policy)}:`,
      ...diff
        .trimEnd()
        .split('\n')
        .map((line) => `  ${visible(line)}`),
    ]),
  ];
}
