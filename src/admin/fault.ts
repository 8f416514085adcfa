/** Something that was asked for and is not done: an HTTP status, one sentence, and what to do about it. */
export interface Fault {
  readonly status: 400 | 401 | 403 | 404 | 405 | 408 | 409 | 413 | 415 | 422 | 429 | 500 | 503;
  readonly message: string;
  readonly remedy?: string | undefined;
  /** The desk's own word for it. */
  readonly kind?: string | undefined;
  /** Of what was sent, place by place. */
  readonly problems?: readonly { readonly pointer: string; readonly message: string }[] | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A value, or why there is none. */
export type Read<T> = { readonly kind: 'read'; readonly value: T } | { readonly kind: 'fault'; readonly fault: Fault };

export function read<T>(value: T): Read<T> {
  return { kind: 'read', value };
}

export function bad(message: string, remedy?: string): { readonly kind: 'fault'; readonly fault: Fault } {
  return { kind: 'fault', fault: { status: 400, message, remedy } };
}

export const NOT_PERMITTED: (allow: string) => Fault = (allow) => ({
  status: 405,
  message: `This takes ${allow} only.`,
  headers: { allow },
});

const STATUS_OF = {
  unknown: 404,
  forbidden: 403,
  over: 409,
  invalid: 422,
  none: 422,
  changed: 409,
  unwritable: 500,
} as const;

/** What the desk would not do. */
export function refusedByDesk({
  kind,
  reason,
}: {
  readonly kind: keyof typeof STATUS_OF;
  readonly reason: string;
}): Fault {
  return { status: STATUS_OF[kind], message: reason, kind };
}

export const TOO_MANY_GUESSES: Fault = {
  status: 429,
  message: 'Too many passphrases were tried.',
  remedy: 'Wait a minute, or show your token.',
  headers: { 'retry-after': '60' },
};

export const TOO_MANY_LOOKS: Fault = {
  status: 429,
  message: 'You have as many looks at the log open as one may have.',
  remedy: 'Fetch those answers to their end, then try again.',
  kind: 'busy',
  headers: { 'retry-after': '5' },
};

export const STORE_FAILED: Fault = {
  status: 503,
  message: 'The store cannot be used at this moment; nothing was decided.',
  remedy: 'Try again; the gateway’s log says why.',
  headers: { 'retry-after': '5' },
};

export const FAILED: Fault = {
  status: 500,
  message: 'The gateway failed on this request.',
  remedy: 'Look whether it had an effect before you try again; the gateway’s log says why.',
};
