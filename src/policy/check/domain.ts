import { isObject, type Json } from '../../wire/json.ts';
import { WEEKDAYS } from '../moment.ts';
import { isPattern, matches, readPattern } from '../pattern.ts';
import { CLASSES } from '../words.ts';
import type { Leaf } from './clause.ts';
import type { RuleSet } from './rule-set.ts';
import { isPresent, type Sample, typeOfSample } from './sample.ts';

/** What can stand at a place: which samples, and values that are worth trying. */
export interface Domain {
  readonly values: readonly Json[];
  /** Whether there may be nothing. */
  readonly presence: 'always' | 'maybe';
  holds(sample: Sample): boolean;
}

const HOURS: readonly number[] = Array.from({ length: 24 }, (_, hour) => hour);
const ANY: Domain = { values: [], presence: 'maybe', holds: () => true };
/** The arguments together are always there, if only as an empty object. */
const ALL_ARGUMENTS: Domain = {
  values: [],
  presence: 'always',
  holds: (sample) => sample.kind === 'object' || (sample.kind === 'value' && isObject(sample.value)),
};
const FIRST_DAY = '0001-01-01';
const LAST_DAY = '9999-12-31';

/** What the gateway itself knows of the place that a comparison looks at. */
export function domainOf({ place: { path } }: Leaf, set: RuleSet): Domain {
  switch (path.root) {
    case 'args':
      return path.steps.length === 0 ? ALL_ARGUMENTS : ANY;
    case 'annotations':
      return ANY;
    case 'label':
      return texts('maybe', () => true);
    case 'calls':
      return { values: [], presence: 'always', holds: isCount };
    case 'fact':
      return factDomain(path.fact, set);
  }
}

function factDomain(fact: string, set: RuleSet): Domain {
  switch (fact) {
    case 'time.hour':
      return words(HOURS);
    case 'time.weekday':
      return words(WEEKDAYS);
    case 'tool.class':
      if (set.kind === 'class') return words([set.subject]);
      return words(CLASSES);
    case 'tool.name':
      return nameDomain(set);
    case 'client.name':
    case 'client.version':
      return texts('maybe', () => true);
    case 'time.date':
      return { ...texts('always', (text) => text >= FIRST_DAY && text <= LAST_DAY), values: [FIRST_DAY, LAST_DAY] };
    default:
      return texts('always', () => true);
  }
}

function nameDomain({ kind, subject }: RuleSet): Domain {
  if (kind === 'class' || kind === 'all_tools') return texts('always', () => true);
  if (!isPattern(subject)) return words([subject]);
  const pattern = readPattern(subject);
  return texts('always', (name) => matches(pattern, name));
}

/** INVARIANT: what a sample of many texts stands for is taken to be possible. */
function texts(presence: Domain['presence'], mayBe: (text: string) => boolean): Domain {
  const holds = (sample: Sample): boolean => {
    if (!isPresent(sample)) return presence === 'maybe' && typeOfSample(sample) === undefined;
    if (sample.kind === 'value') return typeof sample.value === 'string' && mayBe(sample.value);
    return sample.kind === 'text';
  };
  return { values: [], presence, holds };
}

function words(known: readonly Json[]): Domain {
  const holds = (sample: Sample): boolean =>
    sample.kind === 'value' && sample.value !== undefined && known.includes(sample.value);
  return { values: known, presence: 'always', holds };
}

function isCount(sample: Sample): boolean {
  return sample.kind === 'value' && Number.isInteger(sample.value) && Number(sample.value) >= 0;
}
