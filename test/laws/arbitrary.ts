import fc from 'fast-check';
import type { Subject, Target } from '../../src/policy/decision.ts';
import type { Call } from '../../src/wire/call.ts';
import { call, target } from './arbitrary-call.ts';
import { document } from './arbitrary-document.ts';
import type { Documents } from './naive.ts';

export { toolCall } from './arbitrary-call.ts';

/** One call, with all that is known when it is judged. */
export interface Moment {
  readonly subject: Subject;
  readonly call: Call;
  readonly target: Target;
  readonly facts: { readonly at: number };
  /** What stands in the counters of calls that a document asks for, dealt out by key; some are not known. */
  readonly counts: readonly (number | undefined)[];
}

const subject: fc.Arbitrary<Subject> = fc.record({
  grant: fc.record({
    name: fc.constantFrom('laptop', 'al'),
    owner: fc.constantFrom('alice', 'bob'),
    labels: fc.record({ env: fc.constantFrom('dev', 'prod'), team: fc.constant('al') }, { requiredKeys: [] }),
  }),
  server: fc.constantFrom('flows', 'files'),
  session: fc.constantFrom('s-1', 's-2'),
  client: fc.record({
    name: fc.constantFrom('cursor', 'other', undefined),
    version: fc.constantFrom('1.0', undefined),
  }),
});

/** Instants around the turns of days, years and summer time. */
const at = fc.oneof(
  fc.integer({ min: Date.UTC(2026, 2, 28), max: Date.UTC(2026, 2, 30) }),
  fc.integer({ min: Date.UTC(2026, 9, 25, 6), max: Date.UTC(2026, 9, 26, 6) }),
  fc.integer({ min: Date.UTC(2026, 11, 31), max: Date.UTC(2027, 0, 2) }),
);

const count = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(0, 1, 2, 5) },
  { weight: 1, arbitrary: fc.constant(undefined) },
);

export const moment: fc.Arbitrary<Moment> = fc.record({
  subject,
  call,
  target,
  facts: fc.record({ at }),
  counts: fc.array(count, { minLength: 1, maxLength: 4 }),
});

/** A policy, with a baseline in half of the cases. */
export const documents: fc.Arbitrary<Documents> = fc.record({
  policy: document,
  baseline: fc.option(document, { nil: undefined }),
});
