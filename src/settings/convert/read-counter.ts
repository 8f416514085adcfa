import { didYouMean } from '../../policy/nearest.ts';
import { below, quoted } from '../../policy/problem.ts';
import type { Json, JsonObject } from '../../wire/json.ts';
import { type Conversion, checkKeys, objectAt, refuse, textAt } from './conversion.ts';

const WINDOWS = ['minute', 'hour', 'day'] as const;
type InterceptWindow = (typeof WINDOWS)[number];

/** The `state` of an Intercept rule. */
export interface InterceptCounter {
  readonly pointer: string;
  readonly name: string;
  readonly window: InterceptWindow;
  /** What each call adds; undefined where `increment_from` says it. */
  readonly increment: number | undefined;
  /** The path of the argument that is added, as Intercept writes it. */
  readonly from: string | undefined;
  /** `increment` stands beside `increment_from`, which Intercept does not look at. */
  readonly hasUnused: boolean;
}

/** Reads `state`; undefined when there is none, or there was a problem. */
export function readCounter(conversion: Conversion, rule: JsonObject, pointer: string): InterceptCounter | undefined {
  const place = below(pointer, 'state');
  const state = objectAt(conversion, rule['state'], place, '{counter: daily_spend, window: day}');
  if (state === undefined) return undefined;
  checkKeys(conversion, state, place, ['counter', 'window', 'increment', 'increment_from']);
  const before = conversion.problems.length;
  const name = textAt(conversion, state, place, 'counter');
  if (name === undefined) refuse(conversion, place, '"counter" must name the counter');
  const window = readWindow(
    conversion,
    state['window'],
    state['window'] === undefined ? place : below(place, 'window'),
  );
  const from = textAt(conversion, state, place, 'increment_from');
  if (from !== undefined && !from.startsWith('args.')) {
    refuse(conversion, below(place, 'increment_from'), 'must be the path of an argument, such as args.amount');
  }
  const increment = readIncrement(conversion, state['increment'], below(place, 'increment'));
  if (conversion.problems.length > before || name === undefined || window === undefined) return undefined;
  const hasUnused = from !== undefined && (state['increment'] ?? 0) !== 0;
  return { pointer: place, name, window, from, increment: from === undefined ? increment : undefined, hasUnused };
}

/** What `rate_limit: 10/hour` stands for: so many calls in which window. */
export interface Rate {
  readonly count: number;
  readonly window: InterceptWindow;
}

export function readRate(conversion: Conversion, text: string, pointer: string): Rate | undefined {
  const [, digits = '', word = ''] = /^\+?(\d{1,15})\/(.*)$/s.exec(text) ?? [];
  const count = Number(digits);
  if (digits === '' || count === 0) {
    return refuse(conversion, pointer, `${quoted(text)} is not a count above 0 and a window; write it like 10/hour`);
  }
  const window = readWindow(conversion, word, pointer);
  return window === undefined ? undefined : { count, window };
}

function readWindow(conversion: Conversion, value: Json | undefined, pointer: string): InterceptWindow | undefined {
  const window = WINDOWS.find((word) => word === value);
  if (window !== undefined) return window;
  const guess = typeof value === 'string' ? didYouMean(value, WINDOWS) : '';
  return refuse(conversion, pointer, `the window must be minute, hour or day${guess}`);
}

/** Intercept takes 0 for 1. */
function readIncrement(conversion: Conversion, value: Json | undefined, pointer: string): number {
  if (value === undefined || value === null || value === 0) return 1;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value;
  const why = typeof value === 'number' && value < 0 ? 'a counter that goes down has no equal; it' : 'it';
  refuse(conversion, pointer, `${why} must be a whole number from 1, without quotes`);
  return 1;
}
