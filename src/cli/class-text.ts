import type { Finding } from '../catalogue/findings/finding.ts';
import type { KeptClass } from '../gateway/pins/kept-class.ts';
import { classText, saidBy } from '../gateway/pins/pin-records.ts';
import type { ClassChange } from '../gateway/pins/reclassify.ts';
import type { KeptDefinition } from '../gateway/pins/server-pins.ts';
import { visible } from '../settings/visible.ts';
import { shownName } from './shown-name.ts';

/** What a definition can do, and whether that is another than before. */
export function classLines(before: KeptDefinition | undefined, after: KeptDefinition): readonly string[] {
  const told = after.class;
  if (told === undefined) return ['    class: not told yet; the next gateway that runs on this data folder finds out'];
  const was = before?.class;
  const isNews = was === undefined || classText(was) !== classText(told);
  const change = was === undefined || !isNews ? '' : `${classText(was)} → `;
  const line = `    class: ${change}${classText(told)} (by ${saidBy(told)}: ${visible(told.reason)})`;
  return isNews ? [line, ...evidenceLines(told)] : [`    class: ${classText(told)}, as before`];
}

function evidenceLines({ evidence }: KeptClass): readonly string[] {
  return evidence.map(({ from, quote, says }) => `      ${from} “${visible(quote)}”: ${visible(says)}`);
}

/** What a definition hides. */
export function findingLines(findings: readonly Finding[]): readonly string[] {
  return findings.map(({ rule, place, quote, says }) => {
    const where = place === '' || place === '/name' ? '' : ` at ${visible(place)}`;
    return `    ! ${rule}${where}: ${visible(says)}${quote === '' ? '' : ` Here: ${visible(quote)}`}`;
  });
}

/** An accepted tool of which something else would be said today. */
export function classChangeLine({ tool, before, after }: ClassChange): string {
  const was = before === undefined ? 'none' : `${classText(before)}, by ${saidBy(before)}`;
  return `  ${shownName(tool)}  frozen: ${was}; now: ${classText(after)}, by ${saidBy(after)} (${visible(after.reason)})`;
}

export function classJson(kept: KeptClass | undefined): object | undefined {
  if (kept === undefined) return undefined;
  const { class: riskClass, severity, reason, evidence, by, version, catalogue } = kept;
  return { class: riskClass, severity, by, version, catalogue, reason, evidence };
}
