import fc from 'fast-check';
import type { Json } from '../../src/wire/json.ts';
import { documents, moment } from '../laws/arbitrary.ts';
import { document as documentArbitrary } from '../laws/arbitrary-document.ts';
import { strict } from '../laws/arbitrary-value.ts';
import { aimed } from './aimed.ts';
import { anyJson, wordSalad } from './any-json.ts';
import { anyText } from './any-text.ts';
import { mutated } from './mutated.ts';
import { type Random, randomOf } from './random.ts';
import { type Asked, askedOf, type Trial } from './trial.ts';

/** Trials that follow from one seed. */
const BATCH = 100;

const SCHEMAS: readonly Json[] = [
  {},
  true,
  { type: 'object', properties: { n: { type: 'number' } }, required: ['n'] },
  { type: 'object', properties: { a: { type: ['string', 'null'] }, list: { items: { type: 'number' } } } },
  { properties: { n: {}, account: {} }, additionalProperties: false },
  { $ref: '#/$defs/x', $defs: { x: { maxProperties: 3 } } },
  false,
  { type: 'nonsense' },
  { $ref: 'https://example.com/elsewhere' },
  { properties: { a: { pattern: '^(a+)+$' } } },
  null,
].map(strict);

/** The trials of a seed, the same ones always. */
export function trialsOf(seed: number): readonly Trial[] {
  const random = randomOf(seed);
  const made = fc.sample(documents, { numRuns: BATCH, seed });
  const donors = fc.sample(documentArbitrary, { numRuns: 10, seed: seed + 1 });
  const moments = fc.sample(moment, { numRuns: BATCH, seed });
  return made.map((one, at) => {
    const asked = moments[at];
    const donor = donors[at % donors.length] ?? null;
    if (asked === undefined) throw new Error('fewer moments than documents');
    const own = askedOf(asked, SCHEMAS[random.below(SCHEMAS.length)] ?? true);
    // Half of them come with a baseline as generated; one that breaks is the policy, so that it is seen alone.
    return trial(one.policy, one.baseline ?? null, donor, own, random);
  });
}

function trial(policy: Json, baseline: Json, donor: Json, own: Asked, random: Random): Trial {
  switch (random.below(20)) {
    case 0:
    case 1:
      return anyText(random.isOneIn(3) ? mutated(policy, donor, random) : policy, random);
    case 2:
      return withCalls(anyJson(random, 6), null, own, random);
    case 3:
    case 4:
      return withCalls(wordSalad(random), null, own, random);
    case 5:
    case 6:
    case 7:
    case 8:
    case 9:
    case 10:
    case 11:
      return withCalls(mutated(policy, donor, random), random.isOneIn(3) ? baseline : null, own, random);
    case 12:
      return withCalls(policy, mutated(donor, policy, random), own, random);
    default:
      return withCalls(policy, baseline, own, random);
  }
}

/** Three calls for each: as generated, and aimed at what each document says. */
function withCalls(policy: Json, baseline: Json, own: Asked, random: Random): Trial {
  const asked = [own, aimed(own, policy, random), aimed(own, baseline ?? policy, random)];
  return { kind: 'documents', policy, baseline, asked };
}
