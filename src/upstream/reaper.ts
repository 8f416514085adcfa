import { type ChildProcess, spawn } from 'node:child_process';
import { Socket } from 'node:net';
import type { Writable } from 'node:stream';

/**
 * A dead man's switch for process groups: they are ended even when this process is killed and can do nothing any more.
 * One serves the whole gateway.
 */
export interface Reaper {
  watch(pgid: number): void;
  forget(pgid: number): void;
  /** Lets the watching process go; resolves when it went. Groups that are still watched are ended by it first. */
  close(): Promise<void>;
}

// Reads "+PGID" and "-PGID" until the pipe ends, which happens however the gateway dies; then ends what is still listed.
const SCRIPT = `trap '' TERM INT HUP QUIT PIPE
groups=' '
while IFS= read -r line; do
  group=\${line#[+-]}
  case $line in
    +*) groups="$groups$group " ;;
    -*) case $groups in *" $group "*) groups="\${groups%%" $group "*} \${groups#*" $group "}" ;; esac ;;
  esac
done
[ "$groups" = ' ' ] && exit 0
for group in $groups; do kill -s TERM -- "-$group"; done 2>/dev/null
sleep 1
for group in $groups; do kill -s KILL -- "-$group"; done 2>/dev/null
exit 0`;

/** Where the shell ends again and again, trying for ever would help nobody. */
const MAX_STARTS = 20;

/** Makes the switch; its process (`/bin/sh`) starts with the first group and again, with the list as it stands, if it dies. */
export function createReaper(): Reaper {
  const watched = new Set<number>();
  let shell: ChildProcess | undefined;
  let starts = 0;
  let closed = false;

  function start(): void {
    if (shell !== undefined || closed || starts >= MAX_STARTS) return;
    starts++;
    const started = spawn('/bin/sh', ['-c', SCRIPT, 'toolgate-reaper'], {
      detached: true,
      cwd: '/',
      env: { PATH: '/usr/bin:/bin' },
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    shell = started;
    const gone = () => {
      if (shell !== started) return;
      shell = undefined;
      // What could not even be started is tried again with the next group.
      if (watched.size > 0 && started.pid !== undefined) start();
    };
    started.once('error', gone);
    started.once('exit', gone);
    // It must never be what keeps the gateway running.
    started.unref();
    // Where the system has no more descriptors there is no pipe, whatever the types say.
    const pipe: Writable | undefined = started.stdin;
    pipe?.on('error', gone);
    if (pipe instanceof Socket) pipe.unref();
    for (const pgid of watched) say(`+${pgid}`);
  }

  function say(line: string): void {
    if (shell?.stdin?.writable) shell.stdin.write(`${line}\n`);
  }

  return {
    watch(pgid) {
      watched.add(pgid);
      if (shell === undefined) start();
      else say(`+${pgid}`);
    },
    forget(pgid) {
      if (watched.delete(pgid)) say(`-${pgid}`);
    },
    async close() {
      closed = true;
      const last = shell;
      if (last === undefined) return;
      const ended = Promise.withResolvers<void>();
      last.once('close', () => ended.resolve());
      last.once('error', () => ended.resolve());
      last.ref();
      last.stdin?.end();
      await ended.promise;
    },
  };
}
