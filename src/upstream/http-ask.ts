import type { Dispatcher } from 'undici';

export interface Ask {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

export type AnswerHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** How one HTTP exchange goes on. Exactly one of `end` and `broke` comes last, unless it is aborted: then nothing comes. */
export interface Answering {
  /** The request was handed to a connection. */
  begun?(): void;
  head(status: number, headers: AnswerHeaders): void;
  chunk(bytes: Uint8Array): void;
  /** The whole body arrived. */
  end(): void;
  /** `unsent`: no byte of the request was handed to a connection. */
  broke(how: 'unsent' | 'lost', error: Error): void;
}

/** What its asker can do to an exchange under way. */
export interface Asked {
  abort(): void;
  /** Reads no more of the body; what was read already may still come. */
  pause(): void;
  resume(): void;
}

/** Sends one request over the pool and follows its answer. */
export function ask(pool: Dispatcher, what: Ask, answering: Answering): Asked {
  let over = false;
  let isPaused = false;
  let written: Dispatcher.DispatchController | undefined;
  const handler: Dispatcher.DispatchHandler = {
    onRequestStart(controller) {
      // INVARIANT: nothing is written twice, and nothing after it was aborted.
      if (over || written !== undefined) return controller.abort(new Error('aborted'));
      written = controller;
      if (isPaused) controller.pause();
      answering.begun?.();
    },
    onResponseStart(_, status, headers) {
      if (!over && status >= 200) answering.head(status, headers);
    },
    onResponseData(_, chunk) {
      if (!over) answering.chunk(chunk);
    },
    onResponseEnd() {
      if (!over) {
        over = true;
        answering.end();
      }
    },
    onResponseError(_, error) {
      // A pool that takes no requests says so at once; the caller hears of it after it has what this function answers.
      queueMicrotask(() => {
        if (over) return;
        over = true;
        answering.broke(written === undefined ? 'unsent' : 'lost', error);
      });
    },
  };
  const body = what.body === undefined ? {} : { body: what.body };
  pool.dispatch({ method: what.method, path: what.path, headers: { ...what.headers }, ...body }, handler);
  return {
    abort() {
      if (over) return;
      over = true;
      written?.abort(new Error('aborted'));
    },
    pause() {
      isPaused = true;
      if (!over) written?.pause();
    },
    resume() {
      isPaused = false;
      // Whoever lets go may stand within what another exchange is reading, where the parser cannot be entered.
      queueMicrotask(() => {
        if (!over && !isPaused) written?.resume();
      });
    },
  };
}
