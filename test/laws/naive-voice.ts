import type { Effect, Reservation, RuleRef, Stage } from '../../src/policy/decision.ts';
import type { Json } from '../../src/wire/json.ts';
import { canonicalJson } from '../../src/wire/write-json.ts';
import { member } from './naive-list.ts';

/** The order in which rules of one effect are named. */
const STAGES: readonly Stage[] = [
  'arguments',
  'hide',
  'default',
  'action',
  'deny_if',
  'require',
  'validate',
  'limit',
  'approve_if',
];

/** One set of rules that applies: an entry, or `all_tools`. */
export interface Place {
  readonly document: 'baseline' | 'policy';
  readonly table: 'entry' | 'all_tools';
}

/** One rule that spoke, with all that decides whether it is named. */
export interface Voice {
  readonly effect: Effect;
  readonly stage: Stage;
  readonly place: Place;
  readonly rule: RuleRef;
  readonly text: string;
}

/** All that one document, or one set of rules, has to say. */
export interface Spoken {
  readonly voices: readonly Voice[];
  readonly limits: readonly { readonly voice: Voice; readonly reservation: Reservation }[];
}

export function say(effect: Effect, stage: Stage, place: Place, pointer: string, raw: Json): Voice {
  const id = member({ raw }, 'raw')['id'];
  const rule: RuleRef = { document: place.document, pointer, id: typeof id === 'string' ? id : undefined };
  return { effect, stage, place, rule, text: canonicalJson(raw) };
}

export function compareVoices(a: Voice, b: Voice): number {
  return (
    STAGES.indexOf(a.stage) - STAGES.indexOf(b.stage) ||
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
