import type { Backtested, BacktestWish } from '../gateway/audit/backtest-port.ts';
import { isObject, type JsonObject } from '../wire/json.ts';
import { bad, type Fault, type Read, read } from './fault.ts';

const KEYS = ['policy', 'baseline', 'since', 'until', 'server', 'grant'] as const;

/** `{"policy", "baseline"?, "since", "until"?, "server"?, "grant"?}` */
export function readBacktest(body: JsonObject): Read<BacktestWish> {
  const odd = Object.keys(body).find((key) => !KEYS.some((known) => known === key));
  if (odd !== undefined) return bad(`/${odd.slice(0, 100)} is not known here.`, `Known are ${KEYS.join(', ')}.`);
  const { policy, baseline, since, until, server, grant } = body;
  if (!isObject(policy)) return bad('/policy must be a policy, an object.');
  if (baseline !== undefined && !isObject(baseline)) return bad('/baseline must be a policy, an object.');
  if (typeof since !== 'string') return bad('/since must be how long ago, such as "7d", or a time.');
  if (!isTextOrNone(until)) return bad('/until must be a text.');
  if (!isTextOrNone(server)) return bad('/server must be a text.');
  if (!isTextOrNone(grant)) return bad('/grant must be a text.');
  return read({ policy, baseline, since, until, server, grant });
}

function isTextOrNone(value: unknown): value is string | undefined {
  return value === undefined || typeof value === 'string';
}

/** Why there is no backtest. */
export function backtestFault(answer: Exclude<Backtested, { kind: 'backtest' }>): Fault {
  switch (answer.kind) {
    case 'invalid':
      return {
        status: 422,
        message: answer.problems.map(({ pointer, message }) => `${pointer}: ${message}`).join('\n'),
        remedy: 'toolgate policy check tells more about a policy.',
        kind: 'invalid',
        problems: answer.problems,
      };
    case 'busy':
      return {
        status: 503,
        message: 'As many drafts are being tried as may be at a time.',
        remedy: 'Try again.',
        kind: 'busy',
        headers: { 'retry-after': '5' },
      };
    case 'too much':
      return {
        status: 422,
        message: 'It took too long, and was given up.',
        remedy:
          'Ask for a shorter time, or for one server or grant; toolgate policy backtest takes as long as it needs.',
        kind: 'too much',
      };
  }
}
