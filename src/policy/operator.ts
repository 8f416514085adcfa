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

/** An operator with its value, read and found good. */
export type Operation =
  | { readonly op: 'eq' | 'neq'; readonly value: Json }
  | { readonly op: 'in' | 'not_in'; readonly values: JsonArray }
  | { readonly op: OrderName; readonly bound: number }
  | { readonly op: 'exists'; readonly wanted: Truth }
  | { readonly op: 'type'; readonly type: string }
  | { readonly op: 'regex' | 'not_regex'; readonly search: Search }
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
      return orderTest(operation.op, operation.bound);
    case 'exists':
      return (found) => (found === undefined || found === null ? opposite(operation.wanted) : operation.wanted);
    case 'type':
      return typeTest(operation.type);
    case 'regex':
      return whenText(operation.search);
    case 'not_regex':
      return opposed(whenText(operation.search));
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
      return whenText((found) => judgePath(operation.folders, found));
    case 'ip_in':
      return whenText((found) => judgeIp(operation.ranges, found));
    case 'email_domain_in':
      return whenText((found) => judgeEmailDomain(operation.hosts, found));
    case 'sql_only':
      return whenText(operation.sql.judge);
  }
}

type PresentTest = (found: Json) => Truth;

/** Leaves out what is absent, and what is too long to be judged. */
function whenPresent(test: PresentTest): ValueTest {
  return (found) => {
    if (found === undefined || found === null) return FALSE;
    if (typeof found === 'string' && found.length > MAX_TEXT) return UNKNOWN;
    return test(found);
  };
}

function whenText(test: (found: string) => Truth): ValueTest {
  return whenPresent((found) => (typeof found === 'string' ? test(found) : UNKNOWN));
}

function equalTest(wanted: Json, comparison: Comparison): ValueTest {
  if (wanted === null) return nullTest((found) => equal(null, found, comparison));
  if (isScalar(wanted) && comparison === 'exact') return whenPresent((found) => truth(found === wanted));
  return whenPresent((found) => equal(wanted, found, comparison));
}

/** `null` is a value like others once the author names it. */
function nullTest(test: PresentTest): ValueTest {
  const present = whenPresent(test);
  return (found) => (found === null ? TRUE : present(found));
}

function memberTest(wanted: JsonArray, comparison: Comparison): ValueTest {
  const members = membersOf(wanted);
  const test: PresentTest = (found) => isMember(members, found, comparison);
  return wanted.includes(null) ? nullTest(test) : whenPresent(test);
}

/**
 * `neq`, `not_in` and the like: an absent value is false for them too; what cannot be told equal cannot be told different,
 * so that `not` before them is no way around the wariness.
 */
function opposed(test: ValueTest): ValueTest {
  return (found) => (found === undefined || found === null ? FALSE : opposite(test(found)));
}

function typeTest(type: string): ValueTest {
  const present = whenPresent((found) => isOfType(found, type));
  return (found) => (found === null ? isOfType(null, type) : present(found));
}

function orderTest(op: OrderName, bound: number): ValueTest {
  const compare = comparer(op, bound);
  return whenPresent((found) => (typeof found === 'number' ? truth(compare(found)) : UNKNOWN));
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
