import { packageVersion } from '../cli/version.ts';
import { askTools } from '../gateway/ask-tools.ts';
import { loadSettings } from '../settings/load.ts';
import { problemLine } from '../settings/problem.ts';
import type { Json } from '../wire/json.ts';
import { systemClock } from './clock.ts';
import type { Terminal } from './serve.ts';
import { Upstreams } from './upstreams.ts';

/** Someone waits at a terminal: shorter than a call may take. */
const MOST_MS = 60_000;

/** Starts a server of a configuration, or connects to it, for its list of tools. Rejects with a fault that one line explains. */
export async function listTools(
  config: string | undefined,
  server: string,
  terminal: Pick<Terminal, 'stderr' | 'env'>,
): Promise<readonly Json[]> {
  if (config === undefined) throw new Error('there is no configuration to take the server from');
  const loaded = await loadSettings(config, terminal.env);
  if (loaded.kind === 'problems') throw new Error(loaded.problems.slice(0, 1).map(problemLine).join(''));
  const upstreams = new Upstreams((line) => terminal.stderr.write(`toolgate: ${line}\n`));
  // None is started before it is connected to.
  upstreams.apply(loaded.settings);
  const running = upstreams.get(server);
  if (running === undefined) throw new Error(`${config} has no server ${JSON.stringify(server)}`);
  // The clock's own timers keep nothing alive, and here nothing else may.
  const alive = setInterval(() => {}, MOST_MS);
  try {
    const { upstream, settings } = running;
    const timeoutMs = Math.min(settings.timeoutMs, MOST_MS);
    return await askTools({ upstream, clock: systemClock(), timeoutMs, version: packageVersion() });
  } catch (fault) {
    throw new Error(`the server ${server} did not list its tools: ${fault instanceof Error ? fault.message : fault}`);
  } finally {
    clearInterval(alive);
    await upstreams.close();
  }
}
