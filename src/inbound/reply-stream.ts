import type { EventWriter } from './event-writer.ts';
import type { HttpFront } from './http-front.ts';
import type { LastWord, Marks } from './resumable-stream.ts';

/** The event stream that answers one POST. */
export interface ReplyStream {
  /** Sends a message, one line of JSON. False when the client is gone. */
  push(text: string): boolean;
  finish(word: LastWord | undefined): void;
  pause(retryMs: number | undefined): void;
  /** Whether somebody reads it at this moment. */
  isConnected(): boolean;
}

/** In the legacy era a stream belongs to its session: the client may lose it and come back. */
export function legacyStream(front: HttpFront, writer: EventWriter, marks: Marks): ReplyStream {
  const stream = front.streamFor(writer, marks);
  return {
    push(text) {
      const isTaken = stream.push(text);
      front.grown();
      return isTaken;
    },
    finish(word) {
      stream.finish(word);
      front.grown();
    },
    pause: (retryMs) => stream.pause(retryMs),
    isConnected: () => stream.isConnected,
  };
}

/** In the modern era it is its connection, and ends with it. */
export function modernStream(writer: EventWriter): ReplyStream {
  return {
    push: (text) => writer.message(text, undefined),
    finish(word) {
      if (word !== undefined) writer.message(word.text, undefined);
      writer.end();
    },
    pause() {},
    isConnected: () => writer.isOpen,
  };
}
