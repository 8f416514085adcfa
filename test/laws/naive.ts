import type { Effect, Facts, Reservation, RuleRef, Subject, Target } from '../../src/policy/decision.ts';
import type { Call } from '../../src/wire/call.ts';
import type { Json, JsonObject } from '../../src/wire/json.ts';
import { canonicalJson } from '../../src/wire/write-json.ts';
import { judgeEntry, list, type Scene } from './naive-condition.ts';
import { escaped, isInHide, member, speaker } from './naive-entry.ts';
import { limitsOf, reservationOf } from './naive-limit.ts';
import { sceneOf } from './naive-scene.ts';

/** The raw documents, in the order in which they are asked. */
export interface Documents {
  readonly policy: JsonObject;
  readonly baseline: JsonObject | undefined;
}

export interface Verdict {
  readonly effect: Effect;
  readonly hidden: boolean;
  /** Every rule that has the winning effect, the named one first. */
  readonly rules: readonly RuleRef[];
  readonly named: RuleRef;
  readonly reservations: readonly Reservation[];
}

/** The order in which rules of one effect are named. */
const RANKS = ['hide', 'default', 'action', 'deny_if', 'require', 'limits', 'approval'] as const;
type Rank = (typeof RANKS)[number];

/** One rule that spoke, with all that decides whether it is named. */
interface Voice {
  readonly effect: Effect;
  readonly rank: Rank;
  readonly place: Place;
  readonly rule: RuleRef;
  readonly text: string;
}

/** One set of rules that applies: an entry, or `all_tools`. */
interface Place {
  readonly document: 'baseline' | 'policy';
  readonly table: 'entry' | 'all_tools';
}

interface Spoken {
  readonly voices: readonly Voice[];
  readonly limits: readonly { readonly voice: Voice; readonly reservation: Reservation }[];
}

const STRICTEST: readonly Effect[] = ['deny', 'require_approval', 'allow'];

/** Reads the raw documents anew for one call, the slowest obvious way. */
export function judge(documents: Documents, subject: Subject, call: Call, target: Target, facts: Facts): Verdict {
  const scene = sceneOf(subject, call, target, facts);
  const spoken: Spoken[] = [];
  if (documents.baseline) spoken.push(hear(documents.baseline, 'baseline', subject, call, scene));
  spoken.push(hear(documents.policy, 'policy', subject, call, scene));
  const voices = spoken.flatMap((one) => one.voices);
  const effect = STRICTEST.find((candidate) => voices.some((voice) => voice.effect === candidate)) ?? 'deny';
  const winners = voices.filter((voice) => voice.effect === effect).sort(compareVoices);
  const named = winners[0];
  if (named === undefined) throw new Error('naive engine: nothing spoke');
  const limits = spoken.flatMap((one) => one.limits).sort((a, b) => compareVoices(a.voice, b.voice));
  return {
    effect,
    hidden: named.rank === 'hide',
    rules: winners.map((voice) => voice.rule),
    named: named.rule,
    reservations: effect === 'allow' ? limits.map((limit) => limit.reservation) : [],
  };
}

function hear(document: JsonObject, which: Place['document'], subject: Subject, call: Call, scene: Scene): Spoken {
  const entry: Place = { document: which, table: 'entry' };
  const byDefault = document['default'] === 'allow' ? 'allow' : 'deny';
  const fallback = say(byDefault, 'default', entry, byDefault === 'allow' ? '/default' : '(default deny)', null);
  if (call.kind !== 'tool') return { voices: [fallback], limits: [] };

  const voices: Voice[] = isInHide(document, call.name) ? [say('deny', 'hide', entry, '(hidden)', null)] : [];
  const key = speaker(document, call.name);
  if (key === undefined) voices.push(fallback);
  const parts = [
    hearRules(member(document, 'all_tools'), { document: which, table: 'all_tools' }, '/all_tools', 'all_tools'),
  ];
  if (key !== undefined) parts.push(hearRules(member(document['tools'], key), entry, `/tools/${escaped(key)}`, key));
  return { voices: [...voices, ...parts.flatMap((p) => p.voices)], limits: parts.flatMap((p) => p.limits) };

  function hearRules(rules: JsonObject, place: Place, at: string, counted: string): Spoken {
    const said = hearAction(rules, place, at);
    for (const [index, raw] of list(rules, 'deny_if').entries())
      if (judgeEntry(raw, scene, 'deny_if') !== 'false')
        said.push(say('deny', 'deny_if', place, `${at}/deny_if/${index}`, raw));
    for (const [index, raw] of list(rules, 'require').entries())
      if (judgeEntry(raw, scene, 'require') !== 'true')
        said.push(say('deny', 'require', place, `${at}/require/${index}`, raw));
    const limits = limitsOf(rules, at, counted).map((limit) => {
      const voice = say('deny', 'limits', place, limit.pointer, limit.raw);
      const reason = limit.raw['reason'] ?? rules['reason'];
      return { voice, reservation: reservationOf(limit, voice.rule, subject, reason) };
    });
    for (const { voice, reservation } of limits) if (reservation.max < 1) said.push(voice);
    return { voices: said, limits };
  }
}

function hearAction(rules: JsonObject, place: Place, at: string): Voice[] {
  switch (rules['action']) {
    case 'hide':
      return [say('deny', 'hide', place, '(hidden)', null)];
    case 'deny':
      return [say('deny', 'action', place, `${at}/action`, null)];
    case 'require_approval':
      return [say('require_approval', 'approval', place, `${at}/action`, null)];
    case 'allow':
      return place.table === 'entry' ? [say('allow', 'action', place, `${at}/action`, null)] : [];
    default:
      return place.table === 'entry' ? [say('allow', 'action', place, at, null)] : [];
  }
}

function say(effect: Effect, rank: Rank, place: Place, pointer: string, raw: Json): Voice {
  const id = member({ raw }, 'raw')['id'];
  const rule: RuleRef = { document: place.document, pointer, id: typeof id === 'string' ? id : undefined };
  return { effect, rank, place, rule, text: canonicalJson(raw) };
}

function compareVoices(a: Voice, b: Voice): number {
  return (
    RANKS.indexOf(a.rank) - RANKS.indexOf(b.rank) ||
    compareText(a.place.document, b.place.document) ||
    -compareText(a.place.table, b.place.table) ||
    compareIds(a.rule.id, b.rule.id) ||
    compareText(a.text, b.text)
  );
}

function compareIds(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return compareText(a, b);
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
