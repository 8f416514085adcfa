import type { Facts, Subject, Target } from '../../src/policy/decision.ts';
import type { Call } from '../../src/wire/call.ts';
import { type JsonObject, objectOf } from '../../src/wire/json.ts';
import { countKey } from './naive-count.ts';
import { localTime } from './naive-time.ts';

/** What the roots of paths stand for in one call; the time comes by zone. */
export interface Scene {
  readonly subject: Subject;
  readonly call: Call;
  readonly target: Target;
  readonly at: number;
  readonly roots: JsonObject;
  /** Whether anything is known of what the server says of the tool. */
  readonly isDefined: boolean;
  /** The keys of the counts that were looked up. */
  readonly consulted: Set<string>;
  timeIn(zone: string): JsonObject;
  /** How many calls were let through; undefined where no one knows. */
  callsOf(of: 'grant' | 'session', tool: string, within: number): number | undefined;
}

/** What the roots `args`, `tool`, `grant`, `client` and `time` stand for in one call. */
export function sceneOf(subject: Subject, call: Call, target: Target, facts: Facts): Scene {
  const { grant, client } = subject;
  const consulted = new Set<string>();
  return {
    subject,
    call,
    target,
    at: facts.at,
    roots: {
      args: call.args,
      tool: { name: call.name, class: target.class, annotations: target.definition?.annotations ?? {} },
      grant: { name: grant.name, owner: grant.owner, labels: objectOf(Object.entries(grant.labels)) },
      client: objectOf(
        Object.entries(client).flatMap(([key, word]) => (word === undefined ? [] : [[key, word] as const])),
      ),
    },
    isDefined: target.definition !== undefined,
    consulted,
    timeIn: (zone) => {
      const { hour, weekday, date } = localTime(facts.at, zone);
      return { hour, weekday, date };
    },
    callsOf: (of, tool, within) => {
      const key = countKey(subject, of, tool, within);
      consulted.add(key);
      return facts.calls.get(key);
    },
  };
}
