import type { Writable } from 'node:stream';

/** Resolves when a stream holds little of what was written to it, or will never take more. */
export function drained(stream: Writable): Promise<void> {
  if (!stream.writableNeedDrain) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      for (const event of ['drain', 'close'] as const) stream.off(event, done);
      resolve();
    };
    for (const event of ['drain', 'close'] as const) stream.on(event, done);
  });
}
