import type { Readable, Writable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { FAILED_INSIDE } from '../gateway/door-texts.ts';
import type { Brake } from '../gateway/flow.ts';
import type { Front, Sink } from '../gateway/ports.ts';
import { receive } from '../gateway/receive.ts';
import { REFUSED } from '../gateway/refusal.ts';
import { refuseMessage } from '../gateway/refuse-message.ts';
import { NO_ROOM, type Session } from '../gateway/session.ts';
import type { JsonObject } from '../wire/json.ts';
import type { MessageId } from '../wire/message.ts';
import type { ReadLimits } from '../wire/read-json.ts';
import { INTERNAL_ERROR, PARSE_ERROR, type ReadMessage, readMessage } from '../wire/read-message.ts';
import { error } from '../wire/replies.ts';
import { writeJson } from '../wire/write-json.ts';
import { type Line, splitLines } from './lines.ts';

/** What may wait for a client that does not read; its server is held up long before, so only a broken client gets here. */
const MAX_WAITING_BYTES = 16 * 1024 * 1024;

/** The client's side of a `wrap`: one session, whose every message goes to the one output. */
export class StdioFront implements Front, Sink {
  readonly paramHeaders = undefined;
  readonly #output: Writable;
  readonly #over: (reason: string) => void;
  #flow: Brake | undefined;
  #hasLeft = false;

  constructor(output: Writable, over: (reason: string) => void) {
    this.#output = output;
    this.#over = over;
    output.on('drain', () => this.#flow?.release(this));
    output.once('close', () => this.#flow?.release(this));
    // A client that is gone takes nothing more; the end of its input ends the session.
    output.on('error', () => this.#flow?.release(this));
  }

  /** Slows this flow down while the client does not read. */
  slow(flow: Brake): void {
    this.#flow = flow;
  }

  attached(): boolean {
    return true;
  }

  push(message: JsonObject): boolean {
    if (this.#output.writableEnded || this.#output.destroyed) return false;
    if (this.#output.writableLength > MAX_WAITING_BYTES) {
      this.#over(`the client does not read: ${MAX_WAITING_BYTES} bytes wait for it`);
      return false;
    }
    if (!this.#output.write(`${writeJson(message)}\n`)) this.#flow?.hold(this);
    return true;
  }

  /** The client closed its side: answers on their way still go to it, but no call is sent any more for which a person was asked. */
  left(): void {
    this.#hasLeft = true;
  }

  /** There is one stream, open all the time. */
  open(): boolean {
    return !this.#output.writableEnded && !this.#output.destroyed;
  }

  isWaiting(): boolean {
    return !this.#hasLeft && this.open();
  }

  /** There is no way to come back to it. */
  pause(): void {}

  /** Resolves when the client has taken what waits for it, or is gone. */
  async ready(): Promise<void> {
    const output = this.#output;
    if (!output.writableNeedDrain || output.destroyed) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        output.off('drain', done);
        output.off('close', done);
        output.off('error', done);
        resolve();
      };
      output.on('drain', done);
      output.on('close', done);
      output.on('error', done);
    });
  }

  ended(reason: string): void {
    this.#over(reason);
  }
}

/** While so many requests wait, no further line is read. */
const MAX_IN_FLIGHT = 1_000;

/** A client that has closed its side gets this long for answers still on their way, as in `printf … | toolgate wrap`. */
const GRACE_MS = 3_000;

/** Reads the client's lines until its input ends; every line is one message. Resolves when all are answered, or soon after the end. */
export async function serveStdio(
  session: Session,
  front: StdioFront,
  input: Readable,
  maxLineBytes: number,
): Promise<void> {
  const { depth, nodes } = session.gate.limits();
  const limits: ReadLimits = { depth, nodes, numbers: 'exact' };
  const pending = new Set<Promise<void>>();
  front.slow(session.flow);
  for await (const line of splitLines(input, maxLineBytes)) {
    // Who does not read its answers is not asked for more questions.
    await front.ready();
    const read = readLine(line, limits);
    if (read === undefined) continue;
    const size = line.kind === 'line' ? line.text.length : 0;
    if (!session.hold(size)) {
      const reply = await refuseMessage(session, requestIn(read), REFUSED, NO_ROOM);
      if (reply !== undefined) front.push(reply);
      continue;
    }
    const done = answered(session, read, front).then((reply) => {
      session.release(size);
      if (reply !== undefined) front.push(reply);
      pending.delete(done);
    });
    if (!staysOpen(read)) pending.add(done);
    if (pending.size >= MAX_IN_FLIGHT) await Promise.race(pending);
  }
  front.left();
  const late = setTimeout(GRACE_MS, undefined, { ref: false });
  await Promise.race([Promise.all(pending), late]);
}

function requestIn(read: ReadMessage): { readonly id?: MessageId; readonly method?: string } {
  return read.kind === 'message' && read.message.kind === 'request' ? read.message : {};
}

/** A fault of the gateway itself ends the request, not the service. */
async function answered(session: Session, read: ReadMessage, front: StdioFront): Promise<JsonObject | undefined> {
  try {
    return await receive(session, read, front);
  } catch (fault) {
    session.gate.log(`a request failed inside the gateway: ${fault instanceof Error ? fault.stack : String(fault)}`);
    if (read.kind !== 'message' || read.message.kind !== 'request') return undefined;
    return error(read.message.id, { code: INTERNAL_ERROR, message: FAILED_INSIDE });
  }
}

function readLine(line: Line, limits: ReadLimits): ReadMessage | undefined {
  if (line.kind === 'fault') return { kind: 'fault', code: PARSE_ERROR, reason: line.reason, id: null };
  return line.text.trim() === '' ? undefined : readMessage(line.text, limits);
}

/** A subscription waits by its nature: nobody waits for its answer at the end. */
function staysOpen(read: ReadMessage): boolean {
  return read.kind === 'message' && read.message.kind === 'request' && read.message.method === 'subscriptions/listen';
}
