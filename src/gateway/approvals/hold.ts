import { objectOf } from '../../wire/json.ts';
import { notification, request } from '../../wire/replies.ts';
import { agreed } from './answer.ts';
import type { Approval } from './approval.ts';
import { type AskedCall, ticket, type WayOut } from './asked-call.ts';
import { askingText } from './asking-text.ts';
import { clientSays } from './client-says.ts';
import { patienceOf } from './patience.ts';
import { formParams, urlParams, type Ways } from './ways.ts';

/** Some clients give up on a call that shows no life for a minute. */
const BEAT_MS = 10_000;

type Ended = { readonly kind: 'changed'; readonly now: Approval | undefined } | { readonly kind: 'gone' | 'late' };

/**
 * Holds a call as long as its client is known to wait, with its stream open and progress told. When a person has answered, the call makes
 * its pass anew; a client that is gone by then, or whose patience ends, leaves a question that stands, and nothing is sent.
 */
export async function holdCall(asked: AskedCall, ways: Ways): Promise<WayOut> {
  const { session, sink, exchange, approval } = asked;
  const { holdMs, hasPeople } = session.gate.approvalSettings();
  const isTold = exchange.progressToken !== undefined;
  const patienceMs = patienceOf(session.clientOf(asked.message.params), isTold, holdMs);
  // Beside every stream, as in a task, nobody waits.
  if (patienceMs <= 0 || !sink.isWaiting()) return ticket(asked);
  // Nobody is there who could answer.
  if (!hasPeople && ways.form === undefined) return ticket(asked);
  sink.open();
  const ended = await answered(asked, ways, patienceMs);
  if (ended.kind === 'gone' || exchange.cancelled !== undefined) return { kind: 'reply', reply: undefined };
  // Who left meanwhile may come back for this answer, and would have to find that nothing was done behind its back.
  if (ended.kind === 'late' || !sink.isWaiting()) return ticket(asked);
  return { kind: 'again', claim: { kind: 'only', id: approval.id } };
}

function answered(asked: AskedCall, ways: Ways, patienceMs: number): Promise<Ended> {
  const { session, exchange, approval } = asked;
  const { gate } = session;
  return new Promise((resolve) => {
    const undo: (() => void)[] = [];
    let isOver = false;
    const end = (how: Ended): void => {
      if (isOver) return;
      isOver = true;
      exchange.wake = undefined;
      for (const action of undo) action();
      resolve(how);
    };
    let latest = approval;
    undo.push(
      gate.approvals.watch(approval, (now) => {
        if (now === undefined || now.state !== 'open') return end({ kind: 'changed', now });
        latest = now;
      }),
    );
    // Without a cancel it is the session that ends; who still listens is told where the question stands.
    exchange.wake = () => end({ kind: exchange.cancelled === undefined ? 'late' : 'gone' });
    undo.push(gate.clock.after(patienceMs, () => end({ kind: 'late' })));
    undo.push(gate.flight.onStop(() => end({ kind: 'late' })));
    if (gate.flight.isStopping) return end({ kind: 'late' });
    undo.push(beat(asked, () => latest));
    undo.push(askClient(asked, ways));
  });
}

/** Tells a client that wants to hear of progress that the call is alive. */
function beat({ session, sink, exchange, approval }: AskedCall, latest: () => Approval): () => void {
  const { progressToken } = exchange;
  if (progressToken === undefined) return () => {};
  let count = 0;
  let stop = (): void => {};
  const next = (): void => {
    count++;
    const { subject, answers } = latest();
    const of = subject.quorum.count > 1 ? ` (${agreed(answers)} of ${subject.quorum.count})` : '';
    const params = objectOf([
      ['progressToken', progressToken],
      // It must rise, and what the server tells afterwards must rise on from it.
      ['progress', count / 1_000_000],
      ['message', `Waiting for a person to approve ${approval.id}${of}`],
    ]);
    sink.push(notification('notifications/progress', params));
    stop = session.gate.clock.after(BEAT_MS, next);
  };
  next();
  return () => stop();
}

/** Asks the user of a legacy client, on the stream of the call; the answer takes the question back. */
function askClient({ session, sink, approval }: AskedCall, ways: Ways): () => void {
  const { url, form } = ways;
  if (session.era === 'modern' || (url === undefined && form === undefined)) return () => {};
  let isOpen = true;
  const text = askingText(approval);
  const elicitationId = url === undefined || form !== undefined ? undefined : session.gate.crypto.id();
  const params = form !== undefined || url === undefined ? formParams(text) : urlParams(text, url, elicitationId);
  const id = session.ownAsks.open((answer) => {
    isOpen = false;
    void clientSays(session, approval, ways, answer);
  });
  sink.push(request(id, 'elicitation/create', params));
  return () => {
    session.ownAsks.close(id);
    if (isOpen)
      sink.push(
        notification(
          'notifications/cancelled',
          objectOf([
            ['requestId', id],
            ['reason', 'it was answered elsewhere, or nobody did'],
          ]),
        ),
      );
    if (elicitationId !== undefined)
      sink.push(notification('notifications/elicitation/complete', objectOf([['elicitationId', elicitationId]])));
  };
}
