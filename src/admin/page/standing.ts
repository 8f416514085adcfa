import type { ApprovalDetail, ApprovalSummary } from '../../gateway/approvals/view.ts';
import { type Html, html } from './html.ts';
import { stranger } from './sight.ts';
import { countdown, moment } from './times.ts';

/** How the question stands: what it waits for, or how it ended, and who said what. */
export function standing(detail: ApprovalDetail): Html {
  const { agreed, needed, answers } = detail;
  const count = needed > 1 ? html`<p>${agreed} of the ${needed} people who are needed agreed.</p>` : undefined;
  return html`<div class="say ${tone(detail)}">
<p>${words(detail)}</p>
${detail.state === 'open' ? count : undefined}
${answers.length === 0 ? undefined : html`<ul>${answers.map(answer)}</ul>`}
</div>`;
}

function tone({ state }: ApprovalSummary): string {
  if (state === 'approved' || state === 'used') return 'good';
  return state === 'denied' || state === 'void' || state === 'expired' ? 'bad' : 'plain';
}

function words(detail: ApprovalDetail): Html {
  const { state, why, secondsLeft, expiresAt } = detail;
  switch (state) {
    case 'open':
      return html`<b>Waits for an answer: ${countdown(secondsLeft)} left</b>, until ${moment(expiresAt)}. Without an answer it is refused.`;
    case 'approved':
      return html`<b>Approved.</b> The agent may make this one call, once: ${countdown(secondsLeft)} left, until ${moment(expiresAt)}.`;
    case 'used':
      return html`<b>Approved and sent.</b> The call was let through once; the same call asks again.`;
    case 'denied':
      return html`<b>Denied.</b> ${why === null ? 'The call was not sent.' : stranger(why)}`;
    case 'expired':
      return html`<b>Expired.</b> ${why === null ? 'Its time passed, so the call is refused.' : stranger(why)}`;
    case 'void':
      return html`<b>Void.</b> ${why === null ? 'What was approved is not what would be sent any more.' : stranger(why)}`;
  }
}

function answer({ by, said, channel, at, note }: ApprovalSummary['answers'][number]): Html {
  return html`<li>${stranger(by)} ${said === 'approve' ? 'approved' : 'denied'}, ${moment(at)}, through ${through(channel)}${note === null ? undefined : html`: ${stranger(note)}`}</li>`;
}

function through(channel: string): string {
  switch (channel) {
    case 'page':
      return 'the page';
    case 'command line':
      return 'the command line';
    case 'form':
    case 'client':
      return 'the client';
    case 'api':
      return 'the API';
    default:
      return channel;
  }
}
