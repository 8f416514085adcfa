import type { ApprovalSettings, ArgumentPrivacy } from '../gate.ts';
import type { Clock } from '../ports.ts';
import type { Herald } from './herald.ts';
import { noticeBody } from './notice-body.ts';

export interface HeraldOptions {
  readonly clock: Pick<Clock, 'tick'>;
  settings(): Pick<ApprovalSettings, 'url' | 'hooksFor'>;
  /** What may be told of the arguments of a server's tool; without a tool, of what else it is asked. */
  privacy(server: string, tool: string | undefined): ArgumentPrivacy;
}

/** A notice for every hook that wants to hear of the event. */
export function heraldOf({ clock, settings, privacy }: HeraldOptions): Herald {
  return {
    tell(event, approval, { at, id }) {
      const { url, hooksFor } = settings();
      const { server, kind, name } = approval.subject;
      const kept = privacy(server, kind === 'tool' ? name : undefined);
      return hooksFor(event).map((hook) => {
        const notice = id();
        const setting = { id: notice, at, tick: clock.tick(), url, privacy: kept };
        return { id: notice, hook, event, at, body: noticeBody(event, approval, setting) };
      });
    },
  };
}
