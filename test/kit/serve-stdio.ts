import { appendFileSync } from 'node:fs';
import { readObj } from './json-rpc.ts';
import { converse, type ToolServer } from './tool-server.ts';

interface StdioOptions {
  /** Gets every line that arrives, byte for byte, before it is acted on. */
  readonly record?: string | undefined;
  /** Reads and records, and never answers. */
  readonly silent?: boolean;
}

/** Serves one client over stdin and stdout; the process ends when stdin does. */
export function serveStdio(server: ToolServer, options: StdioOptions = {}): void {
  const conversation = converse(server);
  const write = (text: string): void => void process.stdout.write(`${text}\n`);
  const carrier = {
    send: (message: object) => write(JSON.stringify(message)),
    garbage: write,
    die: (): Promise<never> => process.exit(7),
  };

  const takeLine = async (line: Buffer): Promise<void> => {
    if (options.record !== undefined) appendFileSync(options.record, Buffer.concat([line, Buffer.from('\n')]));
    const message = readObj(line.toString('utf8'));
    if (!message || options.silent) return;
    const answer = await conversation.receive(message, carrier);
    if (answer) write(JSON.stringify(answer));
  };

  let rest: Buffer = Buffer.alloc(0);
  process.stdin.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      void takeLine(rest.subarray(0, end));
      rest = rest.subarray(end + 1);
    }
  });
  process.stdin.on('end', () => process.exit(0));
  process.stdout.on('error', () => process.exit(0));
}
