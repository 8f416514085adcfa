import { expect, test } from 'vitest';
import { limit } from '../../test/kit/counted.ts';
import type { Reservation } from '../policy/decision.ts';
import { limitRefusal } from './limit-refusal.ts';
import type { Refusal } from './refusal.ts';

function refused(rest: Partial<Reservation>, why: 'max' | 'values' = 'max'): Refusal {
  return limitRefusal({ kind: 'exceeded', why, reservation: limit('pay', 3, rest), retryAfterMs: 41_200 });
}

test('who is refused is told when to try again', () => {
  expect(refused({})).toMatchObject({
    decision: 'deny',
    reason: 'Limit pay: at most 3 calls per minute for each grant. Retry after 42 s.',
    retryAfterSeconds: 42,
  });
});

test('where a person is asked, waiting is not the advice; the time stands in the note', () => {
  expect(refused({ onExceed: 'require_approval', reason: 'Ask.' })).toMatchObject({
    decision: 'require_approval',
    reason: 'Ask. Limit pay: at most 3 calls per minute for each grant.',
    retryAfterSeconds: 42,
  });
  expect(refused({ onExceed: 'require_approval' }, 'values')).toMatchObject({
    decision: 'deny',
    reason: expect.stringContaining('Retry after 42 s.'),
  });
});

test('what is too much by itself is told so, whoever decides', () => {
  for (const onExceed of ['deny', 'require_approval'] as const) {
    const { reason, retryAfterSeconds } = refused({ add: 5, onExceed });
    expect([reason, retryAfterSeconds]).toEqual([
      'Limit pay: at most 3 calls per minute for each grant. This call adds 5 by itself.',
      undefined,
    ]);
  }
});
