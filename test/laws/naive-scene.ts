import type { Facts, Subject, Target } from '../../src/policy/decision.ts';
import type { Call } from '../../src/wire/call.ts';
import { type JsonObject, objectOf } from '../../src/wire/json.ts';
import type { Scene } from './naive-condition.ts';

/** What the roots `args`, `tool`, `grant`, `client` and `time` stand for in one call. */
export function sceneOf(subject: Subject, call: Call, target: Target, facts: Facts): Scene {
  const { grant, client } = subject;
  return {
    roots: {
      args: call.args,
      tool: { name: call.name, class: target.class },
      grant: { name: grant.name, owner: grant.owner, labels: objectOf(Object.entries(grant.labels)) },
      client: objectOf(
        Object.entries(client).flatMap(([key, word]) => (word === undefined ? [] : [[key, word] as const])),
      ),
    },
    timeIn: (zone) => timeOf(facts.at, zone),
  };
}

/** Hour 0–23, weekday, and ISO date of an instant in a zone. */
function timeOf(at: number, zone: string): JsonObject {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    weekday: 'long',
  });
  const parts = new Map(format.formatToParts(at).map((part) => [part.type, part.value]));
  return {
    hour: Number(parts.get('hour')),
    weekday: String(parts.get('weekday')).toLowerCase(),
    date: `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`,
  };
}
