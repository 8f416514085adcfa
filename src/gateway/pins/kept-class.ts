import type { Classification, Evidence } from '../../catalogue/classification.ts';
import { SEVERITIES } from '../../catalogue/classification.ts';
import { CLASSES } from '../../policy/words.ts';
import { isArray, isObject, type Json, type JsonObject, objectOf } from '../../wire/json.ts';
import { RELAY, readJson } from '../../wire/read-json.ts';
import { canonicalJson } from '../../wire/write-json.ts';

/** What a definition was taken to be able to do when it was first seen, and why. Kept with it, and frozen when it is pinned. */
export interface KeptClass
  extends Pick<Classification, 'class' | 'severity' | 'reason' | 'evidence' | 'by' | 'version'> {
  /** The server of the catalogue that it was taken for; undefined where it was known as none. */
  readonly catalogue: string | undefined;
}

/** The definition, as its server lists it, with what it can do. Never throws. */
export type ClassifyTool = (tool: JsonObject) => KeptClass;

/** Pieces of evidence, and characters of a text, that are kept. */
const MOST_EVIDENCE = 6;
const LONGEST = 300;
const FROM: readonly Evidence['from'][] = ['name', 'description', 'schema', 'annotations', 'catalogue', 'operator'];
const BY: readonly Classification['by'][] = ['classifier', 'catalogue', 'operator'];

/** What of a classification is kept: servers write what it quotes, as long as they like. */
export function keptClassOf(told: Classification, catalogue: string | undefined): KeptClass {
  const evidence = told.evidence.slice(0, MOST_EVIDENCE).map(({ from, quote, says }) => ({
    from,
    quote: cut(quote),
    says: cut(says),
  }));
  const { severity, by, version } = told;
  return { class: told.class, severity, reason: cut(told.reason), evidence, by, version, catalogue };
}

/** As it is written; it names the definition that it is of, so that it can be taken for no other's. */
export function keptClassText(kept: KeptClass, digest: string): string {
  const told: [string, Json][] = [
    ['of', digest],
    ['class', kept.class],
    ['severity', kept.severity],
    ['reason', kept.reason],
    ['evidence', kept.evidence.map((one) => objectOf(Object.entries(one)))],
    ['by', kept.by],
    ['version', kept.version],
  ];
  if (kept.catalogue !== undefined) told.push(['catalogue', kept.catalogue]);
  return canonicalJson(objectOf(told));
}

/** Reads it again. `other`: it is of another definition than this; undefined: it is none. */
export function keptClassIn(text: string, digest: string): KeptClass | 'other' | undefined {
  const read = readJson(text, RELAY);
  if (read.kind !== 'value' || !isObject(read.value)) return undefined;
  const told = read.value;
  const { of, reason, version, evidence, catalogue } = told;
  if (of !== digest) return 'other';
  const riskClass = CLASSES.find((word) => word === told['class']);
  const severity = SEVERITIES.find((word) => word === told['severity']);
  const by = BY.find((word) => word === told['by']);
  if (riskClass === undefined || severity === undefined || by === undefined || !isArray(evidence)) return undefined;
  if (typeof reason !== 'string' || typeof version !== 'string') return undefined;
  const from = typeof catalogue === 'string' ? catalogue : undefined;
  return { class: riskClass, severity, reason, evidence: evidence.flatMap(evidenceIn), by, version, catalogue: from };
}

function evidenceIn(told: Json): readonly Evidence[] {
  if (!isObject(told)) return [];
  const { quote, says } = told;
  const from = FROM.find((word) => word === told['from']);
  return from === undefined || typeof quote !== 'string' || typeof says !== 'string' ? [] : [{ from, quote, says }];
}

function cut(text: string): string {
  const own = text.toWellFormed();
  return own.length <= LONGEST ? own : `${own.slice(0, LONGEST - 1).toWellFormed()}…`;
}
