import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

/** Asks whoever sits at the terminal. */
export interface Prompt {
  /** Whether somebody sits there. */
  readonly isTerminal: boolean;
  /** One line as it is typed; without a terminal the next line of the input. Undefined where there is none: the input ended, or Ctrl-C. */
  line(question: string): Promise<string | undefined>;
  /** The same without showing what is typed. */
  hidden(question: string): Promise<string | undefined>;
}

type Input = NodeJS.ReadableStream & { readonly isTTY?: boolean };
type Output = NodeJS.WritableStream & { readonly isTTY?: boolean };

/** No line that a person types, or pipes in, is longer. */
const MOST_BYTES = 65_536;

/** Reads from `input`; questions go to `output`, which is not where results go. */
export function promptOn(input: Input, output: Output): Prompt {
  if (input.isTTY !== true || output.isTTY !== true) {
    const next = lineReader(input);
    return { isTerminal: false, line: next, hidden: next };
  }
  return {
    isTerminal: true,
    line: (question) => typedLine(input, output, question),
    async hidden(question) {
      output.write(question);
      const line = await typedLine(input, unseen(), '');
      output.write('\n');
      return line;
    },
  };
}

function typedLine(input: Input, output: Output, question: string): Promise<string | undefined> {
  const lines = createInterface({ input, output, terminal: true, historySize: 0 });
  return new Promise((resolve) => {
    lines.once('close', () => resolve(undefined));
    lines.once('SIGINT', () => lines.close());
    lines.question(question, (line) => {
      resolve(line);
      lines.close();
    });
  });
}

/** Where what is typed would be echoed. */
function unseen(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}

/** Takes no more from the input than it must, so that an input that stays open holds nothing up. */
function lineReader(input: Input): () => Promise<string | undefined> {
  let kept = Buffer.alloc(0);
  let isOver = false;
  const cut = (end: number): string => {
    const line = kept.toString('utf8', 0, end);
    kept = kept.subarray(end + 1);
    return line.endsWith('\r') ? line.slice(0, -1) : line;
  };
  const ready = (): string | undefined => {
    const end = kept.indexOf(10);
    if (end >= 0) return cut(end);
    return isOver && kept.length > 0 ? cut(kept.length) : undefined;
  };
  return () =>
    new Promise((resolve) => {
      const done = (line: string | undefined): void => {
        input.off('data', take);
        input.off('end', end);
        input.off('error', end);
        input.pause();
        resolve(line);
      };
      const take = (chunk: Buffer | string): void => {
        kept = Buffer.concat([kept, Buffer.from(chunk)]);
        const line = ready();
        if (line !== undefined) return done(line);
        if (kept.length <= MOST_BYTES) return;
        isOver = true;
        kept = Buffer.alloc(0);
        done(undefined);
      };
      const end = (): void => {
        isOver = true;
        done(ready());
      };
      const line = ready();
      if (line !== undefined || isOver) {
        resolve(line);
        return;
      }
      input.on('data', take);
      input.on('end', end);
      input.on('error', end);
      input.resume();
    });
}
