import { textPile } from './text-pile.ts';

/** What an event stream says. `id` precedes the message that it came with; it also comes alone (a priming event). */
export type StreamItem =
  | { readonly kind: 'message'; readonly event: string; readonly data: string }
  | { readonly kind: 'id'; readonly id: string }
  | { readonly kind: 'retry'; readonly ms: number };

/** The bytes are no event stream that may be read: not UTF-8, or an event beyond the limit. */
export class EventStreamFault extends Error {
  override name = 'EventStreamFault';
}

const LF = 10;
const CR = 13;

/**
 * Makes a reader of `text/event-stream`: give it the bytes in any chunks, it hands over each item once it is complete.
 * An event that the end of the stream cuts off is dropped, as the standard says.
 * Throws `EventStreamFault` for bytes that are not UTF-8 and when one event has more than `maxChars` UTF-16 units.
 * Source: WHATWG HTML, "Server-sent events", 9.2.6.
 */
export function eventStreamReader(maxChars: number, take: (item: StreamItem) => void): (chunk: Uint8Array) => void {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let atStart = true;
  let afterCr = false;
  const carry = textPile();
  let event = '';
  let data: string[] = [];
  let id: string | undefined;
  let size = 0;

  function field(name: string, value: string): void {
    if (name === 'data') data.push(value);
    else if (name === 'event') event = value;
    else if (name === 'id' && !value.includes('\0')) id = value;
    else if (name === 'retry' && /^[0-9]{1,9}$/.test(value)) take({ kind: 'retry', ms: Number(value) });
  }

  function dispatch(): void {
    if (id !== undefined) take({ kind: 'id', id });
    if (data.length > 0) take({ kind: 'message', event: event === '' ? 'message' : event, data: data.join('\n') });
    event = '';
    data = [];
    id = undefined;
    size = 0;
  }

  function line(text: string): void {
    if (text === '') return dispatch();
    const colon = text.indexOf(':');
    // A comment counts within an event only: parts of an event may keep the text in memory that came with them.
    if (colon !== 0 || size > 0) grow(text.length);
    if (colon === 0) return;
    if (colon < 0) return field(text, '');
    field(text.slice(0, colon), text.slice(text.charCodeAt(colon + 1) === 32 ? colon + 2 : colon + 1));
  }

  function grow(by: number): void {
    size += by;
    if (size > maxChars) throw new EventStreamFault('an event is larger than allowed');
  }

  function decode(chunk: Uint8Array): string {
    try {
      return decoder.decode(chunk, { stream: true });
    } catch {
      throw new EventStreamFault('the event stream is not UTF-8');
    }
  }

  return (chunk) => {
    const text = decode(chunk);
    let from = 0;
    if (atStart && text !== '') {
      atStart = false;
      if (text.charCodeAt(0) === 0xfeff) from = 1;
    }
    for (let at = from; at < text.length; at++) {
      const c = text.charCodeAt(at);
      const swallowed = c === LF && afterCr;
      afterCr = c === CR;
      if (c !== LF && c !== CR) continue;
      if (!swallowed) {
        line(carry.take() + text.slice(from, at));
      }
      from = at + 1;
    }
    carry.add(text.slice(from));
    if (size + carry.length > maxChars) throw new EventStreamFault('an event is larger than allowed');
  };
}
