import { createHash } from 'node:crypto';
import type { Limits } from '../gateway/limits.ts';
import type { Upstream } from '../gateway/ports.ts';
import type { ServerSettings, Settings } from '../settings/settings.ts';
import { commandUpstream } from '../upstream/command.ts';
import { createReaper, type Reaper } from '../upstream/reaper.ts';
import { remoteUpstream } from '../upstream/remote.ts';
import type { ReadLimits } from '../wire/read-json.ts';

interface Running {
  readonly upstream: Upstream;
  readonly settings: ServerSettings;
  readonly fingerprint: string;
}

/** The servers behind the gateway, as the configuration in force has them. */
export class Upstreams {
  readonly #log: (line: string) => void;
  /** One for all servers; its shell starts with the first child. */
  readonly #reaper: Reaper = createReaper();
  #running = new Map<string, Running>();

  constructor(log: (line: string) => void) {
    this.#log = log;
  }

  get(server: string): Running | undefined {
    return this.#running.get(server);
  }

  /** Takes up a configuration. Gives the names of servers that are gone or changed, and their old upstreams to be closed. */
  apply(settings: Settings): ReadonlyMap<string, Upstream> {
    const before = this.#running;
    const after = new Map<string, Running>();
    for (const [name, server] of settings.servers) {
      const fingerprint = fingerprintOf(server, settings.limits);
      const same = before.get(name);
      const upstream = same?.fingerprint === fingerprint ? same.upstream : this.#make(server, settings.limits);
      after.set(name, { upstream, settings: server, fingerprint });
    }
    this.#running = after;
    const replaced = [...before].filter(([name, old]) => after.get(name)?.upstream !== old.upstream);
    return new Map(replaced.map(([name, old]) => [name, old.upstream]));
  }

  #make(server: ServerSettings, limits: Limits): Upstream {
    const { lineBytes } = limits;
    const read = answerLimits(limits);
    const onLog = (line: string): void => this.#log(`server ${server.name}: ${line}`);
    if (server.kind === 'url') {
      return remoteUpstream({
        url: server.url,
        headers: revealed(server.headers),
        maxBodyBytes: lineBytes,
        read,
        onLog,
      });
    }
    return commandUpstream({
      command: server.command,
      env: revealed(server.env),
      ...(server.cwd === undefined ? {} : { cwd: server.cwd }),
      maxLineBytes: lineBytes,
      read,
      onLog,
      reaper: this.#reaper,
    });
  }

  async close(): Promise<void> {
    await Promise.all([...this.#running.values()].map(({ upstream }) => upstream.close()));
    await this.#reaper.close();
  }
}

/** How much a server's message may hold. */
export function answerLimits({ depth, answerNodes }: Limits): ReadLimits {
  return { depth, nodes: answerNodes, numbers: 'keep' };
}

function revealed(secrets: ReadonlyMap<string, { reveal(): string }>): Record<string, string> {
  return Object.fromEntries([...secrets].map(([name, secret]) => [name, secret.reveal()]));
}

/** Of what a running server was started with; equal ones may go on. */
function fingerprintOf(server: ServerSettings, limits: Limits): string {
  const parts =
    server.kind === 'url'
      ? ['url', server.url, revealed(server.headers)]
      : ['command', server.command, revealed(server.env), server.cwd ?? ''];
  return createHash('sha256')
    .update(JSON.stringify([...parts, limits.lineBytes, answerLimits(limits)]))
    .digest('hex');
}
