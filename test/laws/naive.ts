import type {
  CounterKey,
  Effect,
  Facts,
  Reservation,
  RuleRef,
  Stage,
  Subject,
  Target,
} from '../../src/policy/decision.ts';
import type { Call } from '../../src/wire/call.ts';
import type { JsonObject } from '../../src/wire/json.ts';
import { talliesOf } from './naive-count.ts';
import { aimOf, isDevious } from './naive-entry.ts';
import { hear, type IsInShadow } from './naive-hear.ts';
import { type Scene, sceneOf } from './naive-scene.ts';
import { ifEnforced, inForce, shadowsOn } from './naive-shadow.ts';
import { compareVoices, say } from './naive-voice.ts';

/** The raw documents, in the order in which they are asked. */
export interface Documents {
  readonly policy: JsonObject;
  readonly baseline: JsonObject | undefined;
}

/** What was said of a call. */
export interface Sentence {
  readonly effect: Effect;
  readonly hidden: boolean;
  readonly stage: Stage;
  /** Every rule that has the winning effect, the named one first. */
  readonly rules: readonly RuleRef[];
  readonly named: RuleRef;
  readonly reservations: readonly Reservation[];
}

export interface Verdict extends Sentence {
  readonly tallies: readonly CounterKey[];
  readonly shadow: Sentence | undefined;
  /** The keys of all counts that the judgement rests on. */
  readonly consulted: ReadonlySet<string>;
}

const STRICTEST: readonly Effect[] = ['deny', 'require_approval', 'allow'];

/** Reads the raw documents anew for one call, the slowest obvious way. */
export function judge(documents: Documents, subject: Subject, call: Call, target: Target, facts: Facts): Verdict {
  const scene = sceneOf(subject, call, target, facts);
  const enforced = sentenceOf(mapped(documents, inForce), scene, () => false);
  return {
    ...enforced,
    tallies: enforced.effect === 'deny' ? [] : talliesOf(documents, subject, call),
    shadow: enforced.effect === 'deny' ? undefined : shadowOf(documents, scene),
    consulted: scene.consulted,
  };
}

export function mapped({ policy, baseline }: Documents, change: (document: JsonObject) => JsonObject): Documents {
  return { policy: change(policy), baseline: baseline && change(baseline) };
}

/** What would have been said; its reservations are those of the limits in shadow alone. */
function shadowOf(documents: Documents, scene: Scene): Sentence | undefined {
  const aim = aimOf(scene.call, scene.target);
  const places = {
    policy: shadowsOn(documents.policy, aim),
    baseline: documents.baseline ? shadowsOn(documents.baseline, aim) : [],
  };
  if (places.policy.length + places.baseline.length === 0) return undefined;
  const isInShadow: IsInShadow = (which, pointer) =>
    places[which].some((place) => place === '' || pointer.startsWith(`${place}/`));
  const sentence = sentenceOf(mapped(documents, ifEnforced), scene, isInShadow);
  const reservations = sentence.reservations.filter(({ rule }) => isInShadow(rule.document, rule.pointer));
  return { ...sentence, reservations };
}

function sentenceOf(documents: Documents, scene: Scene, isInShadow: IsInShadow): Sentence {
  const { kind, name } = scene.call;
  const spoken = [hear(documents.policy, 'policy', scene, isInShadow)];
  if (documents.baseline) spoken.push(hear(documents.baseline, 'baseline', scene, isInShadow));
  const voices = spoken.flatMap((one) => one.voices);
  if (kind === 'resource' && isDevious(name))
    voices.push(say('deny', 'arguments', { document: 'policy', table: 'entry' }, '(arguments)', null));
  const effect = STRICTEST.find((candidate) => voices.some((voice) => voice.effect === candidate)) ?? 'deny';
  const winners = voices.filter((voice) => voice.effect === effect).sort(compareVoices);
  const named = winners[0];
  if (named === undefined) throw new Error('naive engine: nothing spoke');
  const limits = spoken.flatMap((one) => one.limits).sort((a, b) => compareVoices(a.voice, b.voice));
  return {
    effect,
    hidden: named.stage === 'hide',
    stage: named.stage,
    rules: winners.map((voice) => voice.rule),
    named: named.rule,
    reservations: effect === 'deny' ? [] : limits.map((limit) => limit.reservation),
  };
}
