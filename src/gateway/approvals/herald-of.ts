import type { ApprovalSettings, ArgumentPrivacy } from '../gate.ts';
import type { Clock } from '../ports.ts';
import type { Herald } from './herald.ts';
import { noticeBody } from './notice-body.ts';

export interface HeraldOptions {
  readonly clock: Pick<Clock, 'tick'>;
  settings(): Pick<ApprovalSettings, 'url' | 'hooksFor'>;
  /** What may be told of arguments. */
  privacy(): ArgumentPrivacy;
}

/** A notice for every hook that wants to hear of the event. */
export function heraldOf({ clock, settings, privacy }: HeraldOptions): Herald {
  return {
    tell(event, approval, { at, id }) {
      const { url, hooksFor } = settings();
      return hooksFor(event).map((hook) => {
        const notice = id();
        const setting = { id: notice, at, tick: clock.tick(), url, privacy: privacy() };
        return { id: notice, hook, event, at, body: noticeBody(event, approval, setting) };
      });
    },
  };
}
