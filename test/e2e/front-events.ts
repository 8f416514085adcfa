import { request as httpRequest, type IncomingMessage } from 'node:http';
import { PATIENCE_MS } from '../kit/inbox.ts';
import { type Obj, readObj } from '../kit/json-rpc.ts';

interface Event {
  readonly id: string | undefined;
  readonly retry: string | undefined;
  readonly data: string;
  readonly message: Obj | undefined;
}

export interface EventStream {
  readonly status: number;
  readonly type: string | undefined;
  readonly events: readonly Event[];
  /** All that came, as text. */
  text(): string;
  /** Resolves with the first event that fits. */
  next(what: string, fits: (event: Event) => boolean): Promise<Event>;
  /** Resolves when the other side has ended the stream, or it broke. */
  readonly ended: Promise<void>;
  /** Drops the connection without a word. */
  drop(): void;
  /** Reads nothing more until `read`. */
  stopReading(): void;
  read(): void;
}

/** Sends a request on a connection of its own, and shows the events of the answer with all their fields. */
export async function openEvents(
  url: string,
  headers: Readonly<Record<string, string>>,
  body?: Obj,
): Promise<EventStream> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const usual = { accept: 'application/json, text/event-stream', 'content-type': 'application/json' };
    const method = body === undefined ? 'GET' : 'POST';
    const sent = httpRequest(url, { method, agent: false, headers: { ...usual, ...headers } }, resolve);
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
  const events: Event[] = [];
  const waiting = new Set<() => void>();
  let text = '';
  let rest = '';
  const tell = (): void => {
    for (const look of [...waiting]) look();
  };
  response.setEncoding('utf8');
  response.on('data', (chunk: string) => {
    text += chunk;
    const parts = (rest + chunk).split('\n\n');
    rest = parts.pop() ?? '';
    for (const part of parts) if (!part.startsWith(':')) events.push(eventIn(part));
    tell();
  });
  const ended = new Promise<void>((resolve) => {
    response.on('error', () => {});
    response.once('close', () => resolve());
  });
  return {
    status: response.statusCode ?? 0,
    type: response.headers['content-type'],
    events,
    text: () => text,
    next: (what, fits) =>
      new Promise((resolve, reject) => {
        const late = setTimeout(
          () => reject(new Error(`no ${what} within ${PATIENCE_MS} ms; so far: ${text}`)),
          PATIENCE_MS,
        );
        const look = (): void => {
          const found = events.find(fits);
          if (found === undefined) return;
          clearTimeout(late);
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
    ended,
    drop: () => void response.destroy(),
    stopReading: () => void response.pause(),
    read: () => void response.resume(),
  };
}

function eventIn(part: string): Event {
  const field = (name: string): string | undefined => {
    const line = part.split('\n').find((one) => one.startsWith(`${name}:`));
    return line?.slice(name.length + 1).trimStart();
  };
  const data = field('data') ?? '';
  return { id: field('id'), retry: field('retry'), data, message: readObj(data) };
}
