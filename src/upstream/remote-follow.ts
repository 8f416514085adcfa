import { clearTimeout, setTimeout } from 'node:timers';
import { BodyFault, type BodyReader, bodyKind, eventsReader } from './body-reader.ts';
import type { AnswerHeaders } from './http-ask.ts';
import type { RemoteSession } from './remote-session.ts';
import { networkText } from './remote-text.ts';

export interface Followed {
  /** The request for it is under way. */
  begun?(): void;
  text(text: string): void;
  /** Something for the log. */
  odd(what: string): void;
  /** The server ended it, and it will be opened again. */
  paused(retryMs: number | undefined): void;
  /** It is over and will not be opened again; `status` where it was the server's answer that ended it. */
  over(reason: string, status: number | undefined): void;
}

export interface FollowFrom {
  /** Where to resume; undefined for a stream of its own. */
  readonly lastEventId: string | undefined;
  /** What the server last asked for, in milliseconds. */
  readonly retryMs: number | undefined;
  /** How many times in a row it may bring nothing. */
  readonly maxFailures: number;
  readonly maxEventBytes: number;
}

const FIRST_DELAY_MS = 1000;
const SHORTEST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 30_000;
/** A stream that held this long did its duty, even if there was nothing to say. */
const STEADY_MS = 10_000;

/** Whether an event id can be sent back in a header. */
export function isResumable(id: string): boolean {
  return /^[\x20-\x7e]{1,1024}$/.test(id);
}

/** Keeps a GET event stream open, coming back with the last event id when it ends. Answers the function that stops it. */
export function follow(session: RemoteSession, from: FollowFrom, to: Followed): () => void {
  let { lastEventId, retryMs } = from;
  let failures = 0;
  let stopped = false;
  let abort: (() => void) | undefined;
  let timer: NodeJS.Timeout | undefined;

  function stop(): void {
    stopped = true;
    clearTimeout(timer);
    abort?.();
  }

  function giveUp(reason: string, status?: number): void {
    if (stopped) return;
    stop();
    to.over(reason, status);
  }

  function again(wasUseful: boolean, reason: string): void {
    if (stopped) return;
    failures = wasUseful ? 0 : failures + 1;
    if (failures > from.maxFailures) return giveUp(reason);
    timer = setTimeout(open, delay());
  }

  function delay(): number {
    const base = Math.max(retryMs ?? FIRST_DELAY_MS, SHORTEST_DELAY_MS);
    return Math.min(base * 2 ** Math.min(failures, 10), LONGEST_DELAY_MS);
  }

  function open(): void {
    let reader: BodyReader | undefined;
    let openedAt = Number.POSITIVE_INFINITY;
    let heard = false;
    const isUseful = () => heard || performance.now() - openedAt >= STEADY_MS;
    const events = {
      text: (text: string) => {
        heard = true;
        if (!stopped) to.text(text);
      },
      id: (id: string) => {
        heard = true;
        if (isResumable(id)) lastEventId = id;
      },
      retry: (ms: number) => {
        retryMs = ms;
      },
      odd: (what: string) => to.odd(what),
    };
    const resume = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
    abort = session.ask('GET', { accept: 'text/event-stream', ...resume }, undefined, {
      begun: () => to.begun?.(),
      head(status, headers) {
        if (status === 200 && isEvents(headers)) {
          openedAt = performance.now();
          reader = eventsReader(from.maxEventBytes, events);
          return;
        }
        abort?.();
        const reason = `the server answered ${status}${status === 200 ? ' and no event stream' : ''} to GET`;
        if (status >= 500 || status === 429 || status === 408) again(false, reason);
        else giveUp(reason, status);
      },
      chunk(bytes) {
        try {
          if (!stopped) reader?.push(bytes);
        } catch (error) {
          if (!(error instanceof BodyFault)) throw error;
          abort?.();
          to.odd(error.message);
          again(false, error.message);
        }
      },
      end: () => {
        again(isUseful(), 'the event stream ended without the answer');
        if (!stopped) to.paused(retryMs);
      },
      broke: (_, error) => again(isUseful(), `the event stream broke off: ${networkText(error)}`),
    });
  }

  if (lastEventId === undefined) open();
  else timer = setTimeout(open, delay());
  return stop;
}

/** Whether an answer is an event stream. */
export function isEvents(headers: AnswerHeaders): boolean {
  const type = headers['content-type'];
  return bodyKind(typeof type === 'string' ? type : undefined) === 'events';
}
