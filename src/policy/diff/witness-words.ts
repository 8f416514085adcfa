import { isObject, type Json, objectOf } from '../../wire/json.ts';
import { canonicalJson } from '../../wire/write-json.ts';
import type { Decision } from '../decision.ts';
import { countedTool } from '../look.ts';
import { momentInUtc } from '../moment.ts';
import { quoted } from '../problem.ts';
import type { Witness } from './find-witnesses.ts';

const MOST = 200;

/** One line: which call, what it was answered before, and what it is answered now. */
export function witnessWords(witness: Witness, usualAt: number): string {
  return `a call ${circumstances(witness, usualAt)} was ${answer(witness.before)}, is now ${answer(witness.after)}`;
}

function circumstances({ probe: { args, caller, at, calls } }: Witness, usualAt: number): string {
  const { grant, client } = caller;
  const text = canonicalJson(args);
  const labels = Object.entries(grant.labels);
  return [
    `with ${text.length > MOST ? `${text.slice(0, MOST).toWellFormed()}…` : text}`,
    ...(grant.name === 'local' ? [] : [`by the grant ${quoted(grant.name)}`]),
    ...(grant.owner === 'local' ? [] : [`of the owner ${quoted(grant.owner)}`]),
    ...labels.map(([name, value]) => `labelled ${quoted(name)} ${quoted(value)}`),
    ...(client.name === undefined ? [] : [`from the client ${quoted(client.name)}`]),
    ...(client.version === undefined ? [] : [`of version ${quoted(client.version)}`]),
    ...(at === usualAt ? [] : [`on ${momentInUtc(at, 'date')} at ${momentInUtc(at, 'hour')} h UTC`]),
    ...[...calls].flatMap(([key, count]) => (count === 0 ? [] : [`after ${count} of ${quoted(countedTool(key))}`])),
  ].join(' ');
}

function answer({ effect, hidden }: Decision): string {
  if (hidden) return 'hidden';
  if (effect === 'allow') return 'allowed';
  return effect === 'deny' ? 'denied' : 'asked of a person';
}

/** The same as plain JSON. */
export function witnessJson({ direction, probe, before, after }: Witness): Json {
  const { args, caller, at, calls } = probe;
  const { labels, name, owner } = caller.grant;
  const client = objectOf(
    Object.entries(caller.client).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])),
  );
  return objectOf([
    ['direction', direction],
    ['args', args],
    ['grant', objectOf([...entries({ name, owner }), ['labels', objectOf(Object.entries(labels))]])],
    ...(isObject(client) && Object.keys(client).length > 0 ? [['client', client] as const] : []),
    ['at', at],
    ['calls', objectOf([...calls].map(([key, count]) => [countedTool(key), count] as const))],
    ['before', before.effect],
    ['after', after.effect],
  ]);
}

function entries(texts: Readonly<Record<string, string>>): readonly (readonly [string, Json])[] {
  return Object.entries(texts);
}
