import { type Comparison, causesOf, missingFor } from '../policy/culprits.ts';
import type { Reservation, RuleRef, Ruling } from '../policy/decision.ts';
import type { Explanation, LimitTrace, RuleTrace, Speaker } from '../policy/explain.ts';
import { quoted } from '../policy/problem.ts';
import type { Trace } from '../policy/trace.ts';
import { FALSE, TRUE, type Truth } from '../policy/truth.ts';
import type { Json } from '../wire/json.ts';
import { canonicalJson } from '../wire/write-json.ts';

const MOST_SHOWN = 120;

/** The explanation in words, line by line. */
export function explanationLines(explained: Explanation): readonly string[] {
  const { decision, speakers, listed, rules, limits, counts } = explained;
  return [
    `${decision.effect}  ${ruleName(decision.rule)}`,
    `  ${decision.reason}`,
    ...shadowLines(decision.shadow),
    '',
    ...speakers.map(speakerLine),
    listed === 'listed' ? 'It stands in lists.' : 'It is left out of lists.',
    ...section('Rules, each with what it saw:', rules.flatMap(ruleLines)),
    ...section('Counts of earlier calls that the rules look at:', counts.map(countLine)),
    ...section(
      'Limits, which the counters judge when the call is sent (taken as empty here):',
      limits.flatMap(limitLines),
    ),
    ...section(turningTitle(decision.effect), turningLines(explained)),
  ];
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', title, ...lines];
}

function ruleName({ document, pointer, id }: RuleRef): string {
  const named = id === undefined ? pointer : `${pointer} [${id}]`;
  return document === 'baseline' ? `${named} (baseline)` : named;
}

function shadowLines(shadow: Ruling | undefined): readonly string[] {
  if (shadow === undefined) return [];
  if (shadow.effect === 'allow') return ['  What stands in shadow would let it pass too.'];
  return [`  In shadow it would have been: ${shadow.effect}  ${ruleName(shadow.rule)}`, `    ${shadow.reason}`];
}

function speakerLine({ document, pointer, mode, isHidden }: Speaker): string {
  const how =
    pointer === '/default' ? 'no entry speaks for it, so its default does' : `the entry ${pointer} speaks for it`;
  const shadow = mode === 'shadow' ? '; it stands in shadow' : '';
  return `In the ${document} ${how}${shadow}${isHidden ? '; it is hidden' : ''}.`;
}

function ruleLines({ rule, says, mode, trace, note }: RuleTrace): readonly string[] {
  const verb = mode === 'shadow' && says !== 'passes' ? `would ${says === 'asks' ? 'ask' : 'refuse'}` : says;
  const told = note === undefined ? [] : [`      ${note}`];
  return [`  ${verb.padEnd(12)} ${ruleName(rule)}`, ...told, ...(trace === undefined ? [] : traceLines(trace, 6))];
}

function traceLines(trace: Trace, indent: number): readonly string[] {
  const margin = ' '.repeat(indent);
  if (trace.kind === 'comparison') {
    return [`${margin}${comparisonText(trace)}: ${truthWord(trace.truth)} (${sawText(trace)})`];
  }
  if (trace.parts.length === 0) return [`${margin}no conditions: always`];
  return [
    `${margin}${trace.kind} of these: ${truthWord(trace.truth)}`,
    ...trace.parts.flatMap((part) => traceLines(part, indent + 2)),
  ];
}

function truthWord(truth: Truth): string {
  if (truth === TRUE) return 'yes';
  return truth === FALSE ? 'no' : 'cannot be judged, so it bites';
}

function comparisonText({ path, op, value, isNegated }: Comparison): string {
  return `${isNegated ? 'not ' : ''}${path} ${op} ${shown(value)}`;
}

function sawText({ saw, path }: Comparison): string {
  const [first] = saw;
  if (first === undefined) return 'nothing there';
  if (saw.length === 1 && !path.includes('[*]')) return `saw ${shown(first)}`;
  return `saw ${saw.map(shown).join(', ')}${saw.length >= 5 ? ' …' : ''}`;
}

function shown(value: Json): string {
  const text = canonicalJson(value);
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN).toWellFormed()}…` : text;
}

function countLine({ key, calls }: Explanation['counts'][number]): string {
  return `  ${key}: ${calls === undefined ? 'not known; give it with --calls' : calls}`;
}

function limitLines(limit: LimitTrace): readonly string[] {
  const shadow = limit.mode === 'shadow' ? ' (in shadow)' : '';
  switch (limit.kind) {
    case 'counts':
      return [`  ${ruleName(limit.reservation.rule)}${shadow}: ${reservationText(limit.reservation)}`];
    case 'refuses':
      return [`  ${ruleName(limit.rule)}${shadow}: ${limit.note}`];
    case 'leaves out':
      return [`  ${ruleName(limit.rule)}${shadow}: does not count this call`, ...traceLines(limit.trace, 6)];
  }
}

function reservationText({ counter, add, max, window, scope, period, family, onExceed }: Reservation): string {
  const span = `${period === undefined ? 'per' : 'per calendar'} ${/^\d+$/.test(window) ? `${window} s` : window}`;
  const each = family === undefined ? '' : ', for each value apart';
  const beyond = onExceed === 'deny' ? 'beyond it refused' : 'beyond it asked';
  return `adds ${add} to ${quoted(counter)}, at most ${max} ${span} for each ${scope}${each}; ${beyond}`;
}

function turningTitle(effect: Ruling['effect']): string {
  if (effect === 'allow') return 'It would not pass if any of this were otherwise:';
  return effect === 'deny'
    ? 'To pass, all of this would have to change:'
    : 'To pass unasked, all of this would have to change:';
}

/** What would have changed the answer. */
function turningLines({ decision, rules, limits }: Explanation): readonly string[] {
  const enforced = rules.filter(({ mode }) => mode === 'enforce');
  if (decision.effect === 'allow') return enforced.flatMap(safetyLine);
  const biting = enforced.filter(({ says }) => says === 'refuses' || (says === 'asks' && decision.effect !== 'deny'));
  const uncounted = limits.flatMap((limit) =>
    limit.kind === 'refuses' && limit.mode === 'enforce' ? [`  ${ruleName(limit.rule)}: ${limit.note}`] : [],
  );
  const fixed = decision.rule.pointer.startsWith('(') && biting.length === 0 ? [`  ${decision.rule.pointer}`] : [];
  return [...biting.map(remedyLine), ...uncounted, ...fixed];
}

function remedyLine({ rule, stage, trace, note }: RuleTrace): string {
  const name = ruleName(rule);
  if (trace === undefined) return `  ${name}: ${note ?? 'it refuses whatever the call'}`;
  if (stage === 'require') return `  ${name}: it would need ${listOf(missingFor(trace))}`;
  const causes = causesOf(trace);
  return causes.length === 0
    ? `  ${name}: it holds for every call`
    : `  ${name}: it holds because of ${listOf(causes)}`;
}

function safetyLine({ rule, stage, trace }: RuleTrace): readonly string[] {
  if (trace === undefined) return [];
  const name = ruleName(rule);
  if (stage === 'require') return [`  ${name}: it is met by ${listOf(causesOf(trace))}`];
  return [`  ${name}: it would match with ${listOf(missingFor(trace))}`];
}

function listOf(comparisons: readonly Comparison[]): string {
  return comparisons.map(comparisonText).join(' and ') || 'nothing';
}
