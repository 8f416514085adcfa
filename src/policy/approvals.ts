import type { JsonObject } from '../wire/json.ts';
import { checkKeys, type Draft, elementsAt, listed, objectAt, refuse } from './draft.ts';
import { didYouMean } from './nearest.ts';
import type { ApprovalRules } from './policy.ts';
import { below, quoted } from './problem.ts';
import { readQuestionTime } from './question-time.ts';
import { APPROVALS, APPROVERS } from './vocabulary.ts';
import { ROLES } from './words.ts';

const SILENT: ApprovalRules = { timeoutMs: undefined, roles: undefined, owners: undefined, count: undefined };
const MAX_COUNT = 10;

/** Compiles how people are asked. */
export function compileApprovals(draft: Draft, root: JsonObject): ApprovalRules {
  const pointer = '/approvals';
  if (root['approvals'] === undefined) return SILENT;
  const object = objectAt(draft, root['approvals'], pointer, ' such as {"timeout": "15m"}');
  if (object === undefined) return SILENT;
  checkKeys(draft, object, pointer, APPROVALS);
  return Object.freeze({
    timeoutMs: timeoutAt(draft, object, pointer),
    ...approversAt(draft, object, pointer),
    count: countAt(draft, object, pointer),
  });
}

function timeoutAt(draft: Draft, object: JsonObject, pointer: string): number | undefined {
  const value = object['timeout'];
  if (value === undefined) return undefined;
  const read = readQuestionTime(value);
  return typeof read === 'string' ? refuse(draft, below(pointer, 'timeout'), read) : read;
}

function approversAt(draft: Draft, object: JsonObject, pointer: string): Pick<ApprovalRules, 'roles' | 'owners'> {
  const place = below(pointer, 'approvers');
  if (object['approvers'] === undefined) return { roles: undefined, owners: undefined };
  const approvers = objectAt(draft, object['approvers'], place, ' such as {"roles": ["approver"]}');
  if (approvers === undefined) return { roles: undefined, owners: undefined };
  checkKeys(draft, approvers, place, APPROVERS);
  const roles = textsAt(draft, approvers, place, 'roles');
  const owners = textsAt(draft, approvers, place, 'owners');
  if ((roles ?? []).length + (owners ?? []).length === 0) {
    refuse(draft, place, 'names nobody; write roles, owners, or both');
  }
  for (const [index, role] of (roles ?? []).entries()) {
    if (ROLES.some((known) => known === role)) continue;
    const guess = didYouMean(role, ROLES) || `; write one of ${listed(ROLES)}`;
    refuse(draft, below(below(place, 'roles'), index), `unknown role ${quoted(role)}${guess}`);
  }
  return { roles, owners };
}

function textsAt(draft: Draft, object: JsonObject, pointer: string, key: string): readonly string[] | undefined {
  if (object[key] === undefined) return undefined;
  return elementsAt(draft, object, pointer, key).flatMap(({ value, pointer: place }) => {
    if (typeof value === 'string' && value !== '') return [value];
    refuse(draft, place, 'must be a text that is not empty');
    return [];
  });
}

function countAt(draft: Draft, object: JsonObject, pointer: string): number | undefined {
  const value = object['count'];
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MAX_COUNT) return value;
  return refuse(draft, below(pointer, 'count'), `must be a whole number from 1 to ${MAX_COUNT}`);
}
