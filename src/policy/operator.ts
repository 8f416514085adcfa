import type { Json, JsonArray } from '../wire/json.ts';
import { type Comparison, equal, isMember, membersOf } from './equal.ts';
import type { ValueTest } from './find.ts';
import { MAX_TEXT, type Search } from './regex.ts';
import { isScalar } from './spelling.ts';
import type { SqlOnly } from './sql/read-sql-only.ts';
import { FALSE, opposite, TRUE, type Truth, truth, UNKNOWN } from './truth.ts';
import { judgeEmailDomain } from './typed/email.ts';
import { type Folder, judgePath } from './typed/folder.ts';
import type { HostList } from './typed/host-list.ts';
import { type IpRange, judgeIp } from './typed/ip.ts';
import { isOfType, lengthOf } from './typed/measure.ts';
import { containsTest, edgeTest, type Letters } from './typed/text.ts';
import { judgeUrlHost, judgeUrlScheme } from './typed/url.ts';
import { maySpend, type Work } from './work.ts';

/** An operator with its value, read and found good. */
export type Operation =
  | { readonly op: 'eq' | 'neq'; readonly value: Json }
  | { readonly op: 'in' | 'not_in'; readonly values: JsonArray }
  | { readonly op: OrderName; readonly bound: number }
  /** A day as `time.date` shows it, `YYYY-MM-DD`. */
  | { readonly op: OrderName; readonly day: string }
  | { readonly op: 'exists'; readonly wanted: Truth }
  | { readonly op: 'type'; readonly type: string }
  | { readonly op: 'regex' | 'not_regex'; readonly search: Search; readonly size: number }
  | { readonly op: 'contains' | 'not_contains'; readonly value: Json; readonly letters: Letters }
  | { readonly op: 'starts_with' | 'ends_with'; readonly edge: string; readonly letters: Letters }
  | { readonly op: `length_${OrderName}`; readonly bound: number }
  | { readonly op: 'url_host_in' | 'email_domain_in'; readonly hosts: HostList }
  | { readonly op: 'url_scheme_in'; readonly schemes: ReadonlySet<string> }
  | { readonly op: 'path_within'; readonly folders: readonly Folder[] }
  | { readonly op: 'ip_in'; readonly ranges: readonly IpRange[] }
  | { readonly op: 'sql_only'; readonly sql: SqlOnly };

type OrderName = 'lt' | 'lte' | 'gt' | 'gte';

/** Makes the test of one value. An absent one, and null with it, makes every operator false but `exists: false`, `type` and null itself. */
export function valueTest(operation: Operation, comparison: Comparison): ValueTest {
  switch (operation.op) {
    case 'eq':
      return equalTest(operation.value, comparison);
    case 'neq':
      return opposed(equalTest(operation.value, comparison));
    case 'in':
      return memberTest(operation.values, comparison);
    case 'not_in':
      return opposed(memberTest(operation.values, comparison));
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      return 'day' in operation ? dayTest(operation.op, operation.day) : orderTest(operation.op, operation.bound);
    case 'exists':
      return (found) => (found === undefined || found === null ? opposite(operation.wanted) : operation.wanted);
    case 'type':
      return typeTest(operation.type);
    case 'regex':
      return searchTest(operation);
    case 'not_regex':
      return opposed(searchTest(operation));
    case 'contains':
      return whenPresent(containsTest(operation.value, operation.letters, comparison));
    case 'not_contains':
      return opposed(whenPresent(containsTest(operation.value, operation.letters, comparison)));
    case 'starts_with':
    case 'ends_with':
      return whenText(edgeTest(operation.op, operation.edge, operation.letters));
    case 'length_lt':
      return lengthTest('lt', operation.bound);
    case 'length_lte':
      return lengthTest('lte', operation.bound);
    case 'length_gt':
      return lengthTest('gt', operation.bound);
    case 'length_gte':
      return lengthTest('gte', operation.bound);
    case 'url_host_in':
      return whenText((found) => judgeUrlHost(operation.hosts, found));
    case 'url_scheme_in':
      return whenText((found) => judgeUrlScheme(operation.schemes, found));
    case 'path_within':
      return costly(operation.folders.length * FOLDER_STEPS, (found) => judgePath(operation.folders, found));
    case 'ip_in':
      return costly(operation.ranges.length * RANGE_STEPS, (found) => judgeIp(operation.ranges, found));
    case 'email_domain_in':
      return whenText((found) => judgeEmailDomain(operation.hosts, found));
    case 'sql_only':
      return whenText((found, work) =>
        maySpend(work, found.length * SQL_STEPS) ? operation.sql.judge(found) : UNKNOWN,
      );
  }
}

/** Steps of `Work` for one short value; 0 for what is never held to it. */
export function costOf(operation: Operation): number {
  switch (operation.op) {
    case 'regex':
    case 'not_regex':
      return operation.size;
    case 'path_within':
      return operation.folders.length * FOLDER_STEPS;
    case 'ip_in':
      return operation.ranges.length * RANGE_STEPS;
    case 'sql_only':
      return SQL_STEPS;
    case 'in':
    case 'not_in':
      return operation.values.filter((value) => !isScalar(value)).length * DEEP_STEPS;
    default:
      return 0;
  }
}

type PresentTest = (found: Json, work: Work) => Truth;

/** Steps of `Work`, measured: for each character of SQL, each range, each folder, each array or object to compare with. */
const SQL_STEPS = 200;
const RANGE_STEPS = 2;
const FOLDER_STEPS = 100;
const DEEP_STEPS = 10;

/** Leaves out what is absent, and what is too long to be judged. */
function whenPresent(test: PresentTest): ValueTest {
  return (found, work) => {
    if (found === undefined || found === null) return FALSE;
    if (typeof found === 'string' && found.length > MAX_TEXT) return UNKNOWN;
    return test(found, work);
  };
}

function whenText(test: (found: string, work: Work) => Truth): ValueTest {
  return whenPresent((found, work) => (typeof found === 'string' ? test(found, work) : UNKNOWN));
}

function costly(steps: number, test: (found: string) => Truth): ValueTest {
  return whenText((found, work) => (maySpend(work, steps) ? test(found) : UNKNOWN));
}

function searchTest({ search, size }: { readonly search: Search; readonly size: number }): ValueTest {
  if (size === 0) return whenText(search);
  return whenText((found, work) => (maySpend(work, size * found.length) ? search(found) : UNKNOWN));
}

function equalTest(wanted: Json, comparison: Comparison): ValueTest {
  if (wanted === null) return nullTest((found) => equal(null, found, comparison));
  if (isScalar(wanted) && comparison === 'exact') return whenPresent((found) => truth(found === wanted));
  return whenPresent((found) => equal(wanted, found, comparison));
}

/** `null` is a value like others once the author names it. */
function nullTest(test: PresentTest): ValueTest {
  const present = whenPresent(test);
  return (found, work) => (found === null ? TRUE : present(found, work));
}

function memberTest(wanted: JsonArray, comparison: Comparison): ValueTest {
  const members = membersOf(wanted);
  const steps = members.deep.length * DEEP_STEPS;
  const test: PresentTest = (found, work) =>
    isScalar(found) || maySpend(work, steps) ? isMember(members, found, comparison) : UNKNOWN;
  return wanted.includes(null) ? nullTest(test) : whenPresent(test);
}

/**
 * `neq`, `not_in` and the like: an absent value is false for them too; what cannot be told equal cannot be told different,
 * so that `not` before them is no way around the wariness.
 */
function opposed(test: ValueTest): ValueTest {
  return (found, work) => (found === undefined || found === null ? FALSE : opposite(test(found, work)));
}

function typeTest(type: string): ValueTest {
  const present = whenPresent((found) => isOfType(found, type));
  return (found, work) => (found === null ? isOfType(null, type) : present(found, work));
}

function orderTest(op: OrderName, bound: number): ValueTest {
  const compare = comparer(op, bound);
  return whenPresent((found) => (typeof found === 'number' ? truth(compare(found)) : UNKNOWN));
}

/** Days with four digits for the year are ordered as their texts are. */
function dayTest(op: OrderName, day: string): ValueTest {
  const compare = comparer(op, 0);
  return whenPresent((found) => {
    if (typeof found !== 'string') return UNKNOWN;
    return truth(compare(found === day ? 0 : found < day ? -1 : 1));
  });
}

function lengthTest(op: OrderName, bound: number): ValueTest {
  const compare = comparer(op, bound);
  return whenPresent((found) => {
    const length = lengthOf(found);
    return length === undefined ? UNKNOWN : truth(compare(length));
  });
}

function comparer(op: OrderName, bound: number): (found: number) => boolean {
  switch (op) {
    case 'lt':
      return (found) => found < bound;
    case 'lte':
      return (found) => found <= bound;
    case 'gt':
      return (found) => found > bound;
    case 'gte':
      return (found) => found >= bound;
  }
}
