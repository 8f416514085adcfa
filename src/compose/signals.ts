const STOPPING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Resolves with the first signal that asks the process to stop. A second one ends it at once, as by default. */
export function untilStopped(): Promise<string> {
  return new Promise((resolve) => {
    const stop = (signal: string): void => {
      for (const name of STOPPING) process.off(name, stop);
      resolve(signal);
    };
    for (const name of STOPPING) process.on(name, stop);
  });
}
