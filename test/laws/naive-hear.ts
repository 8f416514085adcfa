import type { JsonObject } from '../../src/wire/json.ts';
import { judgeEntry } from './naive-condition.ts';
import { aimOf, isInHide, requestKey, speakerOf } from './naive-entry.ts';
import { doesCount, isImpossible, limitsOf, measureOf, reservationOf } from './naive-limit.ts';
import { list, member } from './naive-list.ts';
import type { Scene } from './naive-scene.ts';
import { type Place, type Spoken, say, type Voice } from './naive-voice.ts';

/** Which limits are counted apart: those at pointers that stand in shadow. */
export type IsInShadow = (document: Place['document'], pointer: string) => boolean;

/** All that one document says of one call. */
export function hear(document: JsonObject, which: Place['document'], scene: Scene, isInShadow: IsInShadow): Spoken {
  const aim = aimOf(scene.call, scene.target);
  const entry: Place = { document: which, table: 'entry' };
  const request = requestKey(document, aim);
  if (request !== undefined) {
    const effect = member(document, 'requests')[request] === 'allow' ? 'allow' : 'deny';
    return { voices: [say(effect, 'action', entry, `/requests/${request}`, null)], limits: [] };
  }
  const spoken: Spoken[] = [];
  if (aim.kind === 'tool') {
    if (isInHide(document, aim.name))
      spoken.push({ voices: [say('deny', 'hide', entry, '(hidden)', null)], limits: [] });
    const all: Place = { document: which, table: 'all_tools' };
    spoken.push(hearRules(member(document, 'all_tools'), all, '/all_tools', ''));
  }
  const speaker = speakerOf(document, aim);
  if (speaker === undefined) spoken.push({ voices: [defaultVoice(document, entry)], limits: [] });
  else spoken.push(hearRules(speaker.rules, entry, speaker.pointer, speaker.key));
  return { voices: spoken.flatMap((part) => part.voices), limits: spoken.flatMap((part) => part.limits) };

  function hearRules(rules: JsonObject, place: Place, at: string, counted: string): Spoken {
    const said = [...hearAction(rules, place, at), ...hearClauses(rules, place, at, scene)];
    const limits: { voice: Voice; reservation: Spoken['limits'][number]['reservation'] }[] = [];
    for (const limit of limitsOf(rules, at, counted)) {
      const voice = say('deny', 'limit', place, limit.pointer, limit.raw);
      if (!doesCount(limit, scene)) continue;
      const measure = measureOf(limit, scene);
      if (measure === 'refused' || isImpossible(limit)) {
        said.push(voice);
        continue;
      }
      const reason = limit.raw['reason'] ?? rules['reason'];
      const counting = { rule: voice.rule, reason, isInShadow: isInShadow(which, limit.pointer), ...measure };
      limits.push({ voice, reservation: reservationOf(limit, counting, scene) });
    }
    return { voices: said, limits };
  }
}

/** A document in shadow allows in its own name. */
function defaultVoice(document: JsonObject, place: Place): Voice {
  if (document['mode'] === 'shadow') return say('allow', 'default', place, '/mode', null);
  if (document['default'] === 'allow') return say('allow', 'default', place, '/default', null);
  return say('deny', 'default', place, '(default deny)', null);
}

function hearAction(rules: JsonObject, place: Place, at: string): Voice[] {
  switch (rules['action']) {
    case 'hide':
      return [say('deny', 'hide', place, '(hidden)', null)];
    case 'deny':
      return [say('deny', 'action', place, `${at}/action`, null)];
    case 'require_approval':
      return [say('require_approval', 'action', place, `${at}/action`, null)];
    case 'allow':
      return place.table === 'entry' ? [say('allow', 'action', place, `${at}/action`, null)] : [];
    default:
      return place.table === 'entry' ? [say('allow', 'action', place, at, null)] : [];
  }
}

function hearClauses(rules: JsonObject, place: Place, at: string, scene: Scene): Voice[] {
  const said: Voice[] = [];
  for (const [index, raw] of list(rules, 'deny_if').entries())
    if (judgeEntry(raw, scene, 'deny_if') !== 'false')
      said.push(say('deny', 'deny_if', place, `${at}/deny_if/${index}`, raw));
  for (const [index, raw] of list(rules, 'require').entries())
    if (judgeEntry(raw, scene, 'require') !== 'true')
      said.push(say('deny', 'require', place, `${at}/require/${index}`, raw));
  if (!isValid(rules, scene)) said.push(say('deny', 'validate', place, `${at}/validate`, null));
  for (const [index, raw] of list(rules, 'approve_if').entries())
    if (judgeEntry(raw, scene, 'approve_if') !== 'false')
      said.push(say('require_approval', 'approve_if', place, `${at}/approve_if/${index}`, raw));
  return said;
}

/** Whether the arguments satisfy the tool's own schema, where the rules ask for it. */
export function isValid(rules: JsonObject, scene: Scene): boolean {
  const how = rules['validate'];
  if (how !== 'schema' && how !== 'strict') return true;
  const schema = scene.target.definition?.input();
  return schema?.kind === 'schema' && schema.check(scene.call.args, how) === undefined;
}
