import { compilePolicy } from '../../src/policy/compile.ts';
import { readJsonSource } from '../../src/settings/json-source.ts';
import { lineStarts, offsetOf, positionIn } from '../../src/settings/place.ts';
import { readYamlSource } from '../../src/settings/yaml-source.ts';
import { PARSERS } from '../laws/engine.ts';
import { agrees, holds } from './broken.ts';
import type { Outcome } from './check-trial.ts';
import { inTime } from './in-time.ts';
import type { Trial } from './trial.ts';

const ONE: Outcome = { documents: 1, compiled: 0, calls: 0, agreed: 0, texts: 1 };

/** A text is read, or there is a place where it stops being readable. What is read has a place for each of its problems. */
export function checkText({ syntax, text }: Extract<Trial, { kind: 'text' }>): Outcome {
  const read = syntax === 'json' ? readJsonSource : readYamlSource;
  const source = inTime(`reading ${syntax}`, text.length, () => read(text));
  if (source.kind === 'fault') {
    holds('a fault has a place in the text', isWithin(source.at, text), () => `${source.at} of ${text.length}`);
    holds('a fault says what is wrong in one line', isLine(source.reason), () => JSON.stringify(source.reason));
    return ONE;
  }
  const { value } = source;
  if (syntax === 'json' && !/\/[/*]/.test(text)) agrees('JSON reads as everywhere', plain(value), JSON.parse(text));
  // What the strict reader took for JSON is read from its own text again, the same.
  const again = readJsonSource(JSON.stringify(value));
  agrees('what is read can be written and read', again.kind === 'value' ? again.value : again, value);
  const compiled = inTime('compiling', text.length, () => compilePolicy(value, 'policy', PARSERS));
  if (compiled.kind === 'policy') return { ...ONE, compiled: 1 };
  const places = source.places();
  const starts = lineStarts(text);
  for (const { pointer } of compiled.problems) {
    const at = offsetOf(places, pointer);
    const { line, column } = positionIn(starts, at);
    const isPlaced = isWithin(at, text) && line >= 1 && line <= starts.length && column >= 1;
    holds('a problem has a place in the text', isPlaced, () => `${pointer} at ${at}, ${line}:${column}`);
  }
  return ONE;
}

function isWithin(at: number, text: string): boolean {
  return Number.isInteger(at) && at >= 0 && at <= text.length;
}

export function isLine(text: string): boolean {
  return text !== '' && !/[\n\r]/.test(text);
}

/** With the prototypes that `JSON.parse` gives. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
