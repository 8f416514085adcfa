import type { Json } from '../wire/json.ts';
import type { Subject } from './decision.ts';
import { type Range, testAlong, type ValueTest, valuesAlong } from './find.ts';
import { isJudgeable, type MomentPart, momentInUtc, momentInZone } from './moment.ts';
import type { FactName, Path } from './path.ts';
import type { CallCount } from './policy.ts';
import type { Scene, Test } from './scene.ts';
import { UNKNOWN } from './truth.ts';

/** A place that a condition looks at: its path, and what else the place depends on. */
export interface Place {
  readonly path: Path;
  readonly zone: Intl.DateTimeFormat | undefined;
  /** For counts of calls. */
  readonly withinMs: number;
}

/** Values shown to those who ask why. */
const MOST_SHOWN = 5;

/** The test of what stands at a place. */
export function testAt({ path, zone, withinMs }: Place, range: Range, test: ValueTest): Test {
  switch (path.root) {
    case 'args': {
      const { steps } = path;
      return (scene) => testAlong(scene.call.args, steps, 0, range, test, scene.work);
    }
    case 'annotations': {
      const { steps } = path;
      return ({ target: { definition }, work }) =>
        definition === undefined ? UNKNOWN : testAlong(definition.annotations, steps, 0, range, test, work);
    }
    case 'label': {
      const { label } = path;
      return (scene) => test(labelOf(scene, label), scene.work);
    }
    case 'calls': {
      const count: CallCount = { of: path.of, tool: path.tool, windowMs: withinMs };
      return (scene) => {
        const calls = scene.facts.calls.get(countKey(count, scene.subject));
        return calls === undefined ? UNKNOWN : test(calls, scene.work);
      };
    }
    case 'fact':
      return factTest(path.fact, zone, test);
  }
}

/** The first values that stand at a place. */
export function seenAt(place: Place, scene: Scene): readonly Json[] {
  const { path, zone, withinMs } = place;
  switch (path.root) {
    case 'args':
      return valuesAlong(scene.call.args, path.steps, MOST_SHOWN);
    case 'annotations':
      return valuesAlong(scene.target.definition?.annotations, path.steps, MOST_SHOWN);
    case 'label':
      return present(labelOf(scene, path.label));
    case 'calls': {
      const count: CallCount = { of: path.of, tool: path.tool, windowMs: withinMs };
      return present(scene.facts.calls.get(countKey(count, scene.subject)));
    }
    case 'fact':
      return present(factOf(path.fact, zone, scene));
  }
}

/** The identity of a counter of let-through calls. */
export function countKey({ of, tool, windowMs }: CallCount, { server, grant, session }: Subject): string {
  return JSON.stringify([server, 'calls', tool, windowMs, of, of === 'grant' ? grant.name : [grant.name, session]]);
}

/** The tool whose calls a counter of `countKey` counts. */
export function countedTool(key: string): string {
  return countedBy(key).tool;
}

/** What a counter of `countKey` counts. */
export function countedBy(key: string): Pick<CallCount, 'tool' | 'of'> {
  const parts: unknown = JSON.parse(key);
  const [, , tool, , of] = Array.isArray(parts) ? parts : [];
  return { tool: String(tool), of: of === 'session' ? 'session' : 'grant' };
}

/** The value of a fact; undefined where there is none. */
export function factOf(fact: FactName, zone: Intl.DateTimeFormat | undefined, scene: Scene): Json | undefined {
  switch (fact) {
    case 'tool.name':
      return scene.call.name;
    case 'tool.class':
      return scene.target.class;
    case 'grant.name':
      return scene.subject.grant.name;
    case 'grant.owner':
      return scene.subject.grant.owner;
    case 'client.name':
      return scene.subject.client.name;
    case 'client.version':
      return scene.subject.client.version;
    case 'time.hour':
      return momentOf('hour', zone, scene);
    case 'time.weekday':
      return momentOf('weekday', zone, scene);
    case 'time.date':
      return momentOf('date', zone, scene);
  }
}

export function labelOf({ subject }: Scene, label: string): string | undefined {
  const { labels } = subject.grant;
  return Object.hasOwn(labels, label) ? labels[label] : undefined;
}

function factTest(fact: FactName, zone: Intl.DateTimeFormat | undefined, test: ValueTest): Test {
  if (!fact.startsWith('time.')) return (scene) => test(factOf(fact, zone, scene), scene.work);
  return (scene) => (isJudgeable(scene.facts.at) ? test(factOf(fact, zone, scene), scene.work) : UNKNOWN);
}

function momentOf(part: MomentPart, zone: Intl.DateTimeFormat | undefined, { facts: { at } }: Scene): Json | undefined {
  if (!isJudgeable(at)) return undefined;
  return zone === undefined ? momentInUtc(at, part) : momentInZone(at, part, zone);
}

function present(value: Json | undefined): readonly Json[] {
  return value === undefined ? [] : [value];
}
