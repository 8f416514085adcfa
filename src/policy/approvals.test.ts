import { expect, test } from 'vitest';
import type { Json } from '../wire/json.ts';
import { readJson, STRICT } from '../wire/read-json.ts';
import { compilePolicy } from './compile.ts';

function read(value: unknown): Json {
  const result = readJson(JSON.stringify(value), STRICT);
  if (result.kind === 'fault') throw new Error(result.reason);
  return result.value;
}

function approvals(value: unknown): object {
  const result = compilePolicy(read({ version: '1', default: 'deny', approvals: value }), 'policy');
  return result.kind === 'policy'
    ? result.policy.approvals
    : result.problems.map(({ pointer, message }) => `${pointer}: ${message}`);
}

test.each([
  [{}, { timeoutMs: undefined, roles: undefined, owners: undefined, count: undefined }],
  [{ timeout: '15m' }, { timeoutMs: 900_000, roles: undefined, owners: undefined, count: undefined }],
  [
    { approvers: { roles: ['approver', 'admin'] }, count: 1 },
    { timeoutMs: undefined, roles: ['approver', 'admin'], owners: undefined, count: 1 },
  ],
  [
    { approvers: { owners: ['alice'] }, count: 10 },
    { timeoutMs: undefined, roles: undefined, owners: ['alice'], count: 10 },
  ],
  [
    { approvers: { roles: ['editor'], owners: ['bob'] } },
    { timeoutMs: undefined, roles: ['editor'], owners: ['bob'], count: undefined },
  ],
])('%j says who is asked, how many, and for how long', (written, meant) => {
  expect(approvals(written)).toEqual(meant);
});

test('without the key nothing is said', () => {
  expect(approvals(undefined)).toEqual({
    timeoutMs: undefined,
    roles: undefined,
    owners: undefined,
    count: undefined,
  });
});

test.each<[unknown, string]>([
  [{ timeout: '9s' }, '/approvals/timeout: must be a time such as "15m", from 10 seconds to 31 days'],
  [{ timeout: '32d' }, '/approvals/timeout: must be a time such as "15m", from 10 seconds to 31 days'],
  [{ timeout: 'soon' }, '/approvals/timeout: unknown window "soon"'],
  [{ approvers: [] }, '/approvals/approvers: must be an object such as {"roles": ["approver"]}'],
  [{ approvers: { roles: [] } }, '/approvals/approvers: names nobody; write roles, owners, or both'],
  [{ approvers: { role: ['admin'] } }, '/approvals/approvers/role: unknown key "role" — did you mean "roles"?'],
  [{ approvers: { roles: 'admin' } }, '/approvals/approvers/roles: must be an array'],
  [{ approvers: { roles: ['admn'] } }, '/approvals/approvers/roles/0: unknown role "admn" — did you mean "admin"?'],
  [
    { approvers: { roles: ['admin', 'boss'] } },
    '/approvals/approvers/roles/1: unknown role "boss"; write one of "viewer", "approver", "editor", "admin"',
  ],
  [{ approvers: { owners: ['alice', ''] } }, '/approvals/approvers/owners/1: must be a text that is not empty'],
  [{ approvers: { owners: [7] } }, '/approvals/approvers/owners/0: must be a text that is not empty'],
  [{ count: 0 }, '/approvals/count: must be a whole number from 1 to 10'],
  [{ count: 11 }, '/approvals/count: must be a whole number from 1 to 10'],
  [{ count: 1.5 }, '/approvals/count: must be a whole number from 1 to 10'],
  [{ count: '2' }, '/approvals/count: must be a whole number from 1 to 10'],
])('%j is refused', (written, problem) => {
  expect(approvals(written)).toEqual(expect.arrayContaining([expect.stringContaining(problem)]));
});
