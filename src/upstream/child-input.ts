import type { Writable } from 'node:stream';

/** How much may wait for a server that does not read. */
const MAX_WAITING_BYTES = 16 * 1024 * 1024;

type Accepted = { readonly kind: 'accepted' } | { readonly kind: 'refused'; readonly reason: string };

export interface ChildInput {
  /** Writes one line; `broke` is called if the pipe breaks before all of it was handed to the system. */
  write(line: string, broke: () => void): Accepted;
}

/** The writing side of a server's standard input: bounded, and one system call for all lines of a tick. */
export function childInput(stdin: Writable): ChildInput {
  let corked = false;

  function uncork(): void {
    corked = false;
    stdin.uncork();
  }

  return {
    write(line, broke) {
      if (!stdin.writable) return { kind: 'refused', reason: 'the server closed its input' };
      const waiting = stdin.writableLength;
      if (waiting > 0 && waiting + line.length > MAX_WAITING_BYTES) {
        return { kind: 'refused', reason: 'the server does not read its input: 16 MiB are waiting already' };
      }
      if (!corked) {
        corked = true;
        stdin.cork();
        process.nextTick(uncork);
      }
      stdin.write(`${line}\n`, (error) => {
        if (error) broke();
      });
      return { kind: 'accepted' };
    },
  };
}
