/** Milliseconds of the processor that an act takes on this thread: others may keep the machine busy meanwhile. */
export function cpuMs(act: () => unknown): number {
  const start = process.threadCpuUsage();
  act();
  return since(start);
}

/** The same of an act that ends later; what else the thread does until then counts with it. */
export async function cpuMsUntil(act: () => Promise<unknown>): Promise<number> {
  const start = process.threadCpuUsage();
  await act();
  return since(start);
}

function since(start: NodeJS.CpuUsage): number {
  const { user, system } = process.threadCpuUsage(start);
  return (user + system) / 1_000;
}
