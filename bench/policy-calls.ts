// Calls for the comparison of engines: of one size, all different, about half of them to be refused.
import type { Facts } from '../src/policy/decision.ts';
import type { Call } from '../src/wire/call.ts';
import { isObject } from '../src/wire/json.ts';
import { readCall } from '../src/wire/read-call.ts';
import { readJson, STRICT } from '../src/wire/read-json.ts';
import { TOOLS, toolName } from './call.ts';
import {
  CURRENCIES,
  ceilingOf,
  currencyOf,
  FORBIDDEN_WORDS,
  LATEST_HOUR,
  prefixOf,
  REGIONS,
  urlOf,
} from './policy-rules.ts';

/** The whole message, bytes. */
export const CALL_BYTES = 440;
const HOUR_MS = 3_600_000;
const MIDNIGHT = Date.UTC(2026, 0, 5);

/** A message as it comes in, and the hour of its arrival. */
export interface Message {
  readonly text: string;
  readonly hour: number;
}

/** What an engine is given; made before the clock runs. */
export interface Question {
  readonly tool: string;
  readonly call: Call;
  readonly facts: Facts;
  readonly args: Readonly<Record<string, never>>;
  readonly hour: number;
}

type Args = Record<string, unknown>;
type Random = (below: number) => number;

export function makeMessages(count: number): readonly Message[] {
  const random = randomFrom(20_260_105);
  return Array.from({ length: count }, () => makeMessage(random));
}

function makeMessage(random: Random): Message {
  const n = random(TOOLS);
  const args: Args = {
    currency: currencyOf(n),
    region: REGIONS[random(4)],
    amount: random(ceilingOf(n)),
    url: urlOf(random(1_000_000)),
    note: `for the order of last week, number ${random(1_000_000)}, as agreed`,
    account: `${prefixOf(n)}${random(100_000)}`,
  };
  let hour = random(LATEST_HOUR);
  if (random(10) === 0) hour = LATEST_HOUR + random(24 - LATEST_HOUR);
  if (random(10) < 7) spoil(args, n, random);
  const write = (memo: string): string =>
    JSON.stringify({
      jsonrpc: '2.0',
      id: random(9) + 1,
      method: 'tools/call',
      params: { name: random(50) === 0 ? 'tool_none' : toolName(n), arguments: { ...args, memo } },
    });
  const empty = write('');
  const padding = 'what was said beside it, and nobody asks for '.repeat(10).slice(0, CALL_BYTES - empty.length);
  return { text: empty.replace('"memo":""', `"memo":"${padding}"`), hour };
}

/** Makes one argument wrong: another value, another type, or absent. Some tools do not ask for it, and let it pass. */
function spoil(args: Args, n: number, random: Random): void {
  const wrong: readonly (readonly [string, unknown])[] = [
    ['currency', CURRENCIES[(n + 1) % CURRENCIES.length]],
    ['region', REGIONS[7]],
    ['amount', ceilingOf(n) + random(5)],
    ['url', urlOf(random(1_000)).replace('example.com', 'example.org')],
    ['note', `a note; ${FORBIDDEN_WORDS} orders`],
    ['account', `bad-${random(100_000)}`],
  ];
  const [name, value] = wrong[random(wrong.length)] ?? ['amount', ceilingOf(n)];
  const how = random(10);
  if (how === 0) delete args[name];
  else if (how === 1) args[name] = name === 'amount' ? '12' : 12;
  else if (how === 2) args[name] = { value: args[name] };
  else args[name] = value;
}

/** Reads a message anew, so that no engine sees objects or texts that it has met before. */
export function readMessage({ text, hour }: Message): Question {
  const read = readJson(text, STRICT);
  const params = read.kind === 'value' && isObject(read.value) ? read.value['params'] : undefined;
  const made = isObject(params) ? readCall('tools/call', params) : undefined;
  if (made?.kind !== 'call') throw new Error(`the bench made a message that cannot be read: ${text}`);
  const { call } = made;
  const facts = { at: MIDNIGHT + hour * HOUR_MS + (text.length % 60), calls: new Map<string, number>() };
  return { tool: call.name, call, facts, args: JSON.parse(text).params.arguments, hour };
}

/** Always the same numbers: two runs ask the same questions. */
function randomFrom(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
