import type { WrapTarget } from '../cli/world.ts';
import { DEFAULT_LIMITS } from '../gateway/limits.ts';
import type { Upstream } from '../gateway/ports.ts';
import { commandUpstream } from '../upstream/command.ts';
import { remoteUpstream } from '../upstream/remote.ts';
import { answerLimits } from './upstreams.ts';

interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Takes what is to be told of a remote server. */
  onLog(line: string): void;
  /** Takes what a child writes to its standard error. */
  onChildLog(line: string): void;
}

/** The way to a server that a command line names; nothing is started or connected to before it is asked. */
export function targetUpstream(target: WrapTarget, { env, onLog, onChildLog }: Surroundings): Upstream {
  const { lineBytes } = DEFAULT_LIMITS;
  const read = answerLimits(DEFAULT_LIMITS);
  switch (target.kind) {
    case 'url': {
      const headers = Object.fromEntries([...target.headers].map(([name, value]) => [name, value.reveal()]));
      return remoteUpstream({ url: target.url, headers, maxBodyBytes: lineBytes, read, onLog });
    }
    case 'command':
      return commandUpstream({
        command: target.command,
        env: definedOnly(env),
        maxLineBytes: lineBytes,
        read,
        onLog: onChildLog,
      });
  }
}

/** The client started us with what the server needs, so the server gets what it would get without the gate. */
function definedOnly(env: Surroundings['env']): Record<string, string> {
  const given = Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined);
  // With it whoever is served could answer its own questions.
  return Object.fromEntries(given.filter(([name]) => name !== 'TOOLGATE_TOKEN'));
}
