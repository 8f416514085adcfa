// The same questions to every engine, in turns; first it is made sure that all give the same answers.
import { median, ratio, table } from './figures.ts';
import { CALL_BYTES, makeMessages, readMessage } from './policy-calls.ts';
import { cedar, cel, type Engine, toolgate } from './policy-engines.ts';

const CALLS = 1_000;
const WARM_UP_ROUNDS = 10;

interface Round {
  readonly median: number;
  readonly p99: number;
  readonly allowed: number;
  readonly refused: number;
}

export interface DecisionFigures {
  /** How many of the calls are allowed. */
  readonly allowed: number;
  /** What reading the clock takes, and is in every figure, µs. */
  readonly clock: number;
  /** Medians over the rounds, µs. */
  readonly engines: readonly (Round & { readonly engine: string })[];
  readonly text: string;
}

export function benchDecisions(rounds: number): DecisionFigures {
  const engines = [toolgate(), cel(), cedar('a set for each tool'), cedar('one set')];
  const messages = makeMessages(CALLS);
  const off = messages.find(({ text }) => Buffer.byteLength(text) !== CALL_BYTES);
  if (off !== undefined) throw new Error(`a call is not of ${CALL_BYTES} bytes: ${off.text}`);
  const answers = agreedAnswers(engines);

  const results = engines.map((): Round[] => []);
  for (let round = -WARM_UP_ROUNDS; round < rounds; round += 1) {
    for (const [n, engine] of engines.entries()) {
      const measured = oneRound(engine);
      if (round >= 0) results[n]?.push(measured);
    }
  }
  const figures = engines.map(({ name }, n) => ({ engine: name, ...mediansOf(results[n] ?? []) }));
  const allowed = answers.filter((answer) => answer).length;
  const clock = clockCost();
  return { allowed, clock, engines: figures, text: print(figures, allowed, clock) };

  function agreedAnswers(all: readonly Engine[]): readonly boolean[] {
    return messages.map((message) => {
      const given = all.map((engine) => engine.prepare(readMessage(message))());
      if (given.every((answer) => answer === given[0])) return given[0] === true;
      const said = all.map(({ name }, n) => `${name}: ${given[n] === true ? 'allow' : 'deny'}`).join(', ');
      throw new Error(`the engines disagree (${said}) at ${message.hour} h on ${message.text}`);
    });
  }

  function oneRound(engine: Engine): Round {
    const asks = messages.map((message) => engine.prepare(readMessage(message)));
    const times = new Float64Array(asks.length);
    let wrong = 0;
    for (const [n, ask] of asks.entries()) {
      const start = performance.now();
      const answer = ask();
      times[n] = (performance.now() - start) * 1e3;
      if (answer !== answers[n]) wrong += 1;
    }
    if (wrong > 0) throw new Error(`${engine.name} changed its mind on ${wrong} calls`);
    const of = (wanted: boolean): number => median([...times].filter((_, n) => answers[n] === wanted));
    const sorted = times.toSorted();
    const p99 = sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN;
    return { median: median([...times]), p99, allowed: of(true), refused: of(false) };
  }
}

function mediansOf(rounds: readonly Round[]): Round {
  const of = (pick: (one: Round) => number): number => median(rounds.map(pick));
  return {
    median: of((one) => one.median),
    p99: of((one) => one.p99),
    allowed: of((one) => one.allowed),
    refused: of((one) => one.refused),
  };
}

function clockCost(): number {
  const times = Array.from({ length: 10_000 }, () => {
    const start = performance.now();
    return (performance.now() - start) * 1e3;
  });
  return median(times);
}

function print(figures: DecisionFigures['engines'], allowed: number, clock: number): string {
  const own = figures[0]?.median ?? Number.NaN;
  const head = ['one decision', 'median µs', '÷ Toolgate', 'p99 µs', 'allowed µs', 'refused µs'];
  const lines = figures.map((one) => [
    one.engine,
    ratio(one.median),
    ratio(one.median / own),
    ratio(one.p99),
    ratio(one.allowed),
    ratio(one.refused),
  ]);
  const verdict = own <= 5 ? 'met' : 'NOT met';
  return `${table([head, ...lines])}

  Goal for Toolgate, at most 5 µs in the median: ${verdict}.
  100 tools, 5 conditions each out of eq, in, lt, regex, contains, starts_with and time.hour; ${CALLS} different calls of
  ${CALL_BYTES} bytes, ${allowed} allowed and ${CALLS - allowed} refused; all engines gave the same answer to every one of them.
  What is asked is prepared before the clock runs; reading the clock (${ratio(clock)} µs) is in every figure.
  Made fair: Cedar has no regular expressions, so the one used says no more than its "like" does. It has no fractions, so
  amounts are whole. The hour is handed to Cedar and CEL as a number; Toolgate works it out from the time of the call. Null is
  left out: Cedar does not take it. Each tool is one "permit" with "unless", because a Cedar "forbid" that errs does not refuse.
  Cedar is the WebAssembly build with policies parsed beforehand; each call's context still has to cross into WebAssembly.
  "One set" is how Cedar is meant to be used; "a set for each tool" gives it the index by name that the other two have.
  CEL is @marcbachmann/cel-js: on such rules 8 to 40 times as fast as @bufbuild/cel, and without dependencies. Its
  "matches" is JavaScript's RegExp, which some texts keep busy for ever; Toolgate pays for an engine that is linear.`;
}
