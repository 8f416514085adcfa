import { type JsonObject, objectOf } from '../../wire/json.ts';
import { APPROVAL_KEY } from '../rounds.ts';
import type { Approval } from './approval.ts';
import { askingText } from './asking-text.ts';
import { formParams, urlParams, type Ways } from './ways.ts';

/** What the client's own user is asked, in the modern era: a form for the local user, else the page; undefined where neither can be. */
export function questionsFor(approval: Approval, { url, form }: Ways): JsonObject | undefined {
  const text = askingText(approval);
  const params =
    form !== undefined ? formParams(text) : url === undefined ? undefined : urlParams(text, url, undefined);
  if (params === undefined) return undefined;
  const asking = objectOf([
    ['method', 'elicitation/create'],
    ['params', params],
  ]);
  return objectOf([[APPROVAL_KEY, asking]]);
}
