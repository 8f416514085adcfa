import type { CallKind } from '../../src/wire/call.ts';
import type { JsonObject } from '../../src/wire/json.ts';
import type { Documents } from './naive.ts';
import { list } from './naive-condition.ts';
import { isInHide, member, speaker } from './naive-entry.ts';
import { limitsOf } from './naive-limit.ts';

/** Law 8 word for word: left out exactly when refused whatever the arguments, time, session and counters. */
export function isListed(documents: Documents, kind: CallKind, name: string): boolean {
  const all = [documents.policy, ...(documents.baseline ? [documents.baseline] : [])];
  if (kind === 'tool' && all.some((document) => isHidden(document, name))) return false;
  if (documents.policy['list'] === 'all') return true;
  return !all.some((document) => isRefused(document, kind, name));
}

function applying(document: JsonObject, name: string): JsonObject[] {
  const key = speaker(document, name);
  return [member(document, 'all_tools'), ...(key === undefined ? [] : [member(document['tools'], key)])];
}

function isHidden(document: JsonObject, name: string): boolean {
  return isInHide(document, name) || applying(document, name).some((rules) => rules['action'] === 'hide');
}

function isRefused(document: JsonObject, kind: CallKind, name: string): boolean {
  if (kind !== 'tool' || speaker(document, name) === undefined) {
    if (document['default'] === 'deny') return true;
    if (kind !== 'tool') return false;
  }
  return applying(document, name).some(
    (rules) =>
      rules['action'] === 'deny' ||
      list(rules, 'deny_if').some((entry) => list(entry, 'conditions').length === 0) ||
      limitsOf(rules, '', '').some((limit) => Number(limit.raw['max']) < 1),
  );
}
