import { bytePile } from './byte-pile.ts';
import { EventStreamFault, eventStreamReader } from './event-stream.ts';
import { shown, sizeText } from './shown.ts';

export type BodyKind = 'json' | 'events' | 'other';

/** What the content type says; anything but the two that MCP knows is `other`. */
export function bodyKind(contentType: string | undefined): BodyKind {
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase();
  if (type === 'application/json') return 'json';
  return type === 'text/event-stream' ? 'events' : 'other';
}

export interface BodyEvents {
  /** The text of one message, not yet read. */
  text(text: string): void;
  /** The id to come back with, if the stream ends early. */
  id(id: string): void;
  retry(ms: number): void;
  /** Where messages are to be POSTed (the HTTP+SSE transport of 2024-11-05); odd elsewhere. */
  endpoint?(address: string): void;
  /** An event of a type that MCP does not have. */
  odd(what: string): void;
}

export interface BodyReader {
  /** Throws `BodyFault`. */
  push(chunk: Uint8Array): void;
  /** The body is whole. Throws `BodyFault`. */
  end(): void;
}

/** The body cannot be what was asked for: too large, not UTF-8. */
export class BodyFault extends Error {
  override name = 'BodyFault';
}

/** Reads one JSON document of at most `maxBytes`. */
export function jsonReader(maxBytes: number, text: (text: string) => void): BodyReader {
  const pile = bytePile();
  return {
    push(chunk) {
      if (pile.size + chunk.byteLength > maxBytes) {
        throw new BodyFault(`the server's answer has more than ${sizeText(maxBytes)}`);
      }
      pile.add(chunk);
    },
    end: () => text(decode(pile.take())),
  };
}

/** Reads an event stream, each event of at most `maxBytes`. */
export function eventsReader(maxBytes: number, events: BodyEvents): BodyReader {
  const read = eventStreamReader(maxBytes, (item) => {
    switch (item.kind) {
      case 'id':
        return events.id(item.id);
      case 'retry':
        return events.retry(item.ms);
      case 'message':
        // An event with an id and empty data only tells where to resume.
        if (item.data === '') return;
        if (item.event === 'message') return events.text(item.data);
        if (item.event === 'endpoint' && events.endpoint !== undefined) return events.endpoint(item.data);
        return events.odd(`an event of type "${shown(item.event, 40)}": ${shown(item.data)}`);
    }
  });
  return {
    push(chunk) {
      try {
        read(chunk);
      } catch (error) {
        if (!(error instanceof EventStreamFault)) throw error;
        throw new BodyFault(
          `the server's event stream is unreadable: ${error.message} (${sizeText(maxBytes)} an event)`,
        );
      }
    },
    end() {},
  };
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new BodyFault("the server's answer is not UTF-8");
  }
}
