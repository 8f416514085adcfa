import type { Obj } from './json-rpc.ts';

/** What has arrived, and a way to wait for what has not. */
export interface Inbox {
  readonly messages: Obj[];
  put(message: Obj): void;
  /** The first message that fits, among those that came and those that come; each message is handed out to one caller. */
  next(what: string, fits: (message: Obj) => boolean): Promise<Obj>;
  /** Nothing more will come: all who wait are told why. */
  end(reason: string): void;
}

/** How long a test waits for something that should come: far longer than anything takes, so that only what hangs fails. */
export const PATIENCE_MS = 20_000;

interface Waiting {
  readonly what: string;
  readonly fits: (message: Obj) => boolean;
  readonly resolve: (message: Obj) => void;
  readonly reject: (fault: Error) => void;
}

export function inbox(): Inbox {
  const messages: Obj[] = [];
  const taken = new Set<Obj>();
  const waiting = new Set<Waiting>();
  let over: string | undefined;

  return {
    messages,
    put(message) {
      messages.push(message);
      for (const one of waiting) {
        if (!one.fits(message)) continue;
        waiting.delete(one);
        taken.add(message);
        one.resolve(message);
        return;
      }
    },
    next(what, fits) {
      const here = messages.find((message) => !taken.has(message) && fits(message));
      if (here) {
        taken.add(here);
        return Promise.resolve(here);
      }
      if (over !== undefined) return Promise.reject(new Error(`waited for ${what}, but ${over}`));
      return new Promise((resolve, reject) => {
        const late = setTimeout(() => {
          waiting.delete(one);
          reject(new Error(`waited ${PATIENCE_MS} ms for ${what}; came so far: ${JSON.stringify(messages)}`));
        }, PATIENCE_MS);
        const settled = <T>(act: (value: T) => void): ((value: T) => void) => {
          return (value) => {
            clearTimeout(late);
            act(value);
          };
        };
        const one: Waiting = { what, fits, resolve: settled(resolve), reject: settled(reject) };
        waiting.add(one);
      });
    },
    end(reason) {
      over = reason;
      for (const one of waiting) one.reject(new Error(`waited for ${one.what}, but ${reason}`));
      waiting.clear();
    },
  };
}
