import { type JsonObject, objectOf, withKeys } from '../../wire/json.ts';
import type { Clock } from '../ports.ts';
import type { Approval } from './approval.ts';
import { isoTime } from './iso-time.ts';

export type TaskStatus = 'working' | 'input_required' | 'completed' | 'failed' | 'cancelled';

/** How often a client is to look. */
const POLL_MS = 3_000;
/** How long after a question has ended its task still answers. */
const GRACE_MS = 3_600_000;

/** A question as a task of the Tasks extension: its id is the question's. */
export function taskFields(approval: Approval, clock: Pick<Clock, 'now' | 'tick'>, status: TaskStatus): JsonObject {
  const leftMs = Math.max(0, approval.expires - clock.tick());
  return objectOf([
    ['taskId', approval.id],
    ['status', status],
    ['statusMessage', messageFor(approval, status)],
    ['createdAt', told(approval.askedAt)],
    ['lastUpdatedAt', told(approval.used?.at ?? approval.answers.at(-1)?.at ?? approval.askedAt)],
    ['ttlMs', Math.ceil(clock.now() - approval.askedAt + leftMs + GRACE_MS)],
    ['pollIntervalMs', POLL_MS],
  ]);
}

/** The answer to the call itself. */
export function startedTask(approval: Approval, clock: Pick<Clock, 'now' | 'tick'>): JsonObject {
  return withKeys(taskFields(approval, clock, 'working'), { resultType: 'task' });
}

function told(at: number): string {
  return isoTime(at) ?? '';
}

function messageFor({ state, subject, id, why }: Approval, status: TaskStatus): string {
  if (status === 'cancelled') return `The request ${id} is over: ${why ?? 'its client cancelled the call'}`;
  if (state === 'open') return `Waiting for a person to approve of ${subject.name} (request ${id})`;
  return status === 'working' ? 'Approved; the call is on its way' : `The request ${id} is over`;
}
