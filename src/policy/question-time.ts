import type { Json } from '../wire/json.ts';
import { readWindow } from './window.ts';

/** How long a question may stand, in seconds. */
export const QUESTION_SECONDS: { readonly least: number; readonly most: number } = { least: 10, most: 31 * 86_400 };

export const NO_TIME = 'must be a time such as "15m", from 10 seconds to 31 days';

/** Reads how long a question stands, ms; a text says why it is no such time. */
export function readQuestionTime(value: Json): number | string {
  const read = readWindow(value);
  if (typeof read === 'string') return `${read}, from 10 seconds to 31 days`;
  const { least, most } = QUESTION_SECONDS;
  const isFair = read.ms >= least * 1000 && read.ms <= most * 1000;
  return isFair ? read.ms : NO_TIME;
}
