import { isObject, type Json, objectOf } from '../../wire/json.ts';
import { canonicalJson } from '../../wire/write-json.ts';
import type { Decision } from '../decision.ts';
import { momentInUtc } from '../moment.ts';
import { quoted } from '../problem.ts';
import type { Witness } from './find-witnesses.ts';
import type { EarlierCalls } from './probe.ts';

const MOST = 200;
const SECOND = 1_000;
const SECONDS = ['s', SECOND] as const;
const UNITS = [['d', 86_400 * SECOND], ['h', 3_600 * SECOND], ['m', 60 * SECOND], SECONDS] as const;

/** One line: which call, what it was answered before, and what it is answered now. */
export function witnessWords(witness: Witness, usualAt: number): string {
  const words = [subjectOf(witness), ...circumstances(witness, usualAt)].join(' ');
  return `${words} was ${answer(witness.before)}, is now ${answer(witness.after)}`;
}

function subjectOf({ kind, probe: { args } }: Witness): string {
  const text = canonicalJson(args);
  const told = `with ${text.length > MOST ? `${text.slice(0, MOST).toWellFormed()}…` : text}`;
  switch (kind) {
    case 'tool':
      return `a call ${told}`;
    case 'prompt':
      return `getting it ${told}`;
    case 'resource':
      return 'reading it';
    case 'request':
      return 'such a request of the server';
  }
}

function circumstances({ probe: { caller, at, calls } }: Witness, usualAt: number): readonly string[] {
  const { grant, client } = caller;
  const labels = Object.entries(grant.labels);
  return [
    ...(grant.name === 'local' ? [] : [`by the grant ${quoted(grant.name)}`]),
    ...(grant.owner === 'local' ? [] : [`of the owner ${quoted(grant.owner)}`]),
    ...labels.map(([name, value]) => `labelled ${quoted(name)} ${quoted(value)}`),
    ...(client.name === undefined ? [] : [`from the client ${quoted(client.name)}`]),
    ...(client.version === undefined ? [] : [`of version ${quoted(client.version)}`]),
    ...(at === usualAt ? [] : [`on ${momentInUtc(at, 'date')} at ${momentInUtc(at, 'hour')} h UTC`]),
    ...calls.flatMap((one) => (one.count === 0 ? [] : [earlierWords(one)])),
  ];
}

function earlierWords({ of, tool, count, withinMs }: EarlierCalls): string {
  return `after ${count} of ${quoted(tool)} within ${spanWords(withinMs)}${of === 'session' ? ' of its session' : ''}`;
}

function spanWords(ms: number): string {
  const [unit, length] = UNITS.find(([, one]) => ms % one === 0) ?? SECONDS;
  return `${ms / length}${unit}`;
}

function answer({ effect, hidden }: Decision): string {
  if (hidden) return 'hidden';
  if (effect === 'allow') return 'allowed';
  return effect === 'deny' ? 'denied' : 'asked of a person';
}

/** The same as plain JSON. */
export function witnessJson({ direction, kind, probe, before, after }: Witness): Json {
  const { args, caller, at, calls } = probe;
  const { labels, name, owner } = caller.grant;
  const client = objectOf(
    Object.entries(caller.client).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])),
  );
  return objectOf([
    ['direction', direction],
    ...(kind === 'tool' || kind === 'prompt' ? [['args', args] as const] : []),
    ['grant', objectOf([...entries({ name, owner }), ['labels', objectOf(Object.entries(labels))]])],
    ...(isObject(client) && Object.keys(client).length > 0 ? [['client', client] as const] : []),
    ['at', instantText(at)],
    [
      'calls',
      calls.map(({ of, tool, count, withinMs }) =>
        objectOf([...entries({ of, tool, within: spanWords(withinMs) }), ['count', count]]),
      ),
    ],
    ['before', before.effect],
    ['after', after.effect],
  ]);
}

/** `2026-01-05T12:00:00Z` */
function instantText(at: number): string {
  const seconds = Math.floor(at / SECOND);
  const [hours, minutes, rest] = [3_600, 60, 1].map(
    (one, index) => Math.floor(seconds / one) % ([24, 60, 60][index] ?? 1),
  );
  const told = [hours, minutes, rest].map((one) => String(one).padStart(2, '0')).join(':');
  return `${momentInUtc(at, 'date')}T${told}Z`;
}

function entries(texts: Readonly<Record<string, string>>): readonly (readonly [string, Json])[] {
  return Object.entries(texts);
}
