import { untilStopped } from './signals.ts';

/** Waits that end early when the process is told to stop; what was told while nobody waited is not forgotten. */
export function pauser(): (ms: number) => Promise<'go on' | 'stop'> {
  let stopped: Promise<'stop'> | undefined;
  return async (ms) => {
    stopped ??= untilStopped().then(() => 'stop' as const);
    let timer: NodeJS.Timeout | undefined;
    const over = new Promise<'go on'>((resolve) => {
      timer = setTimeout(() => resolve('go on'), ms);
    });
    try {
      return await Promise.race([stopped, over]);
    } finally {
      clearTimeout(timer);
    }
  };
}
