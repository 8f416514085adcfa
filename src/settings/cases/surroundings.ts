import type { RiskClass, Subject } from '../../policy/decision.ts';
import { CLASSES } from '../../policy/words.ts';
import { type Item, member, namedItems, type Reading, say } from '../reading.ts';
import { onlyKeys, textIn, timeIn, wordOf } from './fields.ts';

/** Who calls where and when, as long as a case says nothing else. */
export interface Surroundings {
  readonly subject: Subject;
  readonly at: number;
  /** Of tools by name. */
  readonly classes: ReadonlyMap<string, RiskClass>;
  /** Of all other tools. */
  readonly class: RiskClass;
}

export const SURROUNDING_KEYS = ['server', 'grant', 'client', 'session', 'at', 'class'] as const;

/** Cases that say no time are judged at one fixed noon, so that they say the same tomorrow. */
export const PLAIN: Surroundings = {
  subject: {
    grant: { name: 'laptop', owner: 'alice', labels: {} },
    server: 'flows',
    session: 's-1',
    client: { name: undefined, version: undefined },
  },
  at: Date.UTC(2026, 3, 1, 12),
  classes: new Map(),
  class: 'unknown',
};

/** What an object says of the surroundings, laid over those around it. */
export function surroundingsIn(reading: Reading, item: Item, around: Surroundings): Surroundings {
  const { subject } = around;
  return {
    subject: {
      grant: grantIn(reading, member(item, 'grant'), subject.grant),
      server: textIn(reading, item, 'server') ?? subject.server,
      session: textIn(reading, item, 'session') ?? subject.session,
      client: clientIn(reading, member(item, 'client')) ?? subject.client,
    },
    at: timeIn(reading, item, 'at') ?? around.at,
    classes: classesIn(reading, member(item, 'classes'), around.classes),
    class: around.class,
  };
}

export function classIn(reading: Reading, item: Item): RiskClass | undefined {
  return wordOf(reading, member(item, 'class'), CLASSES);
}

/** What a case's grant leaves out is that of the file. */
function grantIn(reading: Reading, item: Item | undefined, around: Subject['grant']): Subject['grant'] {
  if (item === undefined || !onlyKeys(reading, item, ['name', 'owner', 'labels'])) return around;
  const labels = member(item, 'labels');
  return {
    name: textIn(reading, item, 'name') ?? around.name,
    owner: textIn(reading, item, 'owner') ?? around.owner,
    labels: labels === undefined ? around.labels : labelsIn(reading, labels),
  };
}

function labelsIn(reading: Reading, item: Item): Readonly<Record<string, string>> {
  const labels: [string, string][] = [];
  for (const { name, value, pointer } of namedItems(reading, item)) {
    if (typeof value === 'string') labels.push([name, value]);
    else say(reading, pointer, 'must be a text');
  }
  return Object.fromEntries(labels);
}

function clientIn(reading: Reading, item: Item | undefined): Subject['client'] | undefined {
  if (item === undefined || !onlyKeys(reading, item, ['name', 'version'])) return undefined;
  return { name: textIn(reading, item, 'name'), version: textIn(reading, item, 'version') };
}

function classesIn(reading: Reading, item: Item | undefined, around: Surroundings['classes']): Surroundings['classes'] {
  if (item === undefined) return around;
  const classes = new Map(around);
  for (const tool of namedItems(reading, item)) {
    const word = wordOf(reading, tool, CLASSES);
    if (word !== undefined) classes.set(tool.name, word);
  }
  return classes;
}
