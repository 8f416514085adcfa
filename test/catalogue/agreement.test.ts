import { describe, expect, it } from 'vitest';
import { agreementOn } from '../../bench/catalogue-agreement.ts';
import { agreementOnStrangers } from '../../bench/catalogue-strangers.ts';
import { loadCatalogue } from '../../src/settings/load-catalogue.ts';

/**
 * Shares of all tools, and how many that are financial, destructive or execute may be called read: none is the aim, and what is left is an
 * innocent name with an innocent description; `npm run bench:catalogue` prints where they stand. Raise them when they rise, never lower them unseen.
 */
const FLOORS = [
  { part: 'tuned on', view: 'whole', classes: 0.97, severities: 0.8, calledRead: 1 },
  { part: 'tuned on', view: 'name and a line', classes: 0.965, severities: 0.8, calledRead: 6 },
  { part: 'kept aside', view: 'whole', classes: 0.92, severities: 0.72, calledRead: 5 },
  { part: 'kept aside', view: 'name and a line', classes: 0.92, severities: 0.72, calledRead: 7 },
] as const;

/** Tools of servers that the catalogue does not know, by name and a line of description. */
const STRANGERS = [
  { part: 'tuned on', classes: 0.945, calledRead: 1 },
  { part: 'kept aside', classes: 0.88, calledRead: 1 },
] as const;

describe('the classifier and people who read the tools', () => {
  const catalogue = loadCatalogue();

  it.each(FLOORS)('agree on the part $part, by $view', ({ part, view, classes, severities, calledRead }) => {
    const found = agreementOn(part, catalogue, view);
    expect(found.classes / found.tools).toBeGreaterThanOrEqual(classes);
    expect(found.severities / found.tools).toBeGreaterThanOrEqual(severities);
    expect(found.calledRead.length).toBeLessThanOrEqual(calledRead);
  });

  it.each(STRANGERS)('agree on the strangers $part', ({ part, classes, calledRead }) => {
    const found = agreementOnStrangers(part);
    expect(found.tools).toBeGreaterThan(200);
    expect(found.classes / found.tools).toBeGreaterThanOrEqual(classes);
    expect(found.calledRead).toBeLessThanOrEqual(calledRead);
  });
});
