import { NO_TIME, readQuestionTime } from '../policy/question-time.ts';
import { keysOf } from '../policy/shape.ts';
import { QUESTIONS } from './people-vocabulary.ts';
import { DEFAULT_APPROVALS, HOLD_SECONDS, OPEN_QUESTIONS } from './question-bounds.ts';
import { type Item, knownKeys, member, type Reading, say, textAt, wholeAt } from './reading.ts';
import type { AskSettings } from './settings.ts';

/** Reads `approvals`: how people are asked, where policies are silent. */
export function readApprovals(reading: Reading, item: Item | undefined): AskSettings {
  if (item === undefined || !knownKeys(reading, item, keysOf(QUESTIONS))) return DEFAULT_APPROVALS;
  const hold = wholeAt(reading, member(item, 'hold'), HOLD_SECONDS);
  return {
    url: readPageUrl(reading, member(item, 'url')),
    timeoutMs: readTimeout(reading, member(item, 'timeout')) ?? DEFAULT_APPROVALS.timeoutMs,
    holdMs: hold === undefined ? undefined : hold * 1000,
    maxOfGrant: wholeAt(reading, member(item, 'open'), OPEN_QUESTIONS) ?? DEFAULT_APPROVALS.maxOfGrant,
    maxOfName: wholeAt(reading, member(item, 'open_per_tool'), OPEN_QUESTIONS) ?? DEFAULT_APPROVALS.maxOfName,
  };
}

/** Addresses of questions are made by putting something behind it. */
function readPageUrl(reading: Reading, item: Item | undefined): string | undefined {
  const text = textAt(reading, item);
  if (text === undefined || item === undefined) return undefined;
  const url = URL.parse(text);
  const isPlain = url !== null && url.username === '' && url.password === '' && !/[?#]/.test(text);
  if (isPlain && /^https?:$/.test(url.protocol)) return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
  const wanted = 'an absolute http or https URL without user name, query and fragment';
  return say(reading, item.pointer, `must be ${wanted}, such as "https://gateway.example.com"`);
}

function readTimeout(reading: Reading, item: Item | undefined): number | undefined {
  if (item === undefined) return undefined;
  const value = typeof item.value === 'string' ? textAt(reading, item) : item.value;
  if (value === undefined) return undefined;
  const read = readQuestionTime(value);
  if (typeof read !== 'string') return read;
  // INVARIANT: what a variable stood for is not repeated.
  return say(reading, item.pointer, value === item.value ? read : NO_TIME);
}
