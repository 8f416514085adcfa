import { isArray, type Json, objectOf } from '../../wire/json.ts';
import { canonicalJson } from '../../wire/write-json.ts';
import type { Place } from '../look.ts';
import { nearDay } from '../near-day.ts';
import { type Form, leavesOf } from './form.ts';
import type { Leaf } from './leaf.ts';
import type { View } from './view.ts';

/** A place that rules look at, and values worth trying there; undefined for an absent one. */
export interface Setting {
  readonly place: Place;
  readonly values: readonly (Json | undefined)[];
}

const MAX_SETTINGS = 16;
const MAX_OWN = 14;
const MAX_SHARED = 8;
const ODD_VALUES: readonly (Json | undefined)[] = [undefined, 'x', 1, true, Object.freeze([]), objectOf([])];

/** The places that the rules of both versions look at, those first where the versions differ. */
export function settingsOf(before: View, after: View): readonly Setting[] {
  const [old, young] = [gather(before), gather(after)];
  const settings: (Setting & { readonly own: number })[] = [];
  for (const key of new Set([...old.keys(), ...young.keys()])) {
    const [a, b] = [old.get(key), young.get(key)];
    const place = a?.place ?? b?.place;
    if (place === undefined) continue;
    const [one, other] = [a?.values ?? new Map(), b?.values ?? new Map()];
    const own = [...only(one, other), ...only(other, one)];
    const shared = [...one].flatMap(([text, value]) => (other.has(text) ? [value] : []));
    const values = [...own.slice(0, MAX_OWN), ...shared.slice(0, MAX_SHARED), ...ODD_VALUES];
    settings.push({ place, values, own: own.length });
  }
  return settings.sort((a, b) => Number(b.own > 0) - Number(a.own > 0)).slice(0, MAX_SETTINGS);
}

interface Gathered {
  readonly place: Place;
  readonly values: Map<string, Json>;
}

function only(values: ReadonlyMap<string, Json>, others: ReadonlyMap<string, Json>): readonly Json[] {
  const found = [...values].flatMap(([text, value]) => (others.has(text) ? [] : [value]));
  return found.slice(0, MAX_OWN / 2);
}

function gather(view: View): ReadonlyMap<string, Gathered> {
  const places = new Map<string, Gathered>();
  const note = (place: Place, key: string, values: readonly Json[]): void => {
    const known = places.get(key) ?? { place, values: new Map<string, Json>() };
    places.set(key, known);
    for (const value of values) known.values.set(canonicalJson(value), value);
  };
  const forms: readonly Form[] = [
    ...[...view.denyIf, ...view.require, ...view.approveIf].map(({ form }) => form),
    ...view.limits.map(({ when }) => when),
  ];
  for (const leaf of forms.flatMap(leavesOf)) note(leaf.place, leaf.placeText, valuesFor(leaf));
  for (const { limit } of view.limits) {
    if (limit.amount !== undefined) note(limit.amount, keyOf(limit.amount), [1, -1]);
    if (limit.per !== undefined) note(limit.per, keyOf(limit.per), ['x']);
  }
  return places;
}

function keyOf({ path }: Place): string {
  return JSON.stringify([path, 'utc', 0]);
}

/** Values at the edges of a comparison, on both sides. */
function valuesFor({ op, value, place: { path } }: Leaf): readonly Json[] {
  const texts = (isArray(value) ? value : [value]).filter((one) => typeof one === 'string');
  switch (op) {
    case 'in':
    case 'not_in':
      return (isArray(value) ? value : []).flatMap(besides);
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      if (typeof value === 'string') return [-1, 0, 1].map((days) => nearDay(value, days));
      return [Number(value), Number(value) - 1, Number(value) + 1, String(Number(value))];
    case 'length_lte':
    case 'length_gte':
      return [0, 1, -1].map((more) => {
        const length = Math.min(Math.max(Number(value) + more, 0), 1_000);
        const isWhole = path.root === 'args' && path.steps.length === 0;
        return isWhole ? ofLength(length) : 'x'.repeat(length);
      });
    case 'url_host_in':
      return texts.map((host) => `https://${host.replace('*', 'www')}/`);
    case 'url_scheme_in':
      return texts.map((scheme) => `${scheme}://example.com/`);
    case 'path_within':
      return texts.flatMap((folder) => [`${folder.replace(/[\\/]+$/, '')}/x`, `${folder.replace(/[\\/]+$/, '')}x`]);
    case 'ip_in':
      return texts.map((range) => range.split('/')[0] ?? range);
    case 'email_domain_in':
      return texts.map((domain) => `someone@${domain.replace('*', 'www')}`);
    case 'starts_with':
      return [value, `${texts[0]}x`, `x${texts[0]}`];
    case 'ends_with':
      return [value, `x${texts[0]}`, `${texts[0]}x`];
    case 'contains':
    case 'not_contains':
      return [...(typeof value === 'string' ? [value] : []), [value]];
    case 'regex':
    case 'not_regex':
      return [plainOf(texts[0] ?? '')];
    case 'sql_only':
      return ['select 1', 'insert into t values (1)', 'update t set a = 1', 'delete from t', 'drop table t'];
    default:
      return [1.5];
  }
}

/** Arguments, so many of them. */
function ofLength(length: number): Json {
  return objectOf(Array.from({ length }, (_, index) => [`x${index}`, 1] as const));
}

function besides(value: Json): readonly Json[] {
  if (typeof value === 'number') return [value, String(value), value + 1];
  return [value];
}

/** A text that many a pattern matches: without anchors, and with one letter for what stands for several. */
function plainOf(pattern: string): string {
  return pattern
    .replace(/^\^|\$$/g, '')
    .replace(/\\([^A-Za-z0-9])/g, '$1')
    .replace(/\\d|\[0-9\]/g, '1')
    .replace(/\.[*+]?|\\w|\[[^\]]*\]/g, 'a')
    .replace(/[*+?]/g, '');
}
