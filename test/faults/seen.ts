import { objAt, textOf } from '../kit/json-rpc.ts';
import type { World } from './world.ts';

/** A latch: whoever awaits it goes on once it is opened. */
export function latch(): { readonly opened: Promise<void>; open(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
}

export function rule(answer: unknown): unknown {
  return objAt(objAt(objAt(answer, 'result'), '_meta'), 'toolgate/decision')['rule'];
}

export function said(answer: unknown): string {
  return textOf(objAt(answer, 'result')) || String(objAt(answer, 'error')['message']);
}

/** How the last call ended, by the log. */
export function outcome(world: World): unknown {
  return world.journal.records('outcome').at(-1)?.['kind'];
}

/** How many calls reached the server. */
export function heard(world: World): number {
  return world.journal.got('tools/call').length;
}
