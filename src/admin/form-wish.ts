import type { ExceptionWish } from '../gateway/approvals/approval-desk.ts';
import { bareRecord, isDay } from './api-body.ts';
import { bad, type Read, read } from './fault.ts';
import type { Form } from './form.ts';

export const NARROWEST: ExceptionWish = { until: undefined, widen: {}, limit: undefined };

/** How narrow a rule somebody wants, from the form of a proposal. */
export function wishOf(form: Form): Read<ExceptionWish> {
  const until = form.one('until') ?? '';
  if (until !== '' && !isDay(until)) return bad('The last day must be written YYYY-MM-DD.');
  const max = form.one('max')?.trim() ?? '';
  if (max !== '' && !/^[1-9]\d{0,8}$/.test(max)) return bad('How many calls must be a whole number from 1.');
  const choices = form.all('choice');
  const widen = form.all('argument').map((name, index) => [name, choices[index] ?? ''] as const);
  return read({
    until: until === '' ? undefined : until,
    widen: bareRecord(widen.filter(([, choice]) => choice !== '')),
    limit: max === '' ? undefined : { max: Number(max), window: form.one('window') ?? '24h' },
  });
}
