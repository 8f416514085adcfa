import type { Stamp } from '../stamp.ts';
import type { Approval } from './approval.ts';
import type { Notice } from './approval-ports.ts';

/** Makes the notices by which people outside hear of something; none where nobody listens. */
export interface Herald {
  tell(event: NoticeEvent, approval: Approval, stamp: Stamp): readonly Notice[];
}

export type NoticeEvent =
  | 'approval.asked'
  | 'approval.answered'
  | 'approval.expired'
  | 'approval.used'
  | 'approval.void';
