import type { Refusal } from '../gateway/refusal.ts';
import type { Comparison } from '../policy/culprits.ts';
import type { Reservation, Ruling } from '../policy/decision.ts';
import type { Explanation, LimitTrace, RuleTrace, Speaker } from '../policy/explain.ts';
import { countedBy } from '../policy/look.ts';
import { quoted } from '../policy/problem.ts';
import type { Trace } from '../policy/trace.ts';
import { FALSE, TRUE, type Truth } from '../policy/truth.ts';
import { toldSpan } from '../policy/window.ts';
import { turningLines, turningTitle } from './explain-turning.ts';
import { comparisonText, ruleName, shown } from './explain-words.ts';

/** The explanation in words, line by line. `refusal`: what the counters say of it, with nothing counted yet. */
export function explanationLines(explained: Explanation, refusal: Refusal | undefined): readonly string[] {
  const { decision, speakers, rules, limits, counts } = explained;
  const effect = refusal?.decision ?? decision.effect;
  return [
    ...headLines(decision, refusal),
    ...shadowLines(decision.shadow),
    '',
    ...speakers.map(speakerLine),
    ...listLines(explained),
    ...section('Rules, each with what it saw:', rules.flatMap(ruleLines)),
    ...section('Counts of earlier calls that the rules look at:', counts.map(countLine)),
    ...section(
      'Limits, which the counters judge when the call is sent (taken as empty here):',
      limits.flatMap(limitLines),
    ),
    ...section(turningTitle(effect), turningLines(explained, refusal)),
  ];
}

function headLines(decision: Ruling, refusal: Refusal | undefined): readonly string[] {
  if (refusal === undefined) return [`${decision.effect}  ${ruleName(decision.rule)}`, `  ${decision.reason}`];
  const { document = 'policy', rule, ruleId: id } = refusal;
  return [`${refusal.decision}  ${ruleName({ document, pointer: rule, id })}`, `  ${refusal.reason}`];
}

/** What a server asks for stands in no list. */
function listLines({ listed, kind }: Explanation): readonly string[] {
  if (kind === 'request') return [];
  return [listed === 'listed' ? 'It stands in lists.' : 'It is left out of lists.'];
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', title, ...lines];
}

function shadowLines(shadow: Ruling | undefined): readonly string[] {
  if (shadow === undefined) return [];
  if (shadow.effect === 'allow') return ['  What stands in shadow would let it pass too.'];
  return [`  In shadow it would have been: ${shadow.effect}  ${ruleName(shadow.rule)}`, `    ${shadow.reason}`];
}

function speakerLine({ document, pointer, mode, hiddenBy }: Speaker): string {
  const how =
    pointer === '/default' ? 'no entry speaks for it, so its default does' : `the entry ${pointer} speaks for it`;
  const shadow = mode === 'shadow' ? '; it stands in shadow' : '';
  return `In the ${document} ${how}${shadow}${hiddenBy === undefined ? '' : `; it is hidden by ${quoted(hiddenBy)}`}.`;
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

function sawText({ saw, path }: Comparison): string {
  const [first] = saw;
  if (first === undefined) return 'nothing there';
  if (saw.length === 1 && !path.includes('[*]')) return `saw ${shown(first)}`;
  return `saw ${saw.map(shown).join(', ')}${saw.length >= 5 ? ' …' : ''}`;
}

function countLine({ key, windowMs, calls }: Explanation['counts'][number]): string {
  const { tool, of } = countedBy(key);
  const whose = of === 'grant' ? 'by this grant' : 'in this session';
  const told = calls === undefined ? 'not known; give it with --calls' : calls;
  return `  calls of ${quoted(tool)} ${whose} within the last ${windowMs / 1000} s: ${told}`;
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

function reservationText(reservation: Reservation): string {
  const { counter, add, max, scope, family, onExceed } = reservation;
  const each = family === undefined ? '' : ', for each value apart';
  const alone = add > max ? ', which this call exceeds by itself' : '';
  const beyond = onExceed === 'deny' ? 'beyond it refused' : 'beyond it asked';
  return `adds ${add} to ${quoted(counter)}, at most ${max} ${toldSpan(reservation)} for each ${scope}${each}${alone}; ${beyond}`;
}
