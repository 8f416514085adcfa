import type { Call } from '../wire/call.ts';
import type { Round } from './rounds.ts';
import type { Session } from './session.ts';

/** Which round of its call a message is; the legacy era knows one only. */
export function roundOf(session: Session, call: Call): Round {
  if (session.era === 'legacy') return { kind: 'round', params: call.params, count: 'first', answered: undefined };
  return session.rounds.take(ownerOf(session), call);
}

/** Who may answer what was asked in a call, and where. */
export function ownerOf({ grant, server }: Session): string {
  return `${grant}\n${server}`;
}
