import { connect, type Socket } from 'node:net';

/** The answer to one request, as text. */
export interface RawAnswer {
  readonly status: number;
  /** The whole answer: head and body, chunk sizes and all. */
  readonly text: string;
}

/** One HTTP/1.1 connection that is kept open; at most one request at a time. */
export interface RawHttp {
  /** Rejects when the connection ends before the answer is whole. */
  ask(request: string): Promise<RawAnswer>;
  /** Sends a request whose answer is a stream; resolves once its head came. `take` gets its text as it comes. */
  follow(request: string, take: (text: string) => void): Promise<RawAnswer>;
  /** Drops it without a word. */
  drop(): void;
}

interface Waiting {
  readonly take: ((text: string) => void) | undefined;
  resolve(answer: RawAnswer): void;
  reject(fault: Error): void;
}

/** A client that does as little as can be: ASCII only, and answers that are what they say. */
export function rawHttp(port: number): RawHttp {
  let pile = '';
  let waiting: Waiting | undefined;
  let following: ((text: string) => void) | undefined;
  const socket: Socket = connect(port, '127.0.0.1');
  socket.setNoDelay(true);
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => {
    if (following !== undefined) return following(chunk);
    pile = pile === '' ? chunk : pile + chunk;
    const end = endOfAnswer(pile, waiting?.take !== undefined);
    if (end === undefined || waiting === undefined) return;
    const { take, resolve } = waiting;
    waiting = undefined;
    following = take;
    const answer: RawAnswer = { status: Number(pile.slice(9, 12)), text: pile.slice(0, end) };
    const rest = pile.slice(end);
    pile = '';
    resolve(answer);
    if (rest !== '') take?.(rest);
  });
  const gone = (fault?: Error): void => waiting?.reject(fault ?? new Error('the connection ended before the answer'));
  socket.on('error', gone);
  socket.on('close', () => gone());

  function send(request: string, take: Waiting['take']): Promise<RawAnswer> {
    return new Promise((resolve, reject) => {
      if (socket.destroyed) return reject(new Error('the connection is closed'));
      waiting = { take, resolve, reject };
      socket.write(request, 'latin1');
    });
  }

  return {
    ask: (request) => send(request, undefined),
    follow: (request, take) => send(request, take),
    drop: () => void socket.destroy(),
  };
}

/** Where the answer ends, or the head of one that is followed; undefined while it is not there. */
function endOfAnswer(text: string, isFollowed: boolean): number | undefined {
  const head = text.indexOf('\r\n\r\n');
  if (head < 0) return undefined;
  const body = head + 4;
  // An error is whole, whoever follows.
  if (isFollowed && text.startsWith('HTTP/1.1 200')) return body;
  const length = /\r\ncontent-length: *(\d+)/i.exec(text.slice(0, body))?.[1];
  if (length !== undefined) return text.length >= body + Number(length) ? body + Number(length) : undefined;
  if (text.startsWith('HTTP/1.1 204')) return body;
  return text.endsWith('\r\n0\r\n\r\n') ? text.length : undefined;
}
