import type { JsonObject } from '../wire/json.ts';
import type { ReadMessage } from '../wire/read-message.ts';
import type { Brake } from './flow.ts';
import type { Front, Sink } from './ports.ts';

/** A client's side of what it speaks to, as a front sees it: one server, or all servers of a grant. */
export interface Conversation {
  /** In the legacy era the id of the session, which the client names. */
  readonly id: string;
  readonly front: Front;
  readonly flow: Brake;
  readonly phase: 'new' | 'opening' | 'open' | 'ended';
  /** The revision that was negotiated; undefined before, and in the modern era. */
  readonly revision: string | undefined;
  /** Takes one message and gives the answer, undefined where none is due. */
  receive(read: ReadMessage, sink: Sink): Promise<JsonObject | undefined>;
  /** Makes room for a message of so many characters until it is released; false when there is none. */
  hold(characters: number): boolean;
  release(characters: number): void;
  touch(): void;
  /** The client closed the stream on which it waited for an answer: in the modern era that cancels the request. */
  abandon(sink: Sink, reason: string): void;
  end(reason: string): Promise<void>;
}
