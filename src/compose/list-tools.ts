import { packageVersion } from '../cli/version.ts';
import type { WrapTarget } from '../cli/world.ts';
import { askTools } from '../gateway/ask-tools.ts';
import type { Upstream } from '../gateway/ports.ts';
import { loadSettings } from '../settings/load.ts';
import { problemLine } from '../settings/problem.ts';
import type { Json } from '../wire/json.ts';
import { systemClock } from './clock.ts';
import type { Terminal } from './serve.ts';
import { targetUpstream } from './target-upstream.ts';
import { Upstreams } from './upstreams.ts';

/** Someone waits at a terminal: shorter than a call may take. */
const MOST_MS = 60_000;
/** Of what a server wrote to its standard error the last lines, which most often say why it did not start. */
const MOST_LINES = 10;

/** What a server wrote last, to be told only if it does not list its tools. */
class LastLines {
  readonly #lines: string[] = [];

  keep(line: string): void {
    // It may have been started twice, once for each era.
    if (!this.#lines.includes(line)) this.#lines.push(line);
    if (this.#lines.length > MOST_LINES) this.#lines.shift();
  }

  fault(who: string, why: unknown): Error {
    const wrote = this.#lines.length === 0 ? '' : `; last it wrote: ${this.#lines.join(' | ')}`;
    return new Error(`${who} did not list its tools: ${why instanceof Error ? why.message : why}${wrote}`);
  }
}

/** Starts a server of a configuration, or connects to it, for its list of tools. Rejects with a fault that tells what the server wrote last. */
export async function listTools(
  config: string | undefined,
  server: string,
  terminal: Pick<Terminal, 'env'>,
): Promise<readonly Json[]> {
  if (config === undefined) throw new Error('there is no configuration to take the server from');
  const loaded = await loadSettings(config, terminal.env);
  if (loaded.kind === 'problems') throw new Error(loaded.problems.slice(0, 1).map(problemLine).join(''));
  const last = new LastLines();
  // None but this one is started, and its name is told once.
  const prefix = `server ${server}: `;
  const upstreams = new Upstreams((line) => last.keep(line.startsWith(prefix) ? line.slice(prefix.length) : line));
  // None is started before it is connected to.
  upstreams.apply(loaded.settings);
  const running = upstreams.get(server);
  if (running === undefined) throw new Error(`${config} has no server ${JSON.stringify(server)}`);
  try {
    const { upstream, settings } = running;
    return await ask(upstream, Math.min(settings.timeoutMs, MOST_MS));
  } catch (fault) {
    throw last.fault(`the server ${server}`, fault);
  } finally {
    await upstreams.close();
  }
}

/** Starts a server by its command, or connects to it, for its list of tools. Rejects with a fault that tells what the server wrote last. */
export async function listToolsOf(
  target: WrapTarget,
  { env }: Pick<Terminal, 'env'>,
  timeoutMs: number = MOST_MS,
): Promise<readonly Json[]> {
  const last = new LastLines();
  const keep = (line: string): void => last.keep(line);
  const upstream = targetUpstream(target, { env, onLog: keep, onChildLog: keep });
  try {
    return await ask(upstream, timeoutMs);
  } catch (fault) {
    throw last.fault('the server', fault);
  } finally {
    await upstream.close();
  }
}

async function ask(upstream: Upstream, timeoutMs: number): Promise<readonly Json[]> {
  // The clock's own timers keep nothing alive, and here nothing else may.
  const alive = setInterval(() => {}, MOST_MS);
  try {
    return await askTools({ upstream, clock: systemClock(), timeoutMs, version: packageVersion() });
  } finally {
    clearInterval(alive);
  }
}
