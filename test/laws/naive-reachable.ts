import type { JsonObject } from '../../src/wire/json.ts';
import { type Documents, mapped } from './naive.ts';
import { type Aim, isDevious, isInHide, requestKey, speakerOf } from './naive-entry.ts';
import { isImpossible, limitsOf } from './naive-limit.ts';
import { list, member } from './naive-list.ts';
import { inForce } from './naive-shadow.ts';

/** Law 8 word for word: left out exactly when refused whatever the arguments, time, session and counters. */
export function isListed(documents: Documents, aim: Aim): boolean {
  if (aim.kind === 'resource' && isDevious(aim.name)) return false;
  const { policy, baseline } = mapped(documents, inForce);
  const all = [policy, ...(baseline ? [baseline] : [])];
  if (all.some((document) => isHidden(document, aim))) return false;
  if (policy['list'] === 'all') return true;
  return !all.some((document) => isRefused(document, aim));
}

/** The sets of rules that a document in force applies. */
function applying(document: JsonObject, aim: Aim): JsonObject[] {
  const speaker = speakerOf(document, aim);
  return [...(aim.kind === 'tool' ? [member(document, 'all_tools')] : []), ...(speaker ? [speaker.rules] : [])];
}

export function isHidden(document: JsonObject, aim: Aim): boolean {
  if (aim.kind === 'tool' && isInHide(document, aim.name)) return true;
  return applying(document, aim).some((rules) => rules['action'] === 'hide');
}

function isRefused(document: JsonObject, aim: Aim): boolean {
  const request = requestKey(document, aim);
  if (request !== undefined) return member(document, 'requests')[request] === 'deny';
  if (speakerOf(document, aim) === undefined && document['default'] === 'deny') return true;
  return applying(document, aim).some(
    (rules) =>
      rules['action'] === 'deny' ||
      list(rules, 'deny_if').some((entry) => list(entry, 'conditions').length === 0) ||
      limitsOf(rules, '', '').some(isImpossible),
  );
}
